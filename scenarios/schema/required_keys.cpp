#include "scenarios/schema/required_keys.hpp"

#include "scenarios/schema/key_rules.hpp"
#include "scenarios/schema/tables.hpp"

namespace fleetwatt::scenarios {

namespace {

using Json = nlohmann::ordered_json;

Json has(const std::string& key) {
  return {{"required", Json::array({key})}};
}

Json required_in(const FieldSpec& field, const std::string& path) {
  switch (field.kind) {
    case ValueKind::table:
      return required_keys(*field.table, path);
    case ValueKind::named_tables: {
      const Json inside = required_keys(*field.table, path + ".*");
      return inside.empty() ? inside : Json{{"additionalProperties", inside}};
    }
    case ValueKind::family:  // without the key, it is the first
      return {{"if", has("family")}, {"else", only_keys_of(*field.alternatives.front().table)}};
    default:
      return Json::object();
  }
}

Json any_of_keys(const std::vector<std::string>& keys) {
  Json any = Json::array();
  for (const auto& key : keys) any.push_back(has(key));
  return any;
}

}  // namespace

Json only_keys_of(const TableSpec& alternative) {
  Json json = {{"properties", {{"family", Json::object()}}}, {"additionalProperties", false}};
  for (const auto& key : alternative.keys()) json["properties"][key] = Json::object();
  return json;
}

Json required_keys(const TableSpec& table, const std::string& path) {
  Json json = Json::object();
  for (const auto& field : table.fields) {
    if (field.options.required) json["required"].push_back(field.key);
    const Json inside = required_in(field, path.empty() ? field.key : path + "." + field.key);
    if (!inside.empty()) json["properties"][field.key] = inside;
  }
  for (const auto& rule : key_rules(path)) {
    if (rule.at_least_one) json["allOf"].push_back({{"anyOf", any_of_keys(rule.keys)}, {"description", rule.text()}});
  }
  if (json.empty() || table.find("extends") == nullptr) return json;
  return {{"if", has("extends")}, {"else", json}};
}

Json whole_file_rules() {
  Json sites = {{"properties", Json::object()}};
  Json others = required_keys(scenario_table(), "");
  sites["properties"]["site"] = others.at("properties").at("site");
  others["properties"].erase("site");
  const Json has_more = {{"anyOf", Json::array({has("extends"), has("site_table")})}};
  return Json::array({{{"if", has("extends")}, {"else", others}}, {{"if", has_more}, {"else", sites}}});
}

}  // namespace fleetwatt::scenarios
