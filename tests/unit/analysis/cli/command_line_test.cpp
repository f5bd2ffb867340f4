// What the subcommands share, and validate, show, schema, export.
#include "analysis/cli/command_line.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "analysis/results/version.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;
using analysis::ExitCode;
using Catch::Matchers::Contains;

TEST_CASE("each subcommand has help with an example", "[cli]") {
  for (const std::string command : {"run", "validate", "show", "schema", "export"}) {
    INFO(command);
    const Outcome help = run_program({command, "--help"});
    CHECK(help.code == ExitCode::ok);
    CHECK(help.err.empty());
    CHECK_THAT(help.out,
               Contains("Usage: fleetwatt " + command) && Contains("Example") && Contains("\n  fleetwatt " + command));
  }
  const Outcome help = run_program({"--help"});
  CHECK(help.code == ExitCode::ok);
  CHECK_THAT(help.out, Contains("fleetwatt run scenarios/library/two-regions/built-in.toml") &&
                           Contains("Exit codes: 0 ok, 1 a check or an audit failed, 2 bad input, 3 a file could not "
                                    "be read or written or memory did not suffice, 130 interrupted."));
  for (const std::string command : {"run", "validate", "show", "schema", "export"})
    CHECK_THAT(help.out, Contains("\n  " + command + " "));
}

TEST_CASE("the version is the build's", "[cli]") {
  const Outcome outcome = run_program({"--version"});
  CHECK(outcome.code == ExitCode::ok);
  CHECK(outcome.out == "fleetwatt " + std::string(analysis::version()) + "\n");
}

TEST_CASE("a command line that says nothing useful is bad input", "[cli]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("s.toml", tiny_scenario());
  CHECK(run_program({}).code == ExitCode::bad_input);
  CHECK_THAT(run_program({}).err, Contains("Subcommands:"));
  CHECK(run_program({"rnu", path}).err == "error: no command `rnu`: did you mean `run`?\n");
  CHECK(run_program({"rnu", path}).code == ExitCode::bad_input);
  CHECK_THAT(run_program({"frobnicate"}).err,
             Contains("error: no command `frobnicate`: one of: run, validate, show, schema, export"));
  CHECK_THAT(run_program({"run"}).err, Contains("SCENARIO is required"));
  CHECK(run_program({"run", path, "--threads", "0"}).code == ExitCode::bad_input);
  CHECK(run_program({"run", path, "--threads", "many"}).code == ExitCode::bad_input);
  CHECK(run_program({"run", path, "--no-such-option"}).code == ExitCode::bad_input);
  CHECK(run_program({"run", path, "another.toml"}).code == ExitCode::bad_input);
  CHECK(folder.files() == std::vector<std::string>{"s.toml"});
}

TEST_CASE("validate says what a run will take, and writes nothing", "[cli]") {
  const TemporaryFolder folder;
  const Outcome outcome = run_program({"validate", folder.write("s.toml", tiny_scenario())});
  CHECK(outcome.code == ExitCode::ok);
  CHECK_THAT(folder.without_folder(outcome.out),
             Contains("s.toml: valid\n  1 site, 1 cluster, 1 service, 1 region; 2 hours in ticks of 300 s\n") &&
                 Contains("  about 1,440 requests; about "));  // 0.2 a second, 2 h
  CHECK(folder.files() == std::vector<std::string>{"s.toml"});
}

TEST_CASE("show prints what was written, --all what is in force", "[cli]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("s.toml", tiny_scenario());
  const std::string written = folder.without_folder(run_program({"show", path}).out);
  CHECK_THAT(written, Contains("path ") && Contains("from ") && Contains("value\n"));
  CHECK_THAT(written, Contains("site.a.region                             s.toml:7    \"CISO\"\n"));
  CHECK(written.find("default") == std::string::npos);
  CHECK(written.find("catalog") == std::string::npos);
  const Outcome all = run_program({"show", path, "--all", "--set", "scenario.seed=9"});
  CHECK(all.code == ExitCode::ok);
  CHECK_THAT(all.out, Contains("--set scenario.seed=9") && Contains("default") && Contains("catalog/hardware.toml:") &&
                          Contains("site.a.cooling.supply_air_c"));
}

TEST_CASE("schema prints JSON Schema", "[cli]") {
  const Outcome outcome = run_program({"schema"});
  CHECK(outcome.code == ExitCode::ok);
  CHECK(nlohmann::json::parse(outcome.out).at("title") == "Fleetwatt scenario");
}

TEST_CASE("export writes one tidy table", "[cli]") {
  const TemporaryFolder folder;
  REQUIRE(run_program({"run", folder.write("s.toml", tiny_scenario()), "-o", folder.path("s.h5")}).code ==
          ExitCode::ok);
  const Outcome beside = run_program({"export", folder.path("s.h5"), "--csv"});
  CHECK(beside.code == ExitCode::ok);
  CHECK_THAT(folder.without_folder(beside.out),
             Contains("wrote s.csv: ") && Contains(" rows of time, dimension, entity, variable, unit, value"));
  const std::string table = folder.read("s.csv");
  CHECK(table.starts_with(
      "time,dimension,entity,variable,unit,value\n2024-07-15T00:00:00Z,fleet,fleet,fleet_load_mw,MW,0.00"));
  CHECK_THAT(table, Contains("\n2024-07-15T01:00:00Z,site,a,site_load_mw,MW,") &&
                        Contains("\n2024-07-15T00:00:00Z,region,CISO,region_co2_t,t,") &&
                        Contains("\n2024-07-15T00:00:00Z,service,chat,service_requests,1,") &&
                        Contains("\n2024-07-15T00:00:00Z,cluster,a.serving,cluster_gpus_busy,1,"));
  CHECK(run_program({"export", folder.path("s.h5"), "-o", "-"}).out == table);
  CHECK(run_program({"export", folder.path("s.h5"), "-o", folder.path("other.csv")}).code == ExitCode::ok);
  CHECK(folder.read("other.csv") == table);
}

TEST_CASE("export of what is no results file is an I/O error that says so", "[cli]") {
  const TemporaryFolder folder;
  const Outcome text = run_program({"export", folder.write("s.toml", tiny_scenario())});
  CHECK(text.code == ExitCode::io);
  CHECK_THAT(text.err, Contains("s.toml: not a results file"));
  CHECK(run_program({"export", folder.path("nope.h5")}).code == ExitCode::io);
  CHECK(folder.files() == std::vector<std::string>{"s.toml"});
}
