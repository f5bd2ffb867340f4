#include "scenarios/loader/catalog_lookup.hpp"

#include <algorithm>
#include <cctype>

namespace fleetwatt::scenarios {

namespace {

bool same_word(const std::string& a, const std::string& b) {
  const auto lower = [](unsigned char c) { return std::tolower(c); };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

sim::Basis basis_of(const Provenance& entry, sim::Basis entry_basis, const std::string& figure) {
  const auto found = entry.figures.find(figure);
  return found == entry.figures.end() ? entry_basis : found->second.basis;
}

models::Accelerator accelerator_from(const Catalog& catalog, const std::string& name) {
  const AcceleratorEntry& entry = catalog.accelerator.at(name);
  auto accelerator = static_cast<const models::Accelerator&>(entry);
  accelerator.id = name;
  accelerator.idle_basis = basis_of(entry, entry.basis, "idle_w");
  accelerator.training_basis =
      sim::weakest(basis_of(entry, entry.basis, "tdp_w"), basis_of(entry, entry.basis, "training_power_fraction"));
  return accelerator;
}

models::Server server_from(const Catalog& catalog, const std::string& name) {
  const ServerEntry& entry = catalog.server.at(name);
  auto server = static_cast<const models::Server&>(entry);
  server.id = name;
  server.basis = sim::weakest(basis_of(entry, entry.basis, "host_idle_kw"), basis_of(entry, entry.basis, "host_slope"));
  return server;
}

models::LanguageModel model_from(const Catalog& catalog, const std::string& name) {
  auto model = static_cast<const models::LanguageModel&>(catalog.model.at(name));
  model.id = name;
  return model;
}

models::EngineConstants engine_from(const Catalog& catalog, const std::string& name) {
  auto engine = static_cast<const models::EngineConstants&>(catalog.engine.at(name));
  engine.id = name;
  return engine;
}

std::optional<std::string> region_named(const Catalog& catalog, const std::string& name) {
  if (catalog.region.contains(name)) return name;
  for (const auto& [region, entry] : catalog.region) {
    if (same_word(region, name)) return region;
    for (const auto& alias : entry.aliases) {
      if (same_word(alias, name)) return region;
    }
  }
  return std::nullopt;
}

}  // namespace fleetwatt::scenarios
