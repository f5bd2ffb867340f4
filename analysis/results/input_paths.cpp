#include "analysis/results/input_paths.hpp"

#include "scenarios/loader/file_text.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

using scenarios::Node;

void add_named(const Node& node, const std::string& key, const std::string& key_above,
               std::vector<std::string>& paths) {
  if (node.kind == Node::Kind::text && scenarios::is_file_key(key, key_above)) {
    try {
      paths.push_back(scenarios::resolve_path(node.text, node.origin));
    } catch (const sim::InputError&) {
      return;
    }
  }
  for (const auto& [name, child] : node.table) add_named(child, name, key, paths);
  for (const auto& child : node.array) add_named(child, key, key_above, paths);
}

}  // namespace

std::vector<std::string> input_paths(const scenarios::LoadedScenario& loaded) {
  std::vector<std::string> paths;
  for (const auto& source : loaded.sources) paths.push_back(source.file);
  for (const auto& table : loaded.site_tables) paths.push_back(table.file);
  add_named(loaded.document, "", "", paths);
  return paths;
}

}  // namespace fleetwatt::analysis
