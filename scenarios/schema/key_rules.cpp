#include "scenarios/schema/key_rules.hpp"

#include <fmt/format.h>

#include <utility>

namespace fleetwatt::scenarios {

namespace {

using Rows = std::vector<std::pair<std::string, KeyRule>>;

const Rows& rows() {
  static const KeyRule jobs{{"log", "synthetic"}, true, true};
  static const KeyRule law{{"fixed", "lognormal", "quantiles"}, true, false};
  static const Rows all = {{"site.*.cluster.*.jobs", jobs},
                           {"template.*.cluster.*.jobs", jobs},
                           {"service.*", {{"kv_cache_tokens", "kv_cache_blocks"}, true, false}},
                           {"service.*.demand", {{"mean_requests_per_s", "requests"}, true, true}},
                           {"service.*.demand.lengths.prompt", law},
                           {"service.*.demand.lengths.output", law},
                           {"region.*", {{"carbon_intensity_g_per_kwh", "carbon"}, true, false}},
                           {"region.*", {{"price_usd_per_mwh", "price"}, true, false}},
                           {"expect[]", {{"value", "at_least", "at_most"}, false, true}},
                           {"expect[]", {{"tolerance", "at_least"}, true, false}},
                           {"expect[]", {{"tolerance", "at_most"}, true, false}}};
  return all;
}

}  // namespace

std::string KeyRule::text() const {
  std::string list;
  for (const auto& key : keys) list += (list.empty() ? "`" : ", `") + key + "`";
  const char* how_many = !at_most_one ? "at least one of" : at_least_one ? "one of" : "at most one of";
  return fmt::format("{} {}", how_many, list);
}

std::vector<KeyRule> key_rules(std::string_view path) {
  std::vector<KeyRule> rules;
  for (const auto& [table, rule] : rows()) {
    if (table == path) rules.push_back(rule);
  }
  return rules;
}

std::vector<std::string> paths_with_key_rules() {
  std::vector<std::string> paths;
  for (const auto& [table, rule] : rows()) paths.push_back(table);
  return paths;
}

}  // namespace fleetwatt::scenarios
