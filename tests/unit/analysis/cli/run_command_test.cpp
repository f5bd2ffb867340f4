// fleetwatt run: its file, its summary, its exit codes.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/quantities.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;
using analysis::ExitCode;
using Catch::Matchers::Contains;

namespace {

/// The tiny scenario under a plant whose PUE is known, expected to be `pue` within `tolerance`.
std::string expecting_pue(const std::string& pue, const std::string& tolerance) {
  return tiny_scenario() +
         "[site.a.cooling]\nfamily = \"static-pue\"\npue = 1.25\n[[expect]]\nquantity = \"site.a.pue\"\nvalue = " +
         pue + "\ntolerance = \"" + tolerance + "\"\nsource = \"the makers\"\n";
}

}  // namespace

TEST_CASE("a run writes its file and says so", "[cli]") {
  const TemporaryFolder folder;
  const Outcome run =
      run_program({"run", folder.write("s.toml", tiny_scenario()), "-o", folder.path("s.h5"), "--threads", "1"});
  CHECK(run.code == ExitCode::ok);
  CHECK(run.err.empty());
  CHECK(folder.files() == std::vector<std::string>{"s.h5", "s.toml"});
  CHECK(folder.read("s.h5").starts_with("\x89HDF"));
  CHECK_THAT(
      run.out,
      Contains("Tiny · 2024-07-15 00:00 UTC, 2 h, seed 1") && Contains(" s on 1 thread\n") &&
          Contains("region   site") && Contains("peak 15 min MW") && Contains("CISO     a") &&
          Contains("service   requests") &&
          Contains("audits   requests, GPU-hours, energy, attribution, regions, water, bill: all close, worst ") &&
          Contains("flags    none") && Contains("wrote    " + folder.path("s.h5")) &&
          Contains("Next: fleetwatt export " + folder.path("s.h5") + " --csv"));
}

TEST_CASE("equal runs give equal files, on one thread and on two", "[cli][parallel]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("s.toml", tiny_scenario() +
                                                      "[site.b]\nregion = \"PJM\"\n[site.b.cluster.training]\nnodes = "
                                                      "1\njobs = { synthetic = { mean_interarrival_s = 600 } }\n");
  const auto bytes = [&](const std::string& name, const std::string& threads, const std::string& seed = "1") {
    REQUIRE(run_program({"run", path, "-o", folder.path(name), "--threads", threads, "--set", "scenario.seed=" + seed})
                .code == ExitCode::ok);
    return folder.read(name);
  };
  const std::string one = bytes("one.h5", "1");
  CHECK(one == bytes("two.h5", "2"));
  CHECK(one == bytes("again.h5", "2"));
  CHECK(one != bytes("other.h5", "2", "2"));
}

TEST_CASE("run --json is JSON, with every quantity, its unit and value", "[cli]") {
  const TemporaryFolder folder;
  const Outcome run = run_program(
      {"run", folder.write("s.toml", expecting_pue("1.2", "10 %")), "-o", folder.path("s.h5"), "--json", "--check"});
  CHECK(run.code == ExitCode::ok);
  const auto json = nlohmann::json::parse(run.out);
  CHECK(json.at("title") == "Tiny");
  CHECK(json.at("start") == "2024-07-15T00:00:00Z");
  CHECK(json.at("hours") == 2);
  CHECK(json.at("seed") == 1);
  CHECK(json.at("execution").at("written") == folder.path("s.h5"));
  for (const auto& quantity : analysis::quantities()) {
    const std::string name = quantity.dimension == "total"     ? ""
                             : quantity.dimension == "region"  ? "CISO."
                             : quantity.dimension == "service" ? "chat."
                             : quantity.dimension == "cluster" ? "a.serving."
                                                               : "a.";
    const std::string path = std::string(quantity.dimension) + "." + name + std::string(quantity.key);
    INFO(path);
    REQUIRE(json.at("quantities").contains(path));
    CHECK(json.at("quantities").at(path).at("unit") == quantity.unit);
  }
  CHECK(json.at("quantities").at("site.a.pue").at("value").get<double>() == Approx(1.25).epsilon(1e-12));
  CHECK(json.at("quantities").at("cluster.a.serving.jobs").at("value").is_null());
  CHECK(json.at("expectations").at(0).at("verdict") == "met");
  CHECK(json.at("audits").at("laws").size() == 8);
  double basis = 0.0;
  for (const auto& [name, share] : json.at("energy_basis").items()) basis += share.get<double>();
  CHECK(basis == Approx(1.0).epsilon(1e-9));
}

TEST_CASE("run --check: met is 0, not met is 1, and both write the file", "[cli]") {
  const TemporaryFolder folder;
  const auto check = [&](const std::string& text) {
    return run_program({"run", folder.write("s.toml", text), "-o", folder.path("s.h5"), "--check"});
  };
  const Outcome met = check(expecting_pue("1.2", "10 %"));
  CHECK(met.code == ExitCode::ok);
  CHECK_THAT(met.out, Contains("expected") && Contains("site.a.pue") && Contains("   met") && Contains("the makers"));
  const Outcome failed = check(expecting_pue("1.1", "0.1"));
  CHECK(failed.code == ExitCode::check_failed);
  CHECK_THAT(failed.out, Contains("NOT MET"));
  CHECK(folder.files() == std::vector<std::string>{"s.h5", "s.toml"});
  const Outcome unasked = run_program({"run", folder.path("s.toml"), "-o", folder.path("s.h5")});
  CHECK(unasked.code == ExitCode::ok);
  const Outcome nothing = check(tiny_scenario());
  CHECK(nothing.code == ExitCode::ok);
  CHECK_THAT(nothing.out, Contains("the scenario has no [[expect]] to check"));
}

TEST_CASE("a ledger that does not close is exit code 1, and no file", "[cli]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("s.toml", tiny_scenario());
  const std::vector<std::pair<std::string, std::function<void(models::FleetResult&)>>> breakers = {
      {"energy of a", [](models::FleetResult& result) { result.sites[0].meter_j *= 1.001; }},
      {"requests of chat", [](models::FleetResult& result) { ++result.services[0].counts.done; }},
      {"regions of CO2", [](models::FleetResult& result) { result.regions[0].co2_kg += 1e-3; }},
      {"water of a", [](models::FleetResult& result) { result.sites[0].water.evaporation_kg *= 1.01; }},
      {"bill of fleet", [](models::FleetResult& result) { result.sites[0].cost_usd += 0.01; }},
      {"GPU-hours of a.serving in all", [](models::FleetResult& result) { result.clusters[0].gpu_busy_s *= 1.01; }}};
  for (const auto& [law, breaker] : breakers) {
    INFO(law);
    const Outcome run = run_program({"run", path, "-o", folder.path("s.h5")}, breaker);
    CHECK(run.code == ExitCode::check_failed);
    CHECK(run.out.empty());
    CHECK_THAT(
        run.err,
        Contains("error: an audit failed between 2024-07-15 00:00 UTC and 2024-07-15 02:00 UTC; this is a fault") &&
            Contains("  " + law + ": in "));
    CHECK(folder.files() == std::vector<std::string>{"s.toml"});
  }
}

TEST_CASE("a file of another scenario is replaced only by force, and before the run", "[cli]") {
  const TemporaryFolder folder;
  REQUIRE(run_program({"run", folder.write("s.toml", tiny_scenario()), "-o", folder.path("x.h5")}).code ==
          ExitCode::ok);
  const std::string before = folder.read("x.h5");
  const std::string other = folder.write("other.toml", tiny_with("\"Tiny\"", "\"Other\""));
  const Outcome refused = run_program({"run", other, "-o", folder.path("x.h5")});
  CHECK(refused.code == ExitCode::bad_input);
  CHECK(folder.without_folder(refused.err) ==
        "x.h5: error: holds a run of another scenario, \"Tiny\"\n       choose another place with -o, or replace it "
        "with --force\n");
  CHECK(folder.read("x.h5") == before);
  CHECK(run_program({"run", folder.path("s.toml"), "-o", folder.path("x.h5")}).code == ExitCode::ok);  // its own
  CHECK(run_program({"run", other, "-o", folder.path("x.h5"), "--force"}).code == ExitCode::ok);
  CHECK(folder.read("x.h5") != before);
}

TEST_CASE("a folder that is not there is an I/O error, before the run", "[cli]") {
  const TemporaryFolder folder;
  const Outcome run = run_program({"run", folder.write("s.toml", tiny_scenario()), "-o", folder.path("no/s.h5")});
  CHECK(run.code == ExitCode::io);
  CHECK_THAT(run.err, Contains("there is no folder " + folder.path("no")));
}

TEST_CASE("run --set changes a value for this run, and the file remembers it", "[cli]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("s.toml", expecting_pue("1.25", "0"));
  const auto pue = [&](const std::vector<std::string>& more) {
    std::vector<std::string> args = {"run", path, "-o", folder.path("s.h5"), "--json"};
    args.insert(args.end(), more.begin(), more.end());
    return nlohmann::json::parse(run_program(args).out).at("quantities").at("site.a.pue").at("value").get<double>();
  };
  CHECK(pue({}) == Approx(1.25).epsilon(1e-12));
  CHECK(pue({"--set", "site.a.cooling.pue=1.5"}) == Approx(1.5).epsilon(1e-12));
  CHECK(pue({"--set", "site.a.cooling.pue=1.5", "--set", "site.*.cooling.pue=1.1"}) == Approx(1.1).epsilon(1e-12));
  CHECK(folder.read("s.h5").find("site.*.cooling.pue=1.1") != std::string::npos);
}

TEST_CASE("with --keep a run whose audit fails is written, marked as breached, and exits with 1", "[cli]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("s.toml", tiny_scenario());
  const auto break_bill = [](models::FleetResult& result) { result.sites[0].cost_usd += 1.0; };
  const auto lost = run_program({"run", path, "-o", folder.path("s.h5")}, break_bill);
  CHECK(lost.code == ExitCode::check_failed);
  CHECK(folder.files() == std::vector<std::string>{"s.toml"});
  const auto kept = run_program({"run", path, "-o", folder.path("s.h5"), "--keep"}, break_bill);
  CHECK(kept.code == ExitCode::check_failed);
  CHECK_THAT(kept.out, Contains("audits   BREACHED: an audit failed between 2024-07-15 00:00 UTC and"));
  CHECK_THAT(kept.out, Contains("bill of fleet: in "));
  const analysis::Hdf5Reader file(folder.path("s.h5"));
  CHECK_THAT(*file.text_attribute("", "audits"), Contains("an audit failed between") && Contains("bill of fleet"));
  const auto good = run_program({"run", path, "-o", folder.path("s.h5")});
  CHECK(good.code == ExitCode::ok);
  CHECK(*analysis::Hdf5Reader(folder.path("s.h5")).text_attribute("", "audits") == "all laws hold");
}
