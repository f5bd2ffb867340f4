// Entries by name: their ids filled in, figures' bases looked up, aliases of regions resolved.
#pragma once

#include <optional>
#include <string>

#include "scenarios/schema/scenario.hpp"

namespace fleetwatt::scenarios {

[[nodiscard]] models::Accelerator accelerator_from(const Catalog& catalog, const std::string& name);
[[nodiscard]] models::Server server_from(const Catalog& catalog, const std::string& name);
[[nodiscard]] models::LanguageModel model_from(const Catalog& catalog, const std::string& name);
[[nodiscard]] models::EngineConstants engine_from(const Catalog& catalog, const std::string& name);

/// The catalogue's name of a region, from its name or an alias, whatever the case; empty where there is none.
[[nodiscard]] std::optional<std::string> region_named(const Catalog& catalog, const std::string& name);

/// The basis of one figure of an entry.
[[nodiscard]] sim::Basis basis_of(const Provenance& entry, sim::Basis entry_basis, const std::string& figure);

template <class Entry>
[[nodiscard]] std::vector<std::string> names_of(const std::map<std::string, Entry>& entries) {
  std::vector<std::string> names;
  for (const auto& [name, entry] : entries) names.push_back(name);
  return names;
}

}  // namespace fleetwatt::scenarios
