#include "scenarios/loader/load_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "scenarios/catalog/catalog_files.hpp"
#include "scenarios/loader/check_scenario.hpp"
#include "scenarios/loader/defaults.hpp"
#include "scenarios/loader/effect.hpp"
#include "scenarios/loader/file_text.hpp"
#include "scenarios/loader/given_figures.hpp"
#include "scenarios/loader/merge.hpp"
#include "scenarios/loader/overrides.hpp"
#include "scenarios/loader/site_tables.hpp"
#include "scenarios/loader/toml_reader.hpp"
#include "scenarios/schema/tables.hpp"

namespace fleetwatt::scenarios {

namespace {

Node catalog_document() {
  Node catalog;
  catalog.origin.kind = OriginKind::catalogue;
  for (const auto& file : catalog_files()) {
    merge(catalog, read_toml(std::string(file.text), fmt::format("catalog/{}", file.name), OriginKind::catalogue));
  }
  Node document;
  document.table.emplace("catalog", std::move(catalog));
  return document;
}

/// Reads a file and, before it, those that it extends.
class FileStack {
 public:
  explicit FileStack(ScenarioFiles& files) : files_(files) {}

  void lay(const std::string& path, OriginKind kind) {
    const std::string text = read_file(path);
    files_.diagnostics.add_source(path, text);
    Node node = read_toml(text, path, kind);
    open_.push_back(std::filesystem::weakly_canonical(path).string());
    lay_bases(node);
    open_.pop_back();
    node.table.erase("extends");
    const auto removed = node.table.extract("unset");
    if (!removed.empty()) unset(files_.document, removed.mapped(), files_.diagnostics);
    merge(files_.document, node, &scenario_table());
    files_.sources.push_back({path, text});
  }

 private:
  void lay_bases(const Node& node) {
    const Node* extends = node.child("extends");
    if (extends == nullptr) return;
    std::vector<const Node*> bases;
    if (extends->kind == Node::Kind::text) bases.push_back(extends);
    for (const auto& element : extends->array) bases.push_back(&element);
    if (bases.empty())
      files_.diagnostics.error(extends->origin, fmt::format("`extends` is {}", describe(*extends)),
                               "needed: a path, or a list of paths");
    for (const Node* base : bases) lay_base(*base);
  }

  void lay_base(const Node& base) {
    if (base.kind != Node::Kind::text) {
      files_.diagnostics.error(base.origin, fmt::format("`extends` holds {}", describe(base)), "needed: paths as text");
      return;
    }
    const std::string path = resolve_path(base.text, base.origin);
    const std::string canonical = std::filesystem::weakly_canonical(path).string();
    if (std::ranges::find(open_, canonical) != open_.end()) {
      files_.diagnostics.error(base.origin, fmt::format("`extends` goes in a circle: {} is being read already", path),
                               "end the circle");
      return;
    }
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
      const char* why = std::filesystem::exists(path, error) ? "which is no file" : "which is not there";
      files_.diagnostics.error(base.origin, fmt::format("`extends` names {}, {}", path, why),
                               "paths are relative to the file in which they stand");
      return;
    }
    lay(path, OriginKind::base_file);
  }

  ScenarioFiles& files_;
  std::vector<std::string> open_;  ///< canonical paths from the scenario down to the file being read
};

/// A scenario that is not there is a slip of whoever named it, not a fault of the disk.
void require_file(const std::string& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) return;
  Diagnostics diagnostics;
  diagnostics.error({OriginKind::command_line, {path, 0, 0}, 1}, "there is no such file",
                    "name a scenario file, such as scenarios/library/two-regions/built-in.toml");
  diagnostics.require_none();
}

}  // namespace

Origin LoadedScenario::origin_of(const std::string& path) const {
  const Node* node = &document;
  Origin origin = document.origin;
  for (const auto& key : split_path(path)) {
    node = node->child(key);
    if (node == nullptr) return origin;
    origin = node->origin;
  }
  return origin;
}

Catalog built_in_catalog() {
  Node document = catalog_document();
  Diagnostics diagnostics;
  resolve_catalog_extends(document, diagnostics);
  Scenario scenario;
  ReadContext context{diagnostics, ""};
  read_table(scenario_table(), document, &scenario, context);
  return scenario.catalog;
}

ScenarioFiles read_scenario_files(const std::string& path) {
  require_file(path);
  ScenarioFiles files;
  files.document = catalog_document();
  FileStack(files).lay(path, OriginKind::file);
  return files;
}

LoadedScenario load_scenario(ScenarioFiles files, const std::vector<std::string>& overrides) {
  LoadedScenario loaded;
  loaded.document = std::move(files.document);
  loaded.sources = std::move(files.sources);
  loaded.diagnostics = std::move(files.diagnostics);
  loaded.overrides = overrides;
  // What shapes the sites of a table comes before they are made, everything else after.
  const auto shapes_tables = [](const std::string& text) {
    return text.starts_with("template.") || text.starts_with("site_table.");
  };
  std::vector<std::string> before, after;
  for (const auto& text : overrides) (shapes_tables(text) ? before : after).push_back(text);
  apply_overrides(loaded.document, before, loaded.diagnostics);
  loaded.site_tables = expand_site_tables(loaded.document, loaded.diagnostics);
  apply_overrides(loaded.document, after, loaded.diagnostics);
  resolve_catalog_extends(loaded.document, loaded.diagnostics);
  ReadContext context{loaded.diagnostics, ""};
  read_table(scenario_table(), loaded.document, &loaded.scenario, context, {"extends", "unset"});
  mark_given_figures(loaded);
  fill_defaults(loaded);
  check_scenario(loaded);
  if (!loaded.diagnostics.any()) check_effect(loaded);
  loaded.diagnostics.require_none();
  return loaded;
}

LoadedScenario load_scenario(const std::string& path, const std::vector<std::string>& overrides) {
  return load_scenario(read_scenario_files(path), overrides);
}

}  // namespace fleetwatt::scenarios
