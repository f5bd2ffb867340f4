#include "scenarios/schema/json_schema.hpp"

#include <catch2/catch.hpp>

#include <cmath>

#include "scenarios/schema/entry_names.hpp"
#include "scenarios/schema/key_rules.hpp"
#include "scenarios/schema/scenario.hpp"
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
    REQUIRE(schema.at("allOf").size() == field.alternatives.size());
    for (std::size_t i = 0; i < field.alternatives.size(); ++i) {
      const auto& [name, table] = field.alternatives[i];
      CHECK(schema.at("properties").at("family").at("enum").at(i) == name.name);
      CHECK(schema.at("allOf").at(i).at("if").at("properties").at("family").at("const") == name.name);
      CHECK(schema.at("allOf").at(i).at("then").at("properties").size() == table->fields.size() + 1);
      for (const auto& one : table->fields)
        check_field(schema.at("properties").at(one.key), one, path + "." + one.key, fields);
    }
  }
}

void check_table(const Json& schema, const TableSpec& table, const std::string& path, int& fields) {
  INFO(path);
  CHECK(schema.at("type") == "object");
  CHECK(schema.at("additionalProperties") == false);
  for (const auto& field : table.fields) {
    INFO(field.key);
    REQUIRE(schema.at("properties").contains(field.key));
    check_field(schema.at("properties").at(field.key), field, path + "." + field.key, fields);
  }
}

/// The schema of the table at a path of `properties`, `*` for any name.
Json at_path(const Json& schema, const std::string& path) {
  Json here = schema;
  for (const auto& key : split_path(path)) {
    here = key == "*"            ? Json(here.at("additionalProperties"))
           : key.ends_with("[]") ? Json(here.at("properties").at(key.substr(0, key.size() - 2)).at("items"))
                                 : Json(here.at("properties").at(key));
  }
  return here;
}

}  // namespace

TEST_CASE("the JSON Schema has every field of every table, with meaning, range and names", "[schema]") {
  const Json schema = json_schema();
  CHECK(schema.at("$schema") == "http://json-schema.org/draft-07/schema#");
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

TEST_CASE("what a site and a service need is asked of files that stand alone", "[schema]") {
  const Json rules = json_schema().at("allOf");
  REQUIRE(rules.size() == 2);
  CHECK(rules.at(0).at("if").at("required") == Json::array({"extends"}));
  const Json service = at_path(rules.at(0).at("else"), "service.*");
  CHECK(service.at("required") == Json::array({"model", "runs_on", "demand"}));
  CHECK(at_path(rules.at(1).at("else"), "site.*").at("required") == Json::array({"region"}));
  CHECK_FALSE(rules.at(0).at("else").at("properties").contains("site"));
}

TEST_CASE("units, sources and defaults stand beside the keys", "[schema]") {
  const Json schema = json_schema();
  CHECK(at_path(schema, "site.*.it_capacity_mw").at("description").get<std::string>().find("[MW]") !=
        std::string::npos);
  const Json supply = at_path(schema, "site.*.cooling.supply_air_c");
  CHECK(supply.at("description").get<std::string>().find("ASHRAE TC 9.9 (2021)") != std::string::npos);
  CHECK(supply.at("minimum") == 10.0);
  CHECK(supply.at("maximum") == 40.0);
  CHECK(supply.at("default") == fleetwatt::models::TowerEconomizer{}.supply_air_c);
  CHECK(at_path(schema, "scenario.duration").at("default") == "3d");
  CHECK(at_path(schema, "scenario.start").at("default") == "2024-07-15T00:00:00Z");
  CHECK(at_path(schema, "site.*.cluster.*.nodes").at("default") == 1);
  CHECK(at_path(schema, "site.*.power.redundancy").at("default") == "N+1");
  CHECK(at_path(schema, "service.*.demand.lengths.prompt.lognormal.median").at("default") == 1000.0);
  CHECK(at_path(schema, "service.*.demand.attachments.encoder_ms").at("default") == 25.0);
  CHECK_FALSE(at_path(schema, "service.*.slo.ttft_p99_s").contains("default"));
}

TEST_CASE("names of entries are offered, and others allowed", "[schema]") {
  const Json schema = json_schema({{"model", {"a-model"}}, {"diffusion_model", {"b-model"}}});
  const Json model = at_path(schema, "service.*.model");
  CHECK(model.at("anyOf") == Json::parse(R"([{"enum": ["a-model", "b-model"]}, {"type": "string"}])"));
  CHECK_FALSE(at_path(schema, "service.*.engine").contains("anyOf"));
}

TEST_CASE("keys that name entries, and rules between keys, are keys of the format", "[schema]") {
  for (const auto& path : paths_that_name_entries()) {
    INFO(path);
    CHECK(find_field(path).field != nullptr);
    for (const auto& kind : kinds_named_by(path)) CHECK(catalog_table().find(kind) != nullptr);
  }
  for (const auto& path : paths_with_key_rules()) {
    INFO(path);
    const std::string table = path.ends_with("[]") ? path.substr(0, path.size() - 2) : path;
    for (const auto& rule : key_rules(path)) {
      for (const auto& key : rule.keys) CHECK(find_field(table + "." + key).field != nullptr);
    }
  }
}
