#include "scenarios/loader/build_fleet.hpp"

#include <algorithm>

#include "scenarios/loader/file_text.hpp"
#include "scenarios/loader/fleet_builder.hpp"
#include "sim/random_stream.hpp"

namespace fleetwatt::scenarios {

std::string FleetBuilder::input_name(const std::string& path, const std::string& written) const {
  return resolve_path(written, loaded.origin_of(path));
}

std::string FleetBuilder::input_text(const std::string& path, const std::string& written) {
  const Origin origin = loaded.origin_of(path);
  std::string text = read_named_file(resolve_path(written, origin), origin);
  // Two files may go by one relative path, each beside the file that names it.
  const std::uint64_t hash = sim::hash_of(text);
  const auto same = [&](const InputFile& input) { return input.written == written && input.content_hash == hash; };
  if (std::ranges::none_of(built.inputs, same)) built.inputs.push_back({written, hash, text.size()});
  return text;
}

void FleetBuilder::flag(const std::string& subject, const std::string& text) {
  const auto same = [&](const models::Flag& flag) { return flag.subject == subject && flag.text == text; };
  if (std::ranges::none_of(built.fleet.flags, same)) built.fleet.flags.push_back({subject, text});
}

namespace {

/// Paths that begin with `$`, wherever they stand, the first for each variable that is not set: one complaint a
/// variable. An engine's tables are looked up where it serves (engine_tables.cpp).
void check_variables(const std::string& key_of_node, const Node& node, LoadedScenario& loaded,
                     std::vector<std::string>& reported) {
  if (is_file_key(key_of_node, "") && node.kind == Node::Kind::text && node.text.starts_with('$')) {
    const std::string variable = node.text.substr(0, node.text.find('/'));
    if (std::ranges::find(reported, variable) != reported.end()) return;
    try {
      static_cast<void>(resolve_path(node.text, node.origin));
    } catch (const sim::InputError& error) {
      loaded.diagnostics.add(error);
      reported.push_back(variable);
    }
  }
  for (const auto& [key, child] : node.table) check_variables(key, child, loaded, reported);
}

}  // namespace

BuiltFleet build_fleet(LoadedScenario& loaded) {
  std::vector<std::string> reported;
  check_variables("", loaded.document, loaded, reported);
  loaded.diagnostics.require_none();
  FleetBuilder builder{.loaded = loaded, .built = {}, .region_index = {}, .site_index = {}, .cluster_index = {}};
  models::Fleet& fleet = builder.built.fleet;
  fleet.start = builder.header().start;
  fleet.hours = builder.hours();
  fleet.tick = builder.header().tick;
  fleet.ticks_per_peak_interval = static_cast<int>(builder.header().peak_interval / builder.header().tick);
  for (const auto& table : loaded.site_tables) {
    builder.built.inputs.push_back({table.written, sim::hash_of(table.text), table.text.size()});
  }
  build_regions(builder);
  build_sites(builder);
  build_clusters(builder);
  build_services(builder);
  loaded.diagnostics.require_none();
  return std::move(builder.built);
}

}  // namespace fleetwatt::scenarios
