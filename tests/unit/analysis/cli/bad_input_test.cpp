// Issue 3, "Bad input to refuse": each with a clear error, exit code 2, and nothing written.
#include <catch2/catch.hpp>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;
using analysis::ExitCode;
using Catch::Matchers::Contains;

namespace {

/// A folder with a scenario in it, and the run that should be refused.
class Refused {
 public:
  TemporaryFolder folder;

  /// Runs; checks the exit code and that no file came of it; returns the message.
  std::string message(const std::string& scenario, const std::vector<std::string>& more = {}) {
    const std::string path = folder.write("s.toml", scenario);
    const auto before = folder.files();
    std::vector<std::string> args = {"run", path, "-o", folder.path("s.h5")};
    args.insert(args.end(), more.begin(), more.end());
    const Outcome outcome = run_program(args);
    CHECK(outcome.code == ExitCode::bad_input);
    CHECK(outcome.out.empty());
    CHECK(folder.files() == before);
    // `validate` refuses the same with the same words.
    std::vector<std::string> same = {"validate", path};
    same.insert(same.end(), more.begin(), more.end());
    const Outcome validated = run_program(same);
    CHECK(validated.code == ExitCode::bad_input);
    CHECK(validated.err == outcome.err);
    return folder.without_folder(outcome.err);
  }
};

const sim::UtcSeconds start = sim::utc_from_civil({.year = 2024, .month = 7, .day = 15});

const std::string trace_demand = "requests = { trace = \"t.csv\", repeat = true }";
const std::string with_carbon = tiny_scenario() + "[region.CISO]\ncarbon = { file = \"c.csv\", column = \"g\" }\n";
const std::string with_weather = tiny_scenario() + "[site.a.weather]\nfile = \"w.csv\"\n";

std::string jobs_from(const std::string& log) {
  return "[scenario]\nstart = 2024-07-15T00:00:00Z\nduration = \"2h\"\n[site.a]\nregion = "
         "\"CISO\"\n[site.a.cluster.training]\njobs = { log = \"" +
         log + "\" }\n";
}

}  // namespace

TEST_CASE("refused: an unknown key", "[cli]") {
  CHECK(Refused().message(tiny_with("region =", "regoin =")) ==
        "s.toml:6:1: error: `region` is missing in [site.a]\n"
        "    6 | [site.a]\n"
        "      | ^~~~~~~~ of the grid: a catalogue entry, an alias of one, or a [region.NAME] of the scenario\n"
        "s.toml:7:1: error: unknown key `regoin` in [site.a]\n"
        "    7 | regoin = \"CISO\"\n"
        "      | ^~~~~~ did you mean `region`?\n");
}

TEST_CASE("refused: a wrong type", "[cli]") {
  CHECK_THAT(Refused().message(tiny_with("nodes = 1", "nodes = \"one\"")),
             Contains("s.toml:10:9: error: `site.a.cluster.serving.nodes` is text \"one\"") &&
                 Contains("   10 | nodes = \"one\"\n") && Contains("needed: a whole number"));
}

TEST_CASE("refused: a value out of range", "[cli]") {
  CHECK_THAT(Refused().message(tiny_with("nodes = 1", "nodes = 0")),
             Contains("s.toml:10:9: error: `site.a.cluster.serving.nodes` = 0 is out of range") &&
                 Contains("needed: 1 to 1000000"));
}

TEST_CASE("refused: what is not TOML", "[cli]") {
  CHECK_THAT(Refused().message(tiny_with("nodes = 1", "nodes = = 1")), Contains("s.toml:10:9: error: not TOML: "));
}

TEST_CASE("refused: a missing file, the scenario's own or one that it names", "[cli]") {
  const TemporaryFolder folder;
  const Outcome outcome = run_program({"run", folder.path("nope.toml"), "-o", folder.path("x.h5")});
  CHECK(outcome.code == ExitCode::bad_input);
  CHECK_THAT(outcome.err, Contains("nope.toml: error: there is no such file"));
  CHECK(folder.files().empty());

  CHECK_THAT(Refused().message(with_carbon),
             Contains("s.toml:19:19: error: cannot read c.csv: No such file or directory") &&
                 Contains("paths are relative to the file in which they stand"));
  CHECK_THAT(Refused().message(with_weather), Contains("s.toml:19:8: error: cannot read w.csv: No such file"));
  CHECK_THAT(Refused().message(jobs_from("j.swf")), Contains("cannot read j.swf: No such file"));
  CHECK_THAT(Refused().message(tiny_with("mean_requests_per_s = 0.2", trace_demand)),
             Contains("cannot read t.csv: No such file"));
}

TEST_CASE("refused: a cycle in extends", "[cli]") {
  Refused refused;
  refused.folder.write("b.toml", "extends = \"s.toml\"\n");
  CHECK_THAT(refused.message("extends = \"b.toml\"\n" + tiny_scenario()),
             Contains("b.toml:1:11: error: `extends` goes in a circle: s.toml is being read already"));
}

TEST_CASE("refused: a site on no known region", "[cli]") {
  CHECK_THAT(Refused().message(tiny_with("\"CISO\"", "\"CISX\"")),
             Contains("s.toml:7:10: error: no grid region `CISX`") && Contains("did you mean `CISO`?"));
}

TEST_CASE("refused: no site, or neither service nor job", "[cli]") {
  CHECK_THAT(Refused().message("[scenario]\nduration = \"2h\"\n"), Contains("s.toml: error: the scenario has no site"));
  CHECK_THAT(Refused().message("[site.a]\nregion = \"CISO\"\n[site.a.cluster.x]\n"),
             Contains("s.toml: error: the scenario has neither a service nor jobs"));
}

TEST_CASE("refused: a trace that is not sorted, or has a negative or non-numeric field, by file and line", "[cli]") {
  Refused refused;
  refused.folder.write("t.csv",
                       "TIMESTAMP,ContextTokens,GeneratedTokens\n"
                       "2023-11-16 18:15:46.6805900,100,20\n"
                       "2023-11-16 18:15:45.0000000,100,20\n"
                       "2023-11-16 18:15:47.0000000,-5,20\n"
                       "2023-11-16 18:15:48.0000000,100,many\n"
                       "noon,100,20\n"
                       "2023-11-16 18:15:49.0000000,100\n");
  CHECK(refused.message(tiny_with("mean_requests_per_s = 0.2", trace_demand)) ==
        "t.csv:3: error: the request arrives before the one above it\n       sort the trace by TIMESTAMP\n"
        "t.csv:4: error: `-5` in column ContextTokens is not a number of tokens\n       a whole number, 0 or more\n"
        "t.csv:5: error: `many` in column GeneratedTokens is not a number of tokens\n       a whole number, 0 or more\n"
        "t.csv:6: error: `noon` is no time\n       written as 2023-11-16 18:15:46.6805900\n"
        "t.csv:7: error: 2 fields, the header has 3\n       mend or remove the row\n");
}

TEST_CASE("refused: a job log with the wrong number of fields, by file and line", "[cli]") {
  Refused refused;
  refused.folder.write("j.swf",
                       "; a comment\n"
                       "1 0 -1 100 2 -1 -1 2 -1 -1 1 1 1 1 1 -1 -1 -1\n"
                       "2 10 -1 100 2 -1 -1 2 -1 -1 1 1 1 1 1 -1 -1\n"
                       "3 20 -1 ten 2 -1 -1 2 -1 -1 1 1 1 1 1 -1 -1 -1\n");
  CHECK_THAT(refused.message(jobs_from("j.swf")),
             Contains("j.swf:3: error: 17 fields, a job of the Standard Workload Format has 18") &&
                 Contains("j.swf:4: error: `ten` in field 4 (run time) is not a number"));
}

TEST_CASE("refused: weather with missing hours, the message says which, and offers to interpolate", "[cli]") {
  Refused refused;
  refused.folder.write("w.csv",
                       "time,temperature_2m,relative_humidity_2m\n2024-07-14T23:00Z,20,50\n2024-07-15T00:00Z,20,"
                       "50\n2024-07-15T02:00Z,22,50\n");
  const std::string text = refused.message(with_weather);
  CHECK_THAT(text, Contains("w.csv:4: error: 2024-07-15 01:00 UTC is missing in column `temperature_2m`") &&
                       Contains("set `fill = \"interpolate\"`"));
  CHECK(text.find("2024-07-15 00:00 UTC is missing") == std::string::npos);
}

TEST_CASE("refused: a carbon series that does not cover the run", "[cli]") {
  Refused refused;
  refused.folder.write("c.csv", hourly_csv("time,g", start, 1, [](int) { return "100"; }));
  CHECK_THAT(refused.message(with_carbon),
             Contains("c.csv: error: the file covers 2024-07-15 00:00 UTC to 2024-07-15 00:00 UTC, the run needs "
                      "2024-07-15 00:00 UTC to 2024-07-15 01:00 UTC"));
}

TEST_CASE("refused: a peak interval that is no whole number of ticks", "[cli]") {
  CHECK_THAT(Refused().message(tiny_with("\"2h\"", "\"2h\"\npeak_interval = \"7min\"")),
             Contains("s.toml:5:17: error: the peak interval, \"7min\", is no whole number of ticks of \"5min\""));
}

TEST_CASE("refused: an unset variable of data, in one sentence", "[cli]") {
  const ScopedVariable not_set("FLEETWATT_DATA", std::nullopt);
  const std::string text =
      Refused().message(tiny_scenario() +
                        "[site.a.weather]\nfile = \"$FLEETWATT_DATA/w.csv\"\n[region.CISO]\ncarbon = { file = "
                        "\"$FLEETWATT_DATA/c.csv\" }\n");
  CHECK_THAT(text, Contains("$FLEETWATT_DATA is not set") &&
                       Contains("the folder of measured traces, weather and prices") &&
                       Contains("scenarios/library/two-regions/built-in.toml, which needs none"));
  CHECK(text.find("error:") == text.rfind("error:"));
}

TEST_CASE("a text that begins with a dollar is no path", "[cli]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("s.toml", tiny_with("\"Tiny\"", "\"$5 a kilowatt-hour\""));
  CHECK(run_program({"validate", path}).code == ExitCode::ok);
}

TEST_CASE("refused: a service whose demand is missing, an unknown service's cluster and a bad tolerance", "[cli]") {
  CHECK_THAT(Refused().message(tiny_with("mean_requests_per_s = 0.2", "")),
             Contains("demand is a rate (`mean_requests_per_s`) or a trace (`requests`): one of the two"));
  CHECK_THAT(Refused().message(tiny_scenario() + "[[expect]]\nquantity = \"site.a.peu\"\nvalue = 1\nsource = \"x\"\n"),
             Contains("no quantity `site.a.peu` in a run of this scenario"));
  CHECK_THAT(Refused().message(tiny_scenario() + "[[expect]]\nquantity = \"site.a.pue\"\nvalue = 1\n"),
             Contains("`source` is missing in [expect]"));
}

TEST_CASE("refused: what --set says, at --set", "[cli]") {
  CHECK_THAT(Refused().message(tiny_scenario(), {"--set", "site.a.cooling.suply_air_c=27"}),
             Contains("--set site.a.cooling.suply_air_c=27: error: unknown key `suply_air_c`") &&
                 Contains("did you mean `supply_air_c`?"));
}

TEST_CASE("all faults of a file come at once, in the order of the file", "[cli]") {
  const std::string text = Refused().message(R"([scenario]
duration = 3
tick = "7min"

[site.a]
region = "CISX"
colling = { family = "static-pue" }

[site.a.cluster.serving]
nodes = 0
servr = "dgx-h100"

[service.chat]
model = "llama-3.1-8c"
runs_on = ["a.servin"]

[service.chat.demand]
mean_requests_per_s = -1
time_zone = "Mars/Olympus"
)");
  std::size_t last = 0;
  for (const char* fault :
       {"s.toml:2:12: error: `scenario.duration` is the whole number 3",
        "s.toml:3:8: error: an hour is no whole number of ticks", "s.toml:6:10: error: no grid region `CISX`",
        "s.toml:7:1: error: unknown key `colling`", "s.toml:10:9: error: `site.a.cluster.serving.nodes` = 0",
        "s.toml:11:1: error: unknown key `servr`", "s.toml:14:9: error: no model `llama-3.1-8c`",
        "s.toml:15:11: error: no cluster `a.servin`",
        "s.toml:18:23: error: `service.chat.demand.mean_requests_per_s` = -1",
        "s.toml:19:13: error: no time zone `Mars/Olympus`"}) {
    INFO(fault << "\nin\n" << text);
    const std::size_t at = text.find(fault);
    REQUIRE(at != std::string::npos);
    CHECK(at >= last);
    last = at;
  }
}

TEST_CASE("faults of several data files come at once", "[cli]") {
  Refused refused;
  refused.folder.write("c.csv", "time,g\n2024-07-15 00:00,x\n");
  refused.folder.write("w.csv", "time,humidity\n");
  CHECK_THAT(refused.message(with_carbon + "[site.a.weather]\nfile = \"w.csv\"\n"),
             Contains("c.csv:2: error: `x` is no number") && Contains("w.csv:1: error: no column `temperature_2m`"));
}
