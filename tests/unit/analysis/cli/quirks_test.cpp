// Issue 3, "Real quirks that must work": byte-order mark, CRLF, jobs without a run time, time zones and daylight
// saving, leap days.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;
using analysis::ExitCode;
using Catch::Matchers::Contains;

namespace {

std::string with_crlf(std::string text) {
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2)) text.insert(at, "\r");
  return "\xEF\xBB\xBF" + text;
}

/// Runs a scenario of the folder; its tidy table.
std::string hours_of(const TemporaryFolder& folder, const std::string& scenario) {
  const Outcome run = run_program({"run", folder.write("s.toml", scenario), "-o", folder.path("s.h5"), "--force"});
  INFO(run.err);
  REQUIRE(run.code == ExitCode::ok);
  const Outcome exported = run_program({"export", folder.path("s.h5"), "-o", "-"});
  REQUIRE(exported.code == ExitCode::ok);
  return exported.out;
}

/// Values of one variable of one entity, with their hours.
std::vector<std::string> series(const std::string& table, const std::string& entity, const std::string& variable) {
  std::vector<std::string> found;
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find("," + entity + "," + variable + ",");
    if (at != std::string::npos)
      found.push_back(line.substr(0, line.find(',')) + " " + line.substr(line.rfind(',') + 1));
  }
  return found;
}

const sim::UtcSeconds start = sim::utc_from_civil({.year = 2024, .month = 7, .day = 15});

}  // namespace

TEST_CASE("byte-order mark and CRLF in scenario, trace, log, weather and carbon give the same run", "[cli]") {
  const std::string scenario =
      tiny_with("mean_requests_per_s = 0.2", "requests = { trace = \"t.csv\", repeat = true }") +
      "[site.a.cluster.training]\njobs = { log = \"j.swf\" }\n[site.a.weather]\nfile = \"w.csv\"\n"
      "[region.CISO]\ncarbon = { file = \"c.csv\", column = \"g\" }\n";
  const std::vector<std::pair<std::string, std::string>> files = {
      {"t.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:00.5,100,20\n2023-11-16 18:16:00,200,0\n"},
      {"j.swf",
       "; log\n1 0 -1 100 2 -1 -1 2 -1 -1 1 1 1 1 1 -1 -1 -1\n2 60 -1 100 2 -1 -1 2 -1 -1 1 1 1 1 1 -1 -1 -1\n"},
      {"w.csv", "time,temperature_2m,relative_humidity_2m\n2024-07-15T00:00Z,20,50\n2024-07-15T01:00Z,22,50\n"},
      {"c.csv", hourly_csv("time,g", start, 2, [](int row) { return fmt::format("{}", 100 + row); })}};
  const TemporaryFolder plain, quirky;
  for (const auto& [name, text] : files) {
    plain.write(name, text);
    quirky.write(name, with_crlf(text));
  }
  const std::string table = hours_of(plain, scenario);
  CHECK(table == hours_of(quirky, with_crlf(scenario)));
  CHECK(series(table, "CISO", "region_carbon_intensity_g_per_kwh") ==
        std::vector<std::string>{"2024-07-15T00:00:00Z 100", "2024-07-15T01:00:00Z 101"});
  CHECK(series(table, "a", "site_outdoor_c") ==
        std::vector<std::string>{"2024-07-15T00:00:00Z 20", "2024-07-15T01:00:00Z 22"});
}

TEST_CASE("jobs without a run time are skipped and counted", "[cli]") {
  const TemporaryFolder folder;
  folder.write("j.swf",
               "1 0 -1 100 2 -1 -1 2 -1 -1 1 1 1 1 1 -1 -1 -1\n"
               "2 10 -1 -1 2 -1 -1 2 -1 -1 0 1 1 1 1 -1 -1 -1\n"
               "3 20 -1 100 -1 -1 -1 -1 -1 -1 0 1 1 1 1 -1 -1 -1\n"
               "4 30 -1 100 2 -1 -1 2 -1 -1 1 1 1 1 1 -1 -1 -1\n");
  const std::string path = folder.write(
      "s.toml",
      "[scenario]\nduration = \"2h\"\n[site.a]\nregion = \"CISO\"\n[site.a.cluster.t]\njobs = { log = \"j.swf\" }\n");
  const Outcome run = run_program({"run", path, "-o", folder.path("s.h5")});
  CHECK(run.code == ExitCode::ok);
  CHECK_THAT(run.out,
             Contains("note     a.t: 2 jobs of the log skipped, 1 without a run time and 1 without processors"));
  const auto json = nlohmann::json::parse(run_program({"run", path, "-o", folder.path("s.h5"), "--json"}).out);
  CHECK(json.at("quantities").at("cluster.a.t.jobs").at("value") == 2.0);
  CHECK(json.at("quantities").at("cluster.a.t.jobs_done").at("value") == 2.0);
}

TEST_CASE("a start with an offset is the same moment in UTC", "[cli]") {
  const TemporaryFolder folder;
  const std::string table = hours_of(folder, tiny_with("T00:00:00Z", "T02:00:00+02:00"));
  CHECK(table == hours_of(folder, tiny_scenario()));
}

TEST_CASE("a carbon file in local time with offsets runs through the change to daylight saving", "[cli]") {
  const TemporaryFolder folder;
  // Los Angeles, 10 March 2024: 02:00 does not exist (IANA tzdata).
  folder.write("c.csv", "time,g\n2024-03-10T01:00-08:00,1\n2024-03-10T03:00-07:00,2\n2024-03-10T04:00-07:00,3\n");
  const std::string table = hours_of(folder, tiny_with("2024-07-15T00:00:00Z", "2024-03-10T09:00:00Z") +
                                                 "[region.CISO]\ncarbon = { file = \"c.csv\", column = \"g\" }\n");
  CHECK(series(table, "CISO", "region_carbon_intensity_g_per_kwh") ==
        std::vector<std::string>{"2024-03-10T09:00:00Z 1", "2024-03-10T10:00:00Z 2"});
}

TEST_CASE("the users' hours follow daylight saving: an hour of UTC is another hour of their day", "[cli]") {
  const TemporaryFolder folder;
  const auto requests_on = [&](const std::string& day, const std::string& zone) {
    const std::string scenario = tiny_with("2024-07-15T00:00:00Z", day + "T12:00:00Z");
    const std::string demand = "mean_requests_per_s = 0.2";
    std::string text = scenario;
    text.replace(text.find(demand), demand.size(),
                 "mean_requests_per_s = 5\nshape = \"consumer-chat\"\ntime_zone = \"" + zone + "\"");
    const auto json = nlohmann::json::parse(
        run_program({"run", folder.write("s.toml", text), "-o", folder.path("s.h5"), "--force", "--json"}).out);
    return json.at("quantities").at("service.chat.requests").at("value").get<double>();
  };
  // Fridays before and Mondays after the US change of 10 March 2024: 4 and 5 o'clock in the morning, the curve's steep
  // part. Phoenix has no daylight saving. Same seed, so the same draws: equal rates give equal counts.
  CHECK(requests_on("2024-03-08", "America/Phoenix") == requests_on("2024-03-11", "America/Phoenix"));
  CHECK(requests_on("2024-03-08", "America/Los_Angeles") != requests_on("2024-03-11", "America/Los_Angeles"));
}

TEST_CASE("a run over 29 February has it", "[cli]") {
  const TemporaryFolder folder;
  folder.write("c.csv", hourly_csv("time,g", sim::utc_from_civil({.year = 2024, .month = 2, .day = 28, .hour = 22}), 30,
                                   [](int row) { return fmt::format("{}", row); }));
  const std::string scenario = tiny_with("start    = 2024-07-15T00:00:00Z\nduration = \"2h\"",
                                         "start = 2024-02-28T23:00:00Z\nduration = \"26h\"");
  const auto carbon =
      series(hours_of(folder, scenario + "[region.CISO]\ncarbon = { file = \"c.csv\", column = \"g\" }\n"), "CISO",
             "region_carbon_intensity_g_per_kwh");
  REQUIRE(carbon.size() == 26);
  CHECK(carbon.front() == "2024-02-28T23:00:00Z 1");
  CHECK(carbon.at(1) == "2024-02-29T00:00:00Z 2");
  CHECK(carbon.at(24) == "2024-02-29T23:00:00Z 25");
  CHECK(carbon.back() == "2024-03-01T00:00:00Z 26");
}

TEST_CASE("missing hours that were asked to be filled are filled and flagged", "[cli]") {
  const TemporaryFolder folder;
  folder.write("c.csv", "time,g\n2024-07-15 00:00,100\n2024-07-15 02:00,200\n");
  const std::string scenario =
      tiny_scenario() + "[region.CISO]\ncarbon = { file = \"c.csv\", column = \"g\", fill = \"interpolate\" }\n";
  CHECK(series(hours_of(folder, scenario), "CISO", "region_carbon_intensity_g_per_kwh").back() ==
        "2024-07-15T01:00:00Z 150");
  CHECK_THAT(run_program({"run", folder.path("s.toml"), "-o", folder.path("s.h5")}).out,
             Contains("flags    CISO: 1 of 2 hours interpolated in c.csv"));
}

TEST_CASE("a region by another name is said to be the one that it is", "[cli]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("s.toml", tiny_with("\"CISO\"", "\"us-cal-ciso\""));
  CHECK_THAT(run_program({"run", path, "-o", folder.path("s.h5")}).out,
             Contains("note     region us-cal-ciso is CISO (California ISO)"));
}
