// What the command prints.
#include "analysis/sweep/sweep_summary.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

TEST_CASE("the table has a line a run, at most twenty", "[sweep]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("tiny.toml", tiny_scenario());
  const auto few = run_program({"sweep", scenario, "--vary", "site.a.power.redundancy=N,2N", "--set",
                                "scenario.duration=1h", "-o", folder.path("few.h5")});
  CHECK(few.code == ExitCode::ok);
  CHECK(few.err.empty());
  CHECK_THAT(few.out, StartsWith("Tiny: a sweep of 2 runs; "));
  CHECK_THAT(few.out, Contains("run   site.a.power.redundancy   energy MWh   peak MW     PUE") &&
                          Contains("\n  1   2N                       ") && Contains("\nfailed   none\nwrote    "));
  const auto many = run_program({"sweep", scenario, "--vary", "scenario.seed=1:21:21", "--set", "scenario.duration=1h",
                                 "-o", folder.path("many.h5")});
  CHECK_THAT(many.out, Contains("\n 19              20   ") && Contains("\n...\n") && !Contains("\n 20   "));
}

TEST_CASE("JSON has every run with its inputs and quantities", "[sweep]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("tiny.toml", tiny_scenario());
  const auto run = run_program({"sweep", scenario, "--vary", "site.a.power.redundancy=N,2N", "--vary",
                                "site.a.cooling.supply_air_c=20", "--json", "-o", folder.path("s.h5")});
  REQUIRE(run.code == ExitCode::ok);
  const auto json = nlohmann::json::parse(run.out);
  CHECK(json["runs"] == 2);
  CHECK(json["failed"] == 0);
  CHECK(json["results"][1]["inputs"]["site.a.power.redundancy"] == "2N");
  CHECK(json["results"][1]["inputs"]["site.a.cooling.supply_air_c"] == 20.0);
  const auto& quantities = json["results"][1]["quantities"];
  CHECK(quantities["site.a.pue"]["value"] == quantities["total.pue"]["value"]);
  CHECK(quantities["cluster.a.serving.jobs"]["value"].is_null());
  CHECK(quantities["total.energy_mwh"]["unit"] == "MWh");
}

TEST_CASE("a sweep with a failing run says so and exits with 1", "[sweep]") {
  const TemporaryFolder folder;
  const std::string scenario =
      folder.write("tiny.toml", tiny_with("region = \"CISO\"", "region = \"CISO\"\nweather = { file = \"no.csv\" }"));
  const auto run = run_program({"sweep", scenario, "--vary", "scenario.seed=1,2", "-o", folder.path("s.h5")});
  CHECK(run.code == ExitCode::check_failed);
  CHECK_THAT(run.out, Contains("failed   2 runs of 2\n") && Contains("run 0: ") && Contains("no.csv"));
  const auto json =
      run_program({"sweep", scenario, "--vary", "scenario.seed=1,2", "--json", "-o", folder.path("s.h5")});
  CHECK_THAT(nlohmann::json::parse(json.out)["results"][0]["error"].get<std::string>(), Contains("no.csv"));
}

TEST_CASE("sweep --resume and --force exclude each other", "[sweep]") {
  const auto run = run_program({"sweep", "x.toml", "--vary", "scenario.seed=1", "--resume", "--force"});
  CHECK(run.code == ExitCode::bad_input);
  CHECK_THAT(run.err, Contains("--force") && Contains("--resume"));
}
