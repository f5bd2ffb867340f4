#include "scenarios/schema/json_schema.hpp"

#include <cmath>

#include "scenarios/schema/key_rules.hpp"
#include "scenarios/schema/required_keys.hpp"
#include "scenarios/schema/scenario.hpp"
#include "scenarios/schema/tables.hpp"

namespace fleetwatt::scenarios {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* time_pattern =
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?([Zz]|[+-][0-9]{2}:[0-9]{2})$";
constexpr const char* cluster_pattern = "^[^.]+[.][^.]+$";
constexpr const char* tolerance_pattern = "^(none|[0-9][^%]* ?%?|[.][0-9][^%]* ?%?)$";
/// As check_scenario.cpp has it: names stand in paths and in patterns.
constexpr const char* name_pattern = "^[^ \\t\\n.,*@/=\"'\\[\\]{}]+$";

Json number_schema(const char* type, const Range& range) {
  Json json = {{"type", type}};
  if (std::isfinite(range.low)) json["minimum"] = range.low;
  if (std::isfinite(range.high)) json["maximum"] = range.high;
  return json;
}

Json duration_schema(const Range& range) {
  const std::string sign = range.low < 0.0 ? "-?" : "";
  return {{"type", "string"}, {"pattern", "^" + sign + "([0-9]+[.]?[0-9]*(ms|min|s|h|d|w))+$"}};
}

Json pairs_schema() {
  const Json pair = Json::array({number_schema("number", {0, 1}), {{"type", "number"}}});
  return {{"type", "array"},
          {"minItems", 1},
          {"items", {{"type", "array"}, {"items", pair}, {"minItems", 2}, {"maxItems", 2}}}};
}

Json value_schema(const FieldSpec& field) {
  const Range& range = field.options.range;
  switch (field.kind) {
    case ValueKind::number:
      return number_schema("number", range);
    case ValueKind::integer:
      return number_schema("integer", range);
    case ValueKind::boolean:
      return {{"type", "boolean"}};
    case ValueKind::duration:
      return duration_schema(range);
    case ValueKind::time:
      return {{"type", "string"}, {"pattern", time_pattern}};
    case ValueKind::texts:
      return {{"type", Json::array({"string", "array"})}, {"items", {{"type", "string"}}}};
    case ValueKind::numbers:
      return {{"type", "array"}, {"items", number_schema("number", range)}};
    case ValueKind::pairs:
      return pairs_schema();
    case ValueKind::name_or_shares:
      return {{"type", Json::array({"string", "object"})}, {"additionalProperties", number_schema("number", {0, 1})}};
    case ValueKind::named_numbers:
      return {{"type", "object"}, {"additionalProperties", number_schema("number", range)}};
    default:
      return {{"type", "string"}};
  }
}

std::string description(const FieldSpec& field) {
  std::string text = field.options.meaning;
  if (!field.options.unit.symbol.empty()) text += " [" + std::string(field.options.unit.symbol) + "]";
  if (field.kind == ValueKind::duration && std::isfinite(field.options.range.high))
    text += "; a duration from " + toml_text(sim::Duration::from_s(field.options.range.low)) + " to " +
            toml_text(sim::Duration::from_s(field.options.range.high));
  for (const auto& choice : field.choices) text += "; " + choice.name + ": " + choice.meaning;
  for (const auto& alternative : field.alternatives)
    text += "; " + alternative.name.name + ": " + alternative.name.meaning;
  if (!field.options.source.empty()) text += " (" + field.options.source + ")";
  return text;
}

/// A default as JSON: what TOML writes is JSON but for times and tables.
Json default_of(const FieldSpec& field, const void* object) {
  const std::string text = object != nullptr && field.show ? field.show(object) : std::string();
  if (text.empty() || text == "\"\"" || text == "[]") return nullptr;
  if (field.kind == ValueKind::time) return text;
  return Json::parse(text, nullptr, false);
}

class Writer {
 public:
  explicit Writer(const EntryNames& names) : names_(names) {}

  /// `object` holds the defaults; null where there are none.
  Json table(const TableSpec& table, const std::string& path, const void* object) {
    Json json = {{"type", "object"}, {"description", table.meaning}, {"additionalProperties", false}};
    for (const auto& one : table.fields) json["properties"][one.key] = field(one, inner(path, one.key), object);
    for (const auto& rule : key_rules(path)) add_rule(json, rule);
    return json;
  }

 private:
  static std::string inner(const std::string& path, const std::string& key) {
    return path.empty() ? key : path + "." + key;
  }

  static void add_rule(Json& json, const KeyRule& rule) {
    for (std::size_t a = 0; rule.at_most_one && a < rule.keys.size(); ++a) {
      for (std::size_t b = a + 1; b < rule.keys.size(); ++b) {
        const Json both = {{"required", Json::array({rule.keys[a], rule.keys[b]})}};
        json["allOf"].push_back({{"not", both}, {"description", rule.text()}});
      }
    }
  }

  Json field(const FieldSpec& field, const std::string& path, const void* object) {
    Json json = type_of(field, path, object);
    json["description"] = description(field);
    return json;
  }

  Json type_of(const FieldSpec& field, const std::string& path, const void* object) {
    switch (field.kind) {
      case ValueKind::table:
        return inside(field, path, object);
      case ValueKind::named_tables: {
        Json json = {{"type", "object"}, {"additionalProperties", inside(field, path + ".*", object)}};
        if (!path.starts_with("catalog.") && path != "site_table" && path != "template")
          json["propertyNames"] = {{"pattern", name_pattern}};
        return json;
      }
      case ValueKind::table_list:
        return {{"type", "array"}, {"items", row(*field.table, inside(field, path + "[]", object), path + "[]")}};
      case ValueKind::family:
        return family(field, path);
      default:
        return value(field, path, object);
    }
  }

  /// Rows of a list are never merged with those of another file: each is whole.
  static Json row(const TableSpec& table, Json json, const std::string& path) {
    json["allOf"].push_back(required_keys(table, path));
    return json;
  }

  Json inside(const FieldSpec& field, const std::string& path, const void* object) {
    Json json;
    if (field.visit_defaults && object != nullptr)
      field.visit_defaults(object, [&](const std::string&, const TableSpec& described, const void* fresh) {
        json = table(described, path, path.starts_with("catalog.") ? nullptr : fresh);
      });
    return json.is_null() ? table(*field.table, path, nullptr) : json;
  }

  /// The keys of all alternatives; once `family` is there, those of its own alone.
  Json family(const FieldSpec& field, const std::string& path) {
    Json properties, rules, names;
    field.visit_defaults(nullptr, [&](const std::string& name, const TableSpec& described, const void* fresh) {
      names.push_back(name);
      const Json whole = table(described, path, fresh);
      for (const auto& [key, one] : whole.at("properties").items()) properties[key] = one;
      const Json names_it = {{"properties", {{"family", {{"const", name}}}}}, {"required", Json::array({"family"})}};
      rules.push_back({{"if", names_it}, {"then", only_keys_of(described)}});
    });
    properties["family"] = {
        {"type", "string"}, {"enum", names}, {"default", names.front()}, {"description", description(field)}};
    return {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}, {"allOf", rules}};
  }

  Json value(const FieldSpec& field, const std::string& path, const void* object) {
    Json json = value_schema(field);
    for (const auto& choice : field.choices) json["enum"].push_back(choice.name);
    if (path == "service.*.runs_on") json["items"]["pattern"] = json["pattern"] = cluster_pattern;
    if (path == "expect[].tolerance") json["pattern"] = tolerance_pattern;
    Json known = Json::array();
    for (const auto& kind : kinds_named_by(path)) {
      const auto found = names_.find(kind);
      if (found == names_.end()) continue;
      for (const auto& name : found->second) known.push_back(name);
    }
    if (!known.empty()) json["anyOf"] = Json::array({{{"enum", known}}, {{"type", json.at("type")}}});
    const Json present = default_of(field, object);
    const bool is_valid =
        !present.is_number() || (present >= field.options.range.low && present <= field.options.range.high);
    if (!present.is_null() && !present.is_discarded() && is_valid) json["default"] = present;
    return json;
  }

  const EntryNames& names_;
};

Json paths_schema(const char* meaning) {
  return {{"type", Json::array({"string", "array"})},
          {"items", {{"type", "string"}}},
          {"minItems", 1},
          {"description", meaning}};
}

}  // namespace

Json json_schema(const EntryNames& names) {
  Json json = {{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "Fleetwatt scenario"}};
  const Scenario defaults;
  json.update(Writer(names).table(scenario_table(), "", &defaults));
  json["properties"]["extends"] =
      paths_schema("scenario files that this one changes, relative to it, key by key; a later one wins");
  json["properties"]["unset"] =
      paths_schema("paths that are taken out of what was extended, such as site.dallas; a name with dots in quotes");
  json["allOf"] = whole_file_rules();
  return json;
}

}  // namespace fleetwatt::scenarios
