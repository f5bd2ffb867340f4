// compare, and show and export of results files: the command line around them.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/examples/results_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

struct Folder : TemporaryFolder {
  std::string scenario = write("s.toml", tiny_scenario());
  std::string other = write("t.toml", tiny_with("\"Tiny\"", "\"Other\""));
  [[nodiscard]] std::string results(const std::string& name, std::vector<std::string> more = {}) const {
    std::vector<std::string> args = {"run", scenario, "-o", path(name)};
    args.insert(args.end(), more.begin(), more.end());
    REQUIRE(run_program(args).code == ExitCode::ok);
    return path(name);
  }
};

const std::string warm = "site.a.cooling.supply_air_c=27";

}  // namespace

TEST_CASE("compare: a scenario and a change of it", "[cli]") {
  const Folder folder;
  const auto outcome = run_program({"compare", folder.scenario, "--set", warm, "--threads", "1"});
  CHECK(outcome.code == ExitCode::ok);
  CHECK(outcome.err.empty());
  const auto out = folder.without_folder(outcome.out);
  CHECK_THAT(out, StartsWith("A  Tiny · 2024-07-15 00:00 UTC, 2 h, seed 1   s.toml\n"
                             "B  Tiny · 2024-07-15 00:00 UTC, 2 h, seed 1   s.toml --set " +
                             warm + "\n\nchanged "));
  CHECK_THAT(out, Contains("\nsite.a.cooling.supply_air_c   24.0   27.0\n"));
  CHECK_THAT(out, Contains("\nsite.a.pue ") && !Contains("\nservice.chat.requests "));
  CHECK_THAT(out, Contains(" quantities do not differ; --all lists them\n"));
  CHECK_THAT(run_program({"compare", folder.scenario, "--set", warm, "--all"}).out,
             Contains("\nservice.chat.requests "));
  CHECK(folder.files() == std::vector<std::string>{"s.toml", "t.toml"});
}

TEST_CASE("compare: scenarios, results files and one of each say the same", "[cli]") {
  const Folder folder;
  const auto quantities = [](const std::vector<std::string>& args) {
    const auto outcome = run_program(args);
    INFO(outcome.err);
    REQUIRE(outcome.code == ExitCode::ok);
    return nlohmann::json::parse(outcome.out)["quantities"];
  };
  const auto a = folder.results("a.h5");
  const auto b = folder.results("b.h5", {"--set", warm});
  const auto once = quantities({"compare", folder.scenario, "--set", warm, "--json"});
  CHECK(once.size() > 5);
  CHECK(quantities({"compare", a, b, "--json"}) == once);
  CHECK(quantities({"compare", folder.scenario, b, "--json"}) == once);
  CHECK(quantities({"compare", folder.scenario, folder.other, "--set", warm, "--json"}).empty());  // on both
}

TEST_CASE("compare: what is refused", "[cli]") {
  const Folder folder;
  const auto a = folder.results("a.h5");
  struct Case {
    std::vector<std::string> args;
    std::string says;
  };
  for (const auto& [args, says] :
       {Case{{folder.scenario}, "s.toml: error: nothing to compare it with\n       change something with --set"},
        Case{{a}, "a.h5: error: nothing to compare it with\n       name a second results file"},
        Case{{a, a, "--set", warm}, "a.h5: error: --set changes a scenario, and this is a results file"},
        Case{{folder.path("no.toml"), a}, "no.toml: error: there is no such file"},
        Case{{folder.scenario, "--set", "site.a.cooling.supply_air=27"}, "did you mean `supply_air_c`?"},
        Case{{folder.scenario, "--set", "site.a.cooling.supply_air_c=99"}, "needed: 10 to 40 C"},
        Case{{folder.scenario, "--set", "scenario.duration=3h"},
             "s.toml (2024-07-15 00:00 UTC, 2 h) and s.toml --set scenario.duration=3h (2024-07-15 00:00 UTC, 3 h) do "
             "not cover the same hours"},
        Case{{a, a, a}, "FILES"}}) {
    std::vector<std::string> all = {"compare"};
    all.insert(all.end(), args.begin(), args.end());
    const auto outcome = run_program(all);
    CHECK(outcome.code == ExitCode::bad_input);
    CHECK(outcome.out.empty());
    CHECK_THAT(folder.without_folder(outcome.err), Contains(says));
  }
}

TEST_CASE("compare -o: replaces its own file and nothing else", "[cli]") {
  const Folder folder;
  const auto results = folder.results("a.h5");
  const auto differences = folder.path("d.h5");
  const std::vector<std::string> args = {"compare", folder.scenario, "--set", warm, "-o"};
  const auto to = [&](const std::string& path, std::vector<std::string> more = {}) {
    auto all = args;
    all.push_back(path);
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all);
  };
  CHECK_THAT(to(differences).out, Contains("d.h5: hourly differences, B - A\n"));
  const auto first = folder.read("d.h5");
  CHECK(to(differences, {"--threads", "2"}).code == ExitCode::ok);
  CHECK(folder.read("d.h5") == first);
  const auto refused = to(results);
  CHECK(refused.code == ExitCode::bad_input);
  CHECK_THAT(refused.err, Contains("a.h5: error: exists and is not a differences file of fleetwatt"));
  CHECK(to(results, {"--force"}).code == ExitCode::ok);
  CHECK(to(folder.path("none/d.h5")).code == ExitCode::io);
  const auto over_run = run_program({"run", folder.scenario, "-o", differences});
  CHECK(over_run.code == ExitCode::bad_input);
  CHECK_THAT(over_run.err, Contains("exists and is not a results file of fleetwatt"));
  const auto other = run_program({"compare", folder.other, "--set", warm, "-o", differences});
  CHECK_THAT(other.err, Contains("holds another comparison, \"Tiny: B - A\""));
}

TEST_CASE("show: a results file by its content, whatever its name", "[cli]") {
  const Folder folder;
  const auto results = folder.results("results.toml");
  const auto shown = run_program({"show", results});
  CHECK(shown.code == ExitCode::ok);
  CHECK_THAT(shown.out, StartsWith("Tiny · 2024-07-15 00:00 UTC, 2 h, seed 1\n"));
  CHECK_THAT(run_program({"show", results, "--by", "region", "--var", "load_mw"}).out, Contains("CISO"));
  CHECK_THAT(run_program({"show", folder.scenario}).out, StartsWith("path "));

  CHECK_THAT(run_program({"show", results, "--all"}).err, Contains("--set and --all are for a scenario"));
  CHECK_THAT(run_program({"show", folder.scenario, "--by", "site"}).err,
             Contains("--by and --var choose from a results file"));
  const auto unknown = run_program({"show", results, "--by", "region", "--var", "lod_mw"});
  CHECK(unknown.code == ExitCode::bad_input);
  CHECK_THAT(unknown.err, Contains("did you mean `load_mw`?"));
  CHECK_THAT(run_program({"show", folder.path("no.h5")}).err, Contains("no.h5: error: there is no such file"));
}

TEST_CASE("show: a file that only begins as HDF5 does", "[cli]") {
  const Folder folder;
  const auto path = folder.write("bad.h5", std::string("\x89HDF\r\n\x1a\n and no more", 20));
  const auto outcome = run_program({"show", path});
  CHECK(outcome.code == ExitCode::io);
  CHECK_THAT(outcome.err, Contains("bad.h5: not a results file"));
}

TEST_CASE("export: wide, by dimension and variable", "[cli]") {
  const Folder folder;
  const auto results = folder.results("a.h5");
  const auto wide = run_program(
      {"export", results, "--wide", "--by", "region", "--by", "fleet", "--var", "load_mw,co2_t", "-o", "-"});
  CHECK(wide.code == ExitCode::ok);
  CHECK_THAT(wide.out,
             StartsWith("time,fleet_load_mw/fleet,region_load_mw/CISO,region_co2_t/CISO\n2024-07-15T00:00:00Z,"));
  const auto written = run_program({"export", results, "--wide", "--by", "region"});
  CHECK_THAT(written.out, Contains("a.csv: 2 rows of time and 6 columns\n"));
  const auto unknown = run_program({"export", results, "--var", "load_mv"});
  CHECK(unknown.code == ExitCode::bad_input);
  CHECK_THAT(unknown.err, Contains("no hourly variable `load_mv`") && Contains("did you mean `load_mw`?"));
}
