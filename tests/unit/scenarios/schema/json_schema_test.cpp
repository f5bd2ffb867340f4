#include "scenarios/schema/json_schema.hpp"

#include <catch2/catch.hpp>

#include <cmath>

#include "scenarios/schema/tables.hpp"

using namespace fleetwatt::scenarios;
using Json = nlohmann::ordered_json;

namespace {

void check_table(const Json& schema, const TableSpec& table, const std::string& path, int& fields);

void check_field(const Json& schema, const FieldSpec& field, const std::string& path, int& fields) {
  INFO(path);
  ++fields;
  CHECK(schema.at("description").get<std::string>().find(field.options.meaning) != std::string::npos);
  if (field.kind == ValueKind::number || field.kind == ValueKind::integer) {
    CHECK(schema.at("type") == (field.kind == ValueKind::number ? "number" : "integer"));
    CHECK(schema.contains("minimum") == std::isfinite(field.options.range.low));
    if (schema.contains("minimum")) CHECK(schema.at("minimum") == field.options.range.low);
    if (schema.contains("maximum")) CHECK(schema.at("maximum") == field.options.range.high);
  }
  if (field.kind == ValueKind::choice) {
    std::vector<std::string> names;
    for (const auto& choice : field.choices) {
      names.push_back(choice.name);
      CHECK(schema.at("description").get<std::string>().find(choice.meaning) != std::string::npos);
    }
    CHECK(schema.at("enum").get<std::vector<std::string>>() == names);
  }
  if (field.kind == ValueKind::table) check_table(schema, *field.table, path, fields);
  if (field.kind == ValueKind::named_tables)
    check_table(schema.at("additionalProperties"), *field.table, path + ".NAME", fields);
  if (field.kind == ValueKind::table_list) check_table(schema.at("items"), *field.table, path + "[]", fields);
  if (field.kind == ValueKind::family) {
    REQUIRE(schema.at("anyOf").size() == field.alternatives.size());
    for (std::size_t i = 0; i < field.alternatives.size(); ++i) {
      const Json& alternative = schema.at("anyOf").at(i);
      CHECK(alternative.at("properties").at("family").at("const") == field.alternatives[i].name.name);
      check_table(alternative, *field.alternatives[i].table, path, fields);
    }
  }
}

void check_table(const Json& schema, const TableSpec& table, const std::string& path, int& fields) {
  INFO(path);
  CHECK(schema.at("type") == "object");
  CHECK(schema.at("additionalProperties") == false);
  std::vector<std::string> required;
  for (const auto& field : table.fields) {
    INFO(field.key);
    REQUIRE(schema.at("properties").contains(field.key));
    check_field(schema.at("properties").at(field.key), field, path + "." + field.key, fields);
    if (field.options.required) required.push_back(field.key);
  }
  CHECK(schema.value("required", std::vector<std::string>{}) == required);
}

}  // namespace

TEST_CASE("the JSON Schema has every field of every table, with meaning, range, names and what is required",
          "[schema]") {
  const Json schema = json_schema();
  CHECK(schema.at("$schema") == "https://json-schema.org/draft/2020-12/schema");
  int fields = 0;
  check_table(schema, scenario_table(), "", fields);
  CHECK(fields > 250);
}

TEST_CASE("the JSON Schema knows the two keys that are about files", "[schema]") {
  const Json schema = json_schema();
  CHECK(schema.at("properties").contains("extends"));
  CHECK(schema.at("properties").contains("unset"));
  CHECK(schema.at("properties").size() == scenario_table().fields.size() + 2);
}

TEST_CASE("units and sources stand in the descriptions", "[schema]") {
  const Json site = json_schema().at("properties").at("site").at("additionalProperties").at("properties");
  CHECK(site.at("it_capacity_mw").at("description").get<std::string>().find("[MW]") != std::string::npos);
  const Json supply = site.at("cooling").at("anyOf").at(0).at("properties").at("supply_air_c");
  CHECK(supply.at("description").get<std::string>().find("ASHRAE TC 9.9 (2021)") != std::string::npos);
  CHECK(supply.at("minimum") == 10.0);
  CHECK(supply.at("maximum") == 40.0);
}
