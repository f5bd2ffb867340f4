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
  CHECK_THAT(few.out, Contains("run   site.a.power.redundancy   loss_energy_mwh MWh   ") &&
                          Contains("\n  1   2N                       ") && Contains("\nfailed   none\nwrote    "));
  const auto many = run_program({"sweep", scenario, "--vary", "scenario.seed=1:21:21", "--set", "scenario.duration=1h",
                                 "-o", folder.path("many.h5")});
  CHECK_THAT(many.out, Contains("\n 19              20   ") && Contains("\n... and 1 run more: --all\n") &&
                           !Contains("\n 20   "));
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
  CHECK_THAT(run.out,
             Contains("failed   2 runs of 2\n") && Contains("run 0 (scenario.seed=1): ") && Contains("no.csv"));
  const auto json =
      run_program({"sweep", scenario, "--vary", "scenario.seed=1,2", "--json", "-o", folder.path("s.h5")});
  CHECK_THAT(nlohmann::json::parse(json.out)["results"][0]["error"].get<std::string>(), Contains("no.csv"));
}

TEST_CASE("sweep --resume and --force exclude each other", "[sweep]") {
  const auto run = run_program({"sweep", "x.toml", "--vary", "scenario.seed=1", "--resume", "--force"});
  CHECK(run.code == ExitCode::bad_input);
  CHECK_THAT(run.err, Contains("--force") && Contains("--resume"));
}

TEST_CASE("the table shows what differs and what was asked for, all runs where all are", "[sweep]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("tiny.toml", tiny_scenario());
  const auto swept = [&](std::vector<std::string> more) {
    std::vector<std::string> args = {
        "sweep", scenario,           "--vary", "scenario.seed=1:23:23", "--set", "scenario.duration=1h",
        "-o",    folder.path("s.h5")};
    args.insert(args.end(), more.begin(), more.end());
    return run_program(args);
  };
  const auto all = swept({"--all"});
  CHECK_THAT(all.out, Contains("\n 22              23   ") && !Contains("more: --all"));
  const auto asked = swept({"--show", "ttft_p99_s,site.a.wue_l_per_kwh,service.*.slo_met_fraction", "--show",
                            "total.carbon_intensity_g_per_kwh,service_gpu_energy_per_request_wh"});
  CHECK_THAT(asked.out, Contains("run   scenario.seed   service.chat.ttft_p99_s s   site.a.wue_l_per_kwh L/kWh   "
                                 "service.chat.slo_met_fraction   carbon_intensity_g_per_kwh g/kWh   "
                                 "service.chat.gpu_wh_per_request Wh   "));
  // Nothing differs in one run: the totals of the fleet.
  const auto one = run_program({"sweep", scenario, "--vary", "scenario.seed=1", "-o", folder.path("one.h5")});
  CHECK_THAT(one.out,
             Contains("run   scenario.seed   energy_mwh MWh   peak_load_mw MW     pue    co2_t t   cost_usd USD"));
}

TEST_CASE("a quantity that there is not is refused before the first run", "[sweep]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("tiny.toml", tiny_scenario());
  const auto fault = [&](const std::string& word) {
    const auto run =
        run_program({"sweep", scenario, "--vary", "scenario.seed=1", "--show", word, "-o", folder.path("s.h5")});
    CHECK(run.code == ExitCode::bad_input);
    return run.err;
  };
  CHECK(fault("ttft_p9_s") == "--show ttft_p9_s: error: no quantity `ttft_p9_s`\n       did you mean `ttft_p99_s`?\n");
  CHECK_THAT(fault("site.a.ttft_p99_s"), Contains("no quantity `site.a.ttft_p99_s`") && Contains("one of: energy_mwh"));
  CHECK_THAT(fault("sevice.chat.ttft_p99_s"), Contains("did you mean `service`?"));
  CHECK(folder.files() == std::vector<std::string>{"tiny.toml"});
}
