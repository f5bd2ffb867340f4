// What was changed between two scenarios, or between two results files.
#include "analysis/compare/changes.hpp"

#include <catch2/catch.hpp>

#include "tests/examples/results_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;

namespace {

std::string text_of(const std::vector<Change>& changes) {
  std::string text;
  for (const auto& change : changes) text += change.path + ": " + change.before + " -> " + change.after + "\n";
  return text;
}

}  // namespace

TEST_CASE("changed keys, defaults among them, in the order of the format", "[compare]") {
  const auto a = loaded_from(tiny_scenario());
  const auto b =
      loaded_from(tiny_scenario(), {"site.a.cooling.supply_air_c=27", "scenario.seed=1", "scenario.tick=1min"});
  CHECK(text_of(changed_keys(a, b)) ==
        "scenario.tick: \"5min\" -> \"1min\"\nsite.a.cooling.supply_air_c: 24.0 -> 27.0\n");
  CHECK(changed_keys(a, a).empty());
}

TEST_CASE("of keys that one side has, only the written ones", "[compare]") {
  const auto a = loaded_from(tiny_scenario());
  const auto b = loaded_from(tiny_scenario(), {"site.a.cooling.family=static-pue", "site.a.cooling.pue=1.3"});
  const auto changes = changed_keys(a, b);
  const auto text = text_of(changes);
  INFO(text);
  CHECK(changes.size() == 2);
  CHECK(text.find("site.a.cooling.pue:  -> 1.3\n") != std::string::npos);
  CHECK(text.find("supply_air_c") == std::string::npos);
}

TEST_CASE("another region brings no catalogue entries along", "[compare]") {
  const auto a = loaded_from(tiny_scenario());
  const auto b = loaded_from(tiny_scenario(), {"site.a.region=ERCO"});
  CHECK(text_of(changed_keys(a, b)) == "site.a.region: \"CISO\" -> \"ERCO\"\n");
}

TEST_CASE("of results files: title, seed, overrides by path, lines of the scenario", "[compare]") {
  const ResultsFile a("a", image_of(tiny_scenario(), {"scenario.seed=3", "scenario.tick=1min"}));
  const ResultsFile b("b", image_of(tiny_with("nodes = 1", "nodes = 2"), {"scenario.seed=4", "scenario.title=Other"}));
  CHECK(text_of(changed_attributes(a, b)) ==
        "title: Tiny -> Other\n"
        "seed: 3 -> 4\n"
        "scenario.seed: 3 -> 4\n"
        "scenario.tick: 1min -> \n"
        "scenario.title:  -> Other\n"
        "scenario:10: nodes = 1 -> nodes = 2\n");
  CHECK(changed_attributes(a, a).empty());
}
