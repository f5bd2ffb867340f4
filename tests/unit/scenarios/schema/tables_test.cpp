// A walk over every table of the format: what each description must have, and that the defaults of the structs pass it.
#include "scenarios/schema/tables.hpp"

#include <catch2/catch.hpp>

#include <set>

#include "scenarios/loader/toml_reader.hpp"
#include "scenarios/schema/scenario.hpp"

using namespace fleetwatt;
using namespace fleetwatt::scenarios;

namespace {

using FieldVisitor = std::function<void(const std::string& table, const FieldSpec& field)>;

void walk(const TableSpec& table, const std::string& path, std::set<const TableSpec*>& seen,
          const FieldVisitor& visit) {
  if (!seen.insert(&table).second) return;
  for (const auto& field : table.fields) {
    visit(path, field);
    if (field.table != nullptr) walk(*field.table, path + "." + field.key, seen, visit);
    for (const auto& alternative : field.alternatives) walk(*alternative.table, path + "." + field.key, seen, visit);
  }
}

/// Every field of every table, once.
void for_each_field(const FieldVisitor& visit) {
  std::set<const TableSpec*> seen;
  walk(scenario_table(), "scenario file", seen, visit);
  REQUIRE(seen.size() > 20);
}

/// A scenario with one of everything that has defaults.
Scenario one_of_everything() {
  Scenario scenario;
  SiteSpec& site = scenario.site["s"];
  site.weather.emplace();
  site.cluster["c"].jobs.emplace().synthetic.emplace();
  scenario.site["static"].cooling = models::StaticPue{};
  ServiceSpec& service = scenario.service["v"];
  service.demand.requests.emplace();
  scenario.service["other"].demand.lengths.prompt.lognormal = LogNormalSpec{};
  scenario.region["r"].carbon.emplace();
  scenario.region["r"].price.emplace();
  scenario.expect.emplace_back();
  return scenario;
}

/// Shows each value and reads it back.
void read_back(const TableSpec& table, void* object, const std::string& path, ReadContext& context, int& values) {
  for (const auto& field : table.fields) {
    if (field.key == "catalog") continue;  // there, 0 says absent
    const std::string field_path = join_path(path, field.key);
    if (field.visit_tables) {
      field.visit_tables(object, [&](const std::string& name, const TableSpec& inside, const void* inner) {
        read_back(inside, const_cast<void*>(inner), name.empty() ? field_path : join_path(field_path, name), context,
                  values);
      });
      continue;
    }
    const std::string shown = field.show(object);
    if (shown.empty()) continue;
    context.path = field_path;
    field.read(read_toml_value(shown, {OriginKind::file, {field_path, 0, 0}, 1}), object, context);
    INFO(field_path << " = " << shown);
    CHECK(field.show(object) == shown);
    ++values;
  }
}

}  // namespace

TEST_CASE("every key has a meaning and a lower-case name, each once in its table", "[schema]") {
  for_each_field([](const std::string& table, const FieldSpec& field) {
    INFO(table << " . " << field.key);
    CHECK_FALSE(field.options.meaning.empty());
    CHECK(field.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos);
    CHECK(field.read != nullptr);
    CHECK((field.show != nullptr || field.visit_tables != nullptr));
    CHECK(field.options.range.low < field.options.range.high);
  });
  std::set<const TableSpec*> tables;
  for_each_field([&](const std::string&, const FieldSpec& field) {
    if (field.table != nullptr) tables.insert(field.table);
    for (const auto& alternative : field.alternatives) tables.insert(alternative.table);
  });
  for (const TableSpec* table : tables) {
    const auto keys = table->keys();
    CHECK(std::set<std::string>(keys.begin(), keys.end()).size() == keys.size());
    CHECK_FALSE(table->meaning.empty());
  }
}

TEST_CASE("the suffix of a key and its unit agree, and the unit is of the closed list", "[schema]") {
  for_each_field([](const std::string& table, const FieldSpec& field) {
    const Unit& unit = field.options.unit;
    INFO(table << " . " << field.key << " [" << unit.symbol << "]");
    CHECK(std::ranges::any_of(units::all, [&](const Unit& known) {
      return known.symbol == unit.symbol && known.suffix == unit.suffix && known.si_factor == unit.si_factor;
    }));
    CHECK(field.key.ends_with(unit.suffix));
    // The longest suffix of the list that the key ends in is the unit's: no key says a unit that it does not have.
    std::string_view longest;
    for (const Unit& known : units::all) {
      if (known.suffix.size() > longest.size() && field.key.ends_with(known.suffix)) longest = known.suffix;
    }
    CHECK(longest == unit.suffix);
  });
}

TEST_CASE("names and meanings of choices and families are there, each name once", "[schema]") {
  for_each_field([](const std::string& table, const FieldSpec& field) {
    INFO(table << " . " << field.key);
    std::set<std::string> names;
    for (const auto& choice : field.choices) {
      CHECK_FALSE(choice.meaning.empty());
      CHECK(names.insert(choice.name).second);
    }
    for (const auto& alternative : field.alternatives) {
      CHECK_FALSE(alternative.name.meaning.empty());
      CHECK(names.insert(alternative.name.name).second);
      REQUIRE(alternative.table != nullptr);
    }
    CHECK((field.kind == ValueKind::choice) == !field.choices.empty());
    CHECK((field.kind == ValueKind::family) == !field.alternatives.empty());
  });
}

TEST_CASE("the defaults of the structs pass their own ranges and survive being shown and read", "[schema]") {
  Scenario scenario = one_of_everything();
  Diagnostics diagnostics;
  ReadContext context{diagnostics, ""};
  int values = 0;
  read_back(scenario_table(), &scenario, "", context, values);
  CHECK(values > 120);
  CHECK_NOTHROW(diagnostics.require_none());
}

TEST_CASE("a path finds its field, whatever the names on the way", "[schema]") {
  const auto key_at = [](std::string_view path) {
    const PathLookup lookup = find_field(path);
    return lookup.field == nullptr ? "nothing, at " + lookup.wrong : lookup.field->key;
  };
  CHECK(key_at("scenario.seed") == "seed");
  CHECK(key_at("site.dallas.cooling.supply_air_c") == "supply_air_c");
  CHECK(key_at("site.dallas.cooling.pue") == "pue");  // of any family
  CHECK(key_at("site.dallas.cooling.family") == "cooling");
  CHECK(key_at("site.dallas") == "site");
  CHECK(key_at("site.dallas.cluster.serving.jobs.synthetic.run_sigma") == "run_sigma");
  CHECK(key_at("catalog.model.\"llama-3.1-8b\".layers") == "layers");
  CHECK(key_at("routing.shares.dallas") == "shares");
  CHECK(key_at("expect[2].value") == "value");
  CHECK(key_at("service.chat.demand.lengths.prompt.quantiles") == "quantiles");
  CHECK(key_at("scenario[0].seed") == "nothing, at scenario[0]");
  CHECK(key_at("site.dallas.colling.supply_air_c") == "nothing, at colling");
  CHECK(key_at("sit.dallas") == "nothing, at sit");
  CHECK(key_at("") == "nothing, at ");
}

TEST_CASE("a path that leads nowhere says what was possible there", "[schema]") {
  const PathLookup lookup = find_field("site.a.cooling.famliy");
  REQUIRE(lookup.field == nullptr);
  CHECK(lookup.wrong == "famliy");
  CHECK(std::ranges::find(lookup.known, "family") != lookup.known.end());
  CHECK(std::ranges::find(lookup.known, "supply_air_c") != lookup.known.end());
  CHECK(std::ranges::find(lookup.known, "pue") != lookup.known.end());
}
