#include "scenarios/schema/json_schema.hpp"

#include <cmath>

#include "scenarios/schema/tables.hpp"

namespace fleetwatt::scenarios {

namespace {

using Json = nlohmann::ordered_json;

Json schema_of(const FieldSpec& field);

Json schema_of(const TableSpec& table) {
  Json json = {{"type", "object"}, {"description", table.meaning}, {"additionalProperties", false}};
  Json required = Json::array();
  for (const auto& field : table.fields) {
    json["properties"][field.key] = schema_of(field);
    if (field.options.required) required.push_back(field.key);
  }
  if (!required.empty()) json["required"] = required;
  return json;
}

Json number_schema(const char* type, const FieldOptions& options) {
  Json json = {{"type", type}};
  if (std::isfinite(options.range.low)) json["minimum"] = options.range.low;
  if (std::isfinite(options.range.high)) json["maximum"] = options.range.high;
  return json;
}

Json family_schema(const FieldSpec& field) {
  Json json;
  for (const auto& alternative : field.alternatives) {
    Json one = schema_of(*alternative.table);
    one["properties"]["family"] = {{"const", alternative.name.name}, {"description", alternative.name.meaning}};
    json["anyOf"].push_back(one);
  }
  return json;
}

Json type_schema(const FieldSpec& field) {
  switch (field.kind) {
    case ValueKind::number:
      return number_schema("number", field.options);
    case ValueKind::integer:
      return number_schema("integer", field.options);
    case ValueKind::boolean:
      return {{"type", "boolean"}};
    case ValueKind::text:
      return {{"type", "string"}};
    case ValueKind::duration:
      return {{"type", "string"}, {"pattern", "^-?([0-9.]+(ms|min|s|h|d|w))+$"}};
    case ValueKind::time:
      return {{"type", "string"}, {"format", "date-time"}};
    case ValueKind::texts:
      return {{"type", Json::array({"string", "array"})}, {"items", {{"type", "string"}}}};
    case ValueKind::numbers:
      return {{"type", "array"}, {"items", number_schema("number", field.options)}};
    case ValueKind::pairs:
      return {{"type", "array"},
              {"items", {{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 2}, {"maxItems", 2}}}};
    case ValueKind::name_or_shares:
      return {{"type", Json::array({"string", "object"})}, {"additionalProperties", {{"type", "number"}}}};
    case ValueKind::named_numbers:
      return {{"type", "object"}, {"additionalProperties", number_schema("number", field.options)}};
    case ValueKind::table:
      return schema_of(*field.table);
    case ValueKind::named_tables:
      return {{"type", "object"}, {"additionalProperties", schema_of(*field.table)}};
    case ValueKind::table_list:
      return {{"type", "array"}, {"items", schema_of(*field.table)}};
    case ValueKind::family:
      return family_schema(field);
    case ValueKind::choice:
      break;
  }
  Json json = {{"type", "string"}};
  for (const auto& choice : field.choices) json["enum"].push_back(choice.name);
  return json;
}

std::string description(const FieldSpec& field) {
  std::string text = field.options.meaning;
  if (!field.options.unit.symbol.empty()) text += " [" + std::string(field.options.unit.symbol) + "]";
  for (const auto& choice : field.choices) text += "; " + choice.name + ": " + choice.meaning;
  if (!field.options.source.empty()) text += " (" + field.options.source + ")";
  return text;
}

Json schema_of(const FieldSpec& field) {
  Json json = type_schema(field);
  json["description"] = description(field);
  return json;
}

}  // namespace

Json json_schema() {
  Json json = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "Fleetwatt scenario"}};
  json.update(schema_of(scenario_table()));
  json["properties"]["extends"] = {
      {"type", Json::array({"string", "array"})},
      {"items", {{"type", "string"}}},
      {"description", "scenario files that this one changes, relative to it; a later one wins"}};
  json["properties"]["unset"] = {{"type", Json::array({"string", "array"})},
                                 {"items", {{"type", "string"}}},
                                 {"description", "paths that are taken out of what was extended"}};
  return json;
}

}  // namespace fleetwatt::scenarios
