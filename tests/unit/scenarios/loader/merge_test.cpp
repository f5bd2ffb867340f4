#include "scenarios/loader/merge.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "scenarios/loader/toml_reader.hpp"
#include "scenarios/schema/tables.hpp"

using namespace fleetwatt;
using namespace fleetwatt::scenarios;
using Catch::Matchers::Contains;

namespace {

Node toml(const std::string& text, const std::string& file = "f.toml") {
  return read_toml(text, file, OriginKind::file);
}

Node merged(const std::string& base_text, const std::string& over_text) {
  Node base = toml(base_text, "base.toml");
  merge(base, toml(over_text, "over.toml"));
  return base;
}

std::string faults_of(const Diagnostics& diagnostics) {
  try {
    diagnostics.require_none();
  } catch (const sim::InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("tables merge key by key, the later file wins", "[loader]") {
  const Node result = merged("[site.a]\nregion = \"CISO\"\nclimate = \"san-jose\"\n[site.b]\nregion = \"PJM\"\n",
                             "[site.a]\nregion = \"ERCO\"\n");
  CHECK(result.find("site.a.region")->text == "ERCO");
  CHECK(result.find("site.a.region")->origin.place.file == "over.toml");
  CHECK(result.find("site.a.climate")->text == "san-jose");
  CHECK(result.find("site.a.climate")->origin.place.file == "base.toml");
  CHECK(result.find("site.b.region")->text == "PJM");
}

TEST_CASE("arrays and values are replaced, also by another type", "[loader]") {
  const Node result = merged("a = [1, 2, 3]\nb = 1\nc = { x = 1 }\n", "a = [9]\nb = { y = 2 }\nc = 5\n");
  CHECK(result.child("a")->array.size() == 1);
  CHECK(result.find("b.y")->integer == 2);
  CHECK(result.child("c")->integer == 5);
}

namespace {

/// Two files of one site, merged as the format describes a site.
Node merged_site(const std::string& base_text, const std::string& over_text) {
  Node base = toml(base_text, "base.toml");
  merge(base, toml(over_text, "over.toml"), &site_table());
  return base;
}

}  // namespace

TEST_CASE("another family replaces the whole table, the same family is changed", "[loader]") {
  const std::string tower = "[cooling]\nfamily = \"tower-economizer\"\nsupply_air_c = 24\n";
  CHECK(merged_site(tower, "[cooling]\nfamily = \"static-pue\"\npue = 1.2\n").find("cooling.supply_air_c") == nullptr);
  CHECK(
      merged_site(tower, "[cooling]\nfamily = \"tower-economizer\"\nair_delta_k = 10\n").find("cooling.supply_air_c") !=
      nullptr);
  CHECK(merged_site(tower, "[cooling]\nair_delta_k = 10\n").find("cooling.supply_air_c") != nullptr);
  const std::string default_family = "[cooling]\nsupply_air_c = 24\n";
  CHECK(merged_site(default_family, "[cooling]\nfamily = \"static-pue\"\n").find("cooling.supply_air_c") == nullptr);
  CHECK(merged_site(default_family, "[cooling]\nfamily = \"tower-economizer\"\n").find("cooling.supply_air_c") !=
        nullptr);
}

TEST_CASE("a site may be called family", "[loader]") {
  const Node result = merged("[site.a]\nregion = \"CISO\"\n", "[site.family]\nregion = \"PJM\"\n");
  CHECK(result.find("site.a") != nullptr);
  CHECK(result.find("site.family") != nullptr);
}

TEST_CASE("a command line leaves a table where the file has it", "[loader]") {
  Node base = toml("[site.a]\nregion = \"CISO\"\n", "base.toml");
  Node over = read_toml("[site.a]\nregion = \"PJM\"\n", "--set", OriginKind::command_line);
  merge(base, over);
  CHECK(base.find("site.a")->origin.place.file == "base.toml");
  CHECK(base.find("site.a.region")->origin.place.file == "--set");
}

TEST_CASE("unset removes what its paths name, one or several", "[loader]") {
  Node document = toml("[site.a]\nregion = \"CISO\"\nclimate = \"x\"\n[site.b]\nregion = \"PJM\"\n");
  Diagnostics diagnostics;
  unset(document, *toml("u = [\"site.b\", \"site.a.climate\"]\n").child("u"), diagnostics);
  CHECK(faults_of(diagnostics).empty());
  CHECK(document.find("site.b") == nullptr);
  CHECK(document.find("site.a.climate") == nullptr);
  CHECK(document.find("site.a.region") != nullptr);
  unset(document, *toml("u = \"site.a\"\n").child("u"), diagnostics);
  CHECK(document.find("site.a") == nullptr);
}

TEST_CASE("unset of what is not there is told the nearest", "[loader]") {
  Node document = toml("[site.dallas]\nregion = \"ERCO\"\n");
  const auto fault = [&](const std::string& text) {
    Diagnostics diagnostics;
    unset(document, *toml("u = " + text, "u.toml").child("u"), diagnostics);
    return faults_of(diagnostics);
  };
  CHECK(fault("[\"site.dalas\"]") ==
        "u.toml:1:6: error: `unset` names `site.dalas`, which is not there\n       did you mean `dallas`?\n");
  CHECK_THAT(fault("\"sight.dallas\""), Contains("`unset` names `sight.dallas`, which is not there"));
  CHECK_THAT(fault("5"), Contains("`unset` is the whole number 5") && Contains("needed: a list of paths"));
  CHECK_THAT(fault("[5]"), Contains("`unset` holds the whole number 5") && Contains("needed: paths as text"));
  CHECK(document.find("site.dallas") != nullptr);
}

TEST_CASE("a catalogue entry takes what it lacks from the one it extends, over several steps", "[loader]") {
  Node document = toml(R"(
[catalog.server.c]
extends = "b"
gpus = 2
[catalog.server.b]
extends = "a"
rated_kw = 5
[catalog.server.a]
gpus = 8
rated_kw = 10
accelerator = "h100"
)");
  Diagnostics diagnostics;
  resolve_catalog_extends(document, diagnostics);
  CHECK(faults_of(diagnostics).empty());
  CHECK(document.find("catalog.server.c.gpus")->integer == 2);
  CHECK(document.find("catalog.server.c.rated_kw")->integer == 5);
  CHECK(document.find("catalog.server.c.accelerator")->text == "h100");
  CHECK(document.find("catalog.server.a.gpus")->integer == 8);
}

TEST_CASE("entries that extend themselves or nothing are refused", "[loader]") {
  const auto fault = [](const std::string& text) {
    Node document = toml(text);
    Diagnostics diagnostics;
    resolve_catalog_extends(document, diagnostics);
    return faults_of(diagnostics);
  };
  CHECK_THAT(fault("[catalog.server.a]\nextends = \"b\"\n[catalog.server.b]\nextends = \"a\"\n"),
             Contains("the server `a` extends itself") && Contains("end the cycle"));
  CHECK_THAT(fault("[catalog.server.a]\nextends = \"a\"\n"),
             Contains("f.toml:2:11: error: the server `a` extends itself"));
  CHECK_THAT(fault("[catalog.server.box]\nextends = \"boy\"\n"),
             Contains("no server `boy` in the catalogue") && Contains("did you mean `box`?"));
}

TEST_CASE("shares of a whole replace those before them, a part of them changes one", "[loader]") {
  const std::string base = "region = { CISO = 0.7, BPAT = 0.3 }\n";
  CHECK(merged_site(base, "region = { PJM = 1 }\n").child("region")->table.size() == 1);
  CHECK(merged_site(base, "region = { CISO = 0.6, PJM = 0.4 }\n").find("region.BPAT") == nullptr);
  CHECK(merged_site(base, "region = { CISO = 0.6 }\n").find("region.BPAT") != nullptr);
}

namespace {

/// Every table that the format describes, once, with those of its families.
void collect(const TableSpec& table, std::vector<const TableSpec*>& all) {
  if (std::ranges::find(all, &table) != all.end()) return;
  all.push_back(&table);
  for (const auto& field : table.fields) {
    if (field.table != nullptr) collect(*field.table, all);
    for (const auto& alternative : field.alternatives) collect(*alternative.table, all);
  }
}

std::vector<const TableSpec*> all_tables() {
  std::vector<const TableSpec*> all;
  collect(scenario_table(), all);
  return all;
}

}  // namespace

TEST_CASE("in every table, a key removes those that it takes the place of, and no other", "[loader]") {
  std::size_t replacing = 0;
  for (const TableSpec* table : all_tables()) {
    Node whole;
    for (const auto& field : table->fields) whole.table.emplace(field.key, Node{});
    for (const auto& field : table->fields) {
      replacing += field.options.replaces.empty() ? 0 : 1;
      INFO(table->meaning << ": " << field.key);
      Node base = whole;
      Node over;
      over.table.emplace(field.key, Node{});
      merge(base, over, table);
      CHECK(base.table.size() + field.options.replaces.size() == whole.table.size());
      CHECK(base.child(field.key) != nullptr);
      for (const auto& other : field.options.replaces) {
        CHECK(table->find(other) != nullptr);
        CHECK(base.child(other) == nullptr);
      }
    }
  }
  CHECK(replacing >= 13);
}

TEST_CASE("in every table with families, each family takes the place of each other and changes itself", "[loader]") {
  std::size_t families = 0;
  for (const TableSpec* table : all_tables()) {
    for (const auto& field : table->fields) {
      for (const auto& before : field.alternatives) {
        for (const auto& after : field.alternatives) {
          ++families;
          INFO(field.key << ": " << before.name.name << " to " << after.name.name);
          const bool is_default = &before == &field.alternatives.front();
          const std::string key = before.table->fields.front().key;
          Node base = toml("[" + field.key + "]\n" + key + " = 1\n" +
                           (is_default ? "" : "family = \"" + before.name.name + "\"\n"));
          merge(base, toml("[" + field.key + "]\nfamily = \"" + after.name.name + "\"\n"), table);
          CHECK((base.find(field.key + "." + key) != nullptr) == (&before == &after));
          CHECK(base.find(field.key + ".family")->text == after.name.name);
        }
      }
    }
  }
  CHECK(families >= 8);  // site and template
}
