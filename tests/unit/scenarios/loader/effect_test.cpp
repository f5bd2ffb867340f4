// Keys that change nothing are refused where they stand, and defaults that follow from the rest of the scenario.
#include "scenarios/loader/effect.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "scenarios/loader/build_fleet.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::scenarios;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

const std::string static_pue = "[site.a.cooling]\nfamily = \"static-pue\"\n";

std::string image_scenario(const std::string& more = "") {
  return tiny_with("model   = \"llama-3.1-8b\"", "model = \"stable-diffusion-3-medium\"\ndiffusion = {}") + more;
}

const ServiceSpec& chat(const LoadedScenario& loaded) {
  return loaded.scenario.service.at("chat");
}

}  // namespace

TEST_CASE("a key that changes nothing is refused at its place", "[loader]") {
  CHECK(
      faults_of(tiny_scenario() + static_pue + "[site.a.power]\nredundancy = \"2N\"\n")
          .find(
              "s.toml:20:9: error: `site.a.power` changes nothing: a given PUE has the power chain's losses in it\n") ==
      0);
  const auto idle = [](const std::string& text, const std::string& key) {
    CHECK_THAT(faults_of(text), Contains("`" + key + "` changes nothing: "));
  };
  idle(tiny_scenario() + "[site.a.power]\nredundancy = \"2N\"\nups_modules = 3\n", "site.a.power.ups_modules");
  idle(tiny_with("nodes = 1", "nodes = 1\nscheduler = \"fcfs\""), "site.a.cluster.serving.scheduler");
  idle(tiny_with("model ", "kv_block_tokens = 32\nmodel "), "service.chat.kv_block_tokens");
  idle(tiny_scenario() + "time_zone = \"Europe/Berlin\"\n", "service.chat.demand.time_zone");
  idle(tiny_with("mean_requests_per_s = 0.2", "requests = { trace = \"t.csv\" }\nlengths.prompt = { fixed = 5 }"),
       "service.chat.demand.lengths");
  idle(tiny_scenario() + "[region.CISO]\ncarbon_basis = \"life-cycle\"\ncarbon = { file = \"c.csv\" }\n",
       "region.CISO.carbon_basis");
  std::string jobs = tiny_jobs_scenario();
  jobs.replace(jobs.find("synthetic ="), 0, "processor = \"node\", ");
  idle(jobs, "site.a.cluster.training.jobs.processor");
}

TEST_CASE("a diffusion service has no lengths at all", "[loader]") {
  CHECK(faults_of(image_scenario()).empty());
  CHECK_THAT(faults_of(image_scenario("lengths.prompt = { fixed = 20 }\n")),
             Contains("`demand.lengths` means nothing to stable-diffusion-3-medium"));
}

TEST_CASE("what is laid over a base may make its keys idle, what is laid last may not be idle", "[loader]") {
  const std::string power = tiny_scenario() + "[site.a.power]\nredundancy = \"2N\"\n";
  CHECK(faults_of(power, {"site.a.cooling={ family = \"static-pue\", pue = 1.2 }"}).empty());
  CHECK_THAT(faults_of(tiny_scenario() + static_pue, {"site.a.power.redundancy=2N"}), Contains("changes nothing"));
  CHECK(faults_of(tiny_scenario() + "shape = \"office\"\ntime_zone = \"Europe/Berlin\"\n",
                  {"service.chat.demand.shape=flat"})
            .empty());
}

TEST_CASE("one law takes the place of another, on the command line as in a file that extends", "[loader]") {
  const std::string laws =
      tiny_scenario() +
      "lengths.prompt = { lognormal = { median = 50 } }\nlengths.output = { quantiles = [[0, 1], [1, 9]] }\n";
  const auto loaded = loaded_from(laws, {"service.chat.demand.lengths.prompt={ fixed = 100 }",
                                         "service.chat.demand.lengths.output.lognormal.median=7"});
  const LengthsSpec& lengths = chat(loaded).demand.lengths;
  CHECK(lengths.prompt.fixed == 100.0);
  CHECK_FALSE(lengths.prompt.lognormal.has_value());
  CHECK(lengths.output.quantiles.empty());
  REQUIRE(lengths.output.lognormal.has_value());
  CHECK(lengths.output.lognormal->median == 7.0);

  const TemporaryFolder folder;
  folder.write("base.toml", laws + "[region.CISO]\ncarbon = { file = \"c.csv\" }\nprice_usd_per_mwh = 5\n");
  const auto over =
      load_scenario(folder.write("s.toml",
                                 "extends = \"base.toml\"\nservice.chat.demand.requests = { trace = \"t.csv\" }\n"
                                 "[region.CISO]\ncarbon_intensity_g_per_kwh = 5\nprice = { file = \"p.csv\" }\n"),
                    {});
  CHECK_FALSE(chat(over).demand.mean_requests_per_s.has_value());
  CHECK_FALSE(over.scenario.region.at("CISO").carbon.has_value());
  CHECK_FALSE(over.scenario.region.at("CISO").price_usd_per_mwh.has_value());
  const auto back = load_scenario(
      folder.path("s.toml"), {"service.chat.demand.mean_requests_per_s=3", "region.CISO.carbon={ file = \"d.csv\" }"});
  CHECK_FALSE(chat(back).demand.requests.has_value());
  CHECK(back.scenario.region.at("CISO").carbon->file == "d.csv");
  CHECK_FALSE(back.scenario.region.at("CISO").carbon_intensity_g_per_kwh.has_value());
  CHECK(loaded_from(tiny_jobs_scenario(), {"site.a.cluster.training.jobs.log=x.swf"})
            .scenario.site.at("a")
            .cluster.at("training")
            .jobs->log == "x.swf");
}

TEST_CASE("naming the family that is in force changes nothing", "[loader]") {
  const std::string tower = tiny_scenario() + "[site.a.cooling]\nsupply_air_c = 30\n";
  const auto cooling = loaded_from(tower, {"site.a.cooling.family=tower-economizer"}).scenario.site.at("a").cooling;
  CHECK(std::get<models::TowerEconomizer>(cooling).supply_air_c == 30.0);
  const auto fixed = loaded_from(tower, {"site.a.cooling={ family = \"static-pue\", pue = 1.2 }"});
  CHECK(std::get<models::StaticPue>(fixed.scenario.site.at("a").cooling).pue == 1.2);
}

TEST_CASE("a precision that is not named is the one that the model is published in", "[loader]") {
  const auto precision = [](const std::string& model, const std::vector<std::string>& overrides = {}) {
    return chat(loaded_from(tiny_with("llama-3.1-8b", model), overrides)).precision;
  };
  CHECK(precision("llama-3.1-8b") == models::WeightPrecision::bf16);
  CHECK(precision("gpt-oss-120b") == models::WeightPrecision::mxfp4);
  CHECK(precision("gpt-oss-120b", {"service.chat.precision=bf16"}) == models::WeightPrecision::bf16);
  const auto loaded = loaded_from(tiny_with("llama-3.1-8b", "deepseek-r1"), {"site.a.cluster.serving.server=dgx-h200"});
  CHECK(chat(loaded).precision == models::WeightPrecision::fp8);
}

TEST_CASE("a clock that is not named is that of the sites, where they agree", "[loader]") {
  const std::string office = tiny_scenario() + "shape = \"office\"\n";
  CHECK(chat(loaded_from(office)).demand.time_zone == "America/Los_Angeles");
  CHECK(chat(loaded_from(office, {"site.a.region=PJM"})).demand.time_zone == "America/New_York");
  CHECK(chat(loaded_from(office, {"site.a.climate=london"})).demand.time_zone == "Europe/London");
  CHECK(chat(loaded_from(office, {"service.chat.demand.time_zone=Asia/Tokyo"})).demand.time_zone == "Asia/Tokyo");
  const std::string two = "[site.b]\nregion = \"PJM\"\n[site.b.cluster.serving]\n";
  const std::vector<std::string> on_both = {"service.chat.runs_on=a.serving,b.serving"};
  CHECK_THAT(faults_of(office + two, on_both),
             Contains("the sites of [service.chat] are in 2 time zones, America/Los_Angeles and America/New_York") &&
                 Contains("say whose: time_zone ="));
  CHECK(faults_of(tiny_scenario() + two, on_both).empty());
  CHECK(faults_of(office + "time_zone = \"Asia/Tokyo\"\n" + two, on_both).empty());
}

namespace {

/// A trace of requests at these seconds.
std::string trace_of(const std::vector<int>& seconds) {
  std::string text = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
  for (const int s : seconds) text += fmt::format("2023-11-16 18:{:02}:{:02}.0,10,5\n", s / 60, s % 60);
  return text;
}

/// Flags of building the tiny scenario with a trace, or what is wrong with it.
std::string told(const std::vector<int>& seconds, const std::string& requests, const std::string& duration = "2h") {
  const TemporaryFolder folder;
  folder.write("t.csv", trace_of(seconds));
  std::string text = tiny_with("mean_requests_per_s = 0.2", "requests = { trace = \"t.csv\"" + requests + " }");
  text.replace(text.find("\"2h\""), 4, "\"" + duration + "\"");
  try {
    auto loaded = load_scenario(folder.write("s.toml", text), {});
    std::string flags;
    for (const auto& flag : build_fleet(loaded).fleet.flags) flags += flag.subject + ": " + flag.text + "\n";
    return flags;
  } catch (const sim::InputError& error) {
    return folder.without_folder(error.what());
  }
}

}  // namespace

TEST_CASE("a trace that ends before the run is told, one that repeats is not", "[loader]") {
  CHECK(told({0, 900, 1800, 2700}, "") == "chat: the trace ends after 1 h of 2 h; no requests after that\n");
  CHECK(told({0, 600}, "", "4h") == "chat: the trace ends after 0.333 h of 4 h; no requests after that\n");
  CHECK(told({0, 900, 1800, 2700}, ", repeat = true").empty());
  CHECK(told({0, 900, 1800, 2700}, "", "1h").empty());
}

TEST_CASE("a trace of one moment cannot begin again, nor one that asks for more than a rate may", "[loader]") {
  CHECK_THAT(told({7, 7}, ", repeat = true"), Contains("s.toml:17:40: error: ") &&
                                                  Contains("the 2 requests of t.csv arrive at one moment") &&
                                                  Contains("repeat = false, or a trace with requests at two times"));
  CHECK_THAT(told({7, 7, 7}, ", repeat = true, scale = 3"), Contains("the 3 requests of t.csv arrive at one moment"));
  CHECK_THAT(told({7, 7}, ""), Contains("the trace ends after"));
  CHECK_THAT(told(std::vector<int>(300, 0), ", repeat = true"), Contains("arrive at one moment"));
  std::vector<int> crowd(2000, 0);
  crowd.back() = 1;
  CHECK_THAT(told(crowd, ", repeat = true, scale = 100000"),
             Contains("t.csv repeated asks for 2e+08 requests/s") && Contains("at most 10000000: fewer copies"));
}

TEST_CASE("a run that the jobs of a log miss, or outlast, is told", "[loader]") {
  const auto flags = [](const std::string& from, double submit_s) {
    const TemporaryFolder folder;
    folder.write("l.swf", fmt::format("1 {} 0 600 8 -1 -1 8 600 -1 1 1 1 1 1 1 -1 -1\n", submit_s));
    std::string text = tiny_jobs_scenario();
    text.replace(text.find("synthetic = { mean_interarrival_s = 600 }"), 41,
                 "log = \"l.swf\", from = \"" + from + "\"");
    auto loaded = load_scenario(folder.write("s.toml", text), {});
    const auto built = build_fleet(loaded);
    return built.fleet.flags.empty() ? std::string()
                                     : built.fleet.flags.front().subject + ": " + built.fleet.flags.front().text;
  };
  CHECK(flags("0s", 7000).empty());
  CHECK(flags("0s", 1800) == "a.training: l.swf ends after 0.5 h of 2 h; no jobs after that");
  CHECK(flags("3h", 1800) == "a.training: no job of l.swf falls into the run");
  CHECK(flags("0s", 7300) == "a.training: no job of l.swf falls into the run");
}
