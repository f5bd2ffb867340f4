// Grids of more than a thousand combinations, of which not all are loaded before the first run. Seconds each, and far
// more under sanitizers, so they stand here.
#include <catch2/catch.hpp>

#include "tests/examples/sweep_study.hpp"

using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

TEST_CASE("of a large grid, each value is checked beside the first of the others", "[property]") {
  const Study study;
  CHECK_THAT(study.fault(study.request({"scenario.seed=1:600:600", "site.a.cooling.supply_air_c=18,99"})),
             Contains("= 99 is out of range"));
  // Of more than a thousand values of one key, each is held against its range: 1000 of these 2001 are above 40.
  CHECK_THAT(study.fault(study.request({"site.a.cooling.supply_air_c=39:41:2001", "scenario.seed=1,2"})),
             Contains("`site.a.cooling.supply_air_c` = 40.001 is out of range") && Contains("980 more faults"));
  CHECK(study.folder.files() == std::vector<std::string>{"tiny.toml"});
}

TEST_CASE("of a large grid, two values that mean the same are refused", "[property]") {
  const Study study;
  CHECK_THAT(study.fault(study.request({"site.a.cooling.supply_air_c=18:27:1500", "scenario.seed=3,3.0"})),
             Contains("whole number"));
  CHECK_THAT(study.fault(study.request({"scenario.seed=1:2000:2000", "site.a.cooling.supply_air_c=20,20.0"})),
             Contains("`20` and `20.0`"));
}

TEST_CASE("series that take more than a file may are refused", "[property]") {
  const Study study;
  auto request = study.request({"scenario.seed=1:90000:90000"});
  request.overrides = {"scenario.duration=3650d"};
  request.series = {"site_load_mw"};
  // 90,000 runs of 87,600 hours of one site, 8 bytes each
  CHECK_THAT(study.fault(request), Contains("hourly series of 90,000 runs take 63.1 GB"));
}
