#include "scenarios/loader/figure_sources.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "scenarios/loader/show_scenario.hpp"
#include "scenarios/loader/used_entries.hpp"
#include "sim/random_stream.hpp"

namespace fleetwatt::scenarios {

namespace {

constexpr const char* no_source = "no source given";

std::string text_at(const Node& table, const std::string& key) {
  const Node* node = table.child(key);
  return node == nullptr ? std::string() : node->text;
}

std::string source_of(const Node& table) {
  const std::string text = text_at(table, "source");
  return text.empty() ? no_source : text;
}

/// An entry of the scenario's own has the source of the one that it extends, unless it brings another.
std::string source_of_entry(const Node& entry) {
  const Node* source = entry.child("source");
  const bool own = entry.origin.kind != OriginKind::catalogue;
  if (!own || source == nullptr || source->origin.kind != OriginKind::catalogue) return source_of(entry);
  return fmt::format("{} (of {}, which it extends)", source_of(entry), text_at(entry, "extends"));
}

std::string file_name(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

/// "site.dallas.cooling.pue" to "site.*.cooling.pue"
std::string without_name(const std::string& path) {
  const auto keys = split_path(path);
  std::string text = keys.front();
  for (std::size_t i = 1; i < keys.size(); ++i) {
    const bool is_name = i == 1 && keys.front() != "scenario" && keys.front() != "routing";
    text = is_name || keys[i - 1] == "cluster" ? text + ".*" : join_path(text, keys[i]);
  }
  return text;
}

/// Lengths of requests: another law in the default's place, a trace that has its own, or images, which have none.
bool is_replaced(const LoadedScenario& loaded, const std::string& path) {
  const std::size_t demand = path.find(".demand.lengths.");
  const std::size_t law = path.rfind(".lognormal.");
  if (demand == std::string::npos || law == std::string::npos) return false;
  const auto is_set = [&](const std::string& other) { return loaded.document.find(other) != nullptr; };
  const std::string length = path.substr(0, law);
  const std::string service = path.substr(0, demand);
  return is_set(length + ".fixed") || is_set(length + ".quantiles") || is_set(service + ".demand.requests") ||
         is_set(service + ".diffusion");
}

class Sources {
 public:
  std::vector<FigureOrigin> rows;

  void add_entries(const LoadedScenario& loaded) {
    for (const auto& path : used_entries(loaded.scenario)) {
      const Node* entry = loaded.document.find(path);
      if (entry == nullptr) continue;
      rows.push_back({path, basis_of(*entry), source_of_entry(*entry)});
      const Node* figures = entry->child("figures");
      if (figures == nullptr) continue;
      for (const auto& [figure, node] : figures->table)
        rows.push_back({join_path(path, figure), basis_of(node), source_of(node)});
    }
  }

  void add_files(const LoadedScenario& loaded, const BuiltFleet& built) {
    for (const auto& file : loaded.sources)
      rows.push_back({file_name(file.file), "file", content_text("scenario file", sim::hash_of(file.text))});
    for (const auto& file : built.inputs)
      rows.push_back({file.written, "file", content_text("input file", file.content_hash)});
  }

  void add_given(const std::vector<ShownValue>& values) {
    for (const auto& value : values) {
      if (value.is_default || value.origin.starts_with("catalog/")) continue;
      const bool is_override = value.origin.starts_with("--set ");
      rows.push_back({value.path, "given", is_override ? value.origin : "scenario file, " + file_name(value.origin)});
    }
  }

  void add_defaults(const LoadedScenario& loaded, const std::vector<ShownValue>& values) {
    std::set<std::string> said;
    for (const auto& value : values) {
      if (!value.is_default || !value.is_figure || value.path.starts_with("catalog.")) continue;
      if (is_replaced(loaded, value.path)) continue;
      const std::string path = without_name(value.path);
      if (!said.insert(path).second) continue;
      rows.push_back({path, "default", value.source.empty() ? no_source : value.source});
    }
  }

 private:
  static std::string basis_of(const Node& table) {
    const std::string basis = text_at(table, "basis");
    return basis.empty() ? std::string(sim::name_of(sim::Basis::assumed)) : basis;
  }

  static std::string content_text(const char* what, std::uint64_t hash) {
    return fmt::format("{}, content {:016x}", what, hash);
  }
};

}  // namespace

std::vector<FigureOrigin> figure_sources(const LoadedScenario& loaded, const BuiltFleet& built) {
  const auto values = show_scenario(loaded);
  Sources sources;
  sources.add_entries(loaded);
  sources.add_files(loaded, built);
  sources.add_given(values);
  sources.add_defaults(loaded, values);
  return std::move(sources.rows);
}

}  // namespace fleetwatt::scenarios
