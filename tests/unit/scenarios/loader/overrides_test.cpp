// `--set path=value`, through the loader.
#include "scenarios/loader/overrides.hpp"

#include <catch2/catch.hpp>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::scenarios;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

Scenario with(const std::vector<std::string>& overrides, const std::string& more = "") {
  return loaded_from(tiny_scenario() + more, overrides).scenario;
}

std::string fault(const std::string& override_text) {
  return faults_of(tiny_scenario(), {override_text});
}

}  // namespace

TEST_CASE("a value is read by the type of its key: bare words need no quotes", "[loader]") {
  CHECK(with({"scenario.title=My fleet"}).scenario.title == "My fleet");
  CHECK(with({"scenario.title=\"My fleet\""}).scenario.title == "My fleet");
  CHECK(with({"scenario.title=2024"}).scenario.title == "2024");
  CHECK(with({R"(scenario.title="My \"own\" fleet")"}).scenario.title == "My \"own\" fleet");
  CHECK(with({R"(scenario.title=C:\fleets)"}).scenario.title == "C:\\fleets");
  CHECK(with({"scenario.title=a=b"}).scenario.title == "a=b");
  CHECK(with({"scenario.duration=3h"}).scenario.duration == sim::one_hour * 3);
  CHECK(with({"scenario.duration=\"3h\""}).scenario.duration == sim::one_hour * 3);
  CHECK(with({"scenario.seed=42"}).scenario.seed == 42);
  CHECK(with({"scenario.start=2024-02-29T00:00:00Z"}).scenario.start ==
        sim::utc_from_civil({.year = 2024, .month = 2, .day = 29}));
  CHECK(with({"service.chat.precision=fp8"}).service.at("chat").precision == models::WeightPrecision::fp8);
  CHECK(with({"service.chat.demand.mean_requests_per_s=0.5"}).service.at("chat").demand.mean_requests_per_s == 0.5);
  CHECK(with({"service.chat.demand.mean_requests_per_s=1"}).service.at("chat").demand.mean_requests_per_s == 1.0);
  CHECK(with({"site.a.it_capacity_mw=0.3"}).site.at("a").it_capacity_w == Approx(3e5));
  CHECK(with({"service.chat.slo={ ttft_p99_s = 3 }"}).service.at("chat").slo.ttft_p99_s == 3.0);
  CHECK(with({"service.chat.demand.lengths.prompt.quantiles=[[0, 5], [1, 50]]"})
            .service.at("chat")
            .demand.lengths.prompt.quantiles.size() == 2);
  CHECK(with({"routing.shares={ a = 1 }"}).routing.shares.at("a") == 1.0);
  CHECK(with({"routing.shares.a=0.5"}).routing.shares.at("a") == 0.5);
}

TEST_CASE("lists are written with or without brackets", "[loader]") {
  const std::string more = "[site.a.cluster.more]\n";
  using Names = std::vector<std::string>;
  CHECK(with({"service.chat.runs_on=a.serving"}).service.at("chat").runs_on == Names{"a.serving"});
  CHECK(with({"service.chat.runs_on=a.serving, a.more "}, more).service.at("chat").runs_on ==
        Names{"a.serving", "a.more"});
  CHECK(with({"service.chat.runs_on=\"a.serving\",\"a.more\""}, more).service.at("chat").runs_on ==
        Names{"a.serving", "a.more"});
  CHECK(with({"service.chat.runs_on=[\"a.serving\", \"a.more\"]"}, more).service.at("chat").runs_on ==
        Names{"a.serving", "a.more"});
  const auto means = with({"catalog.climate.san-jose.dry_bulb_mean_c=1,2,3,4,5,6,7,8,9,10,11,12"})
                         .catalog.climate.at("san-jose")
                         .dry_bulb_mean_c;
  REQUIRE(means.size() == 12);
  CHECK(means.back() == 12.0);
}

TEST_CASE("a family is chosen by name, and then has its own keys", "[loader]") {
  const auto cooling = with({"site.a.cooling.family=static-pue", "site.a.cooling.pue=1.25"}).site.at("a").cooling;
  CHECK(std::get<models::StaticPue>(cooling).pue == 1.25);
  CHECK_THAT(fault("site.a.cooling.pue=1.25"), Contains("unknown key `pue` in [site.a.cooling]"));
}

TEST_CASE("a family with its keys in one table", "[loader]") {
  const auto scenario = with({"site.a.cooling={ family = \"static-pue\", pue = 1.4 }"});
  CHECK(std::get<models::StaticPue>(scenario.site.at("a").cooling).pue == 1.4);
}

TEST_CASE("a later one wins, and the command line over the file", "[loader]") {
  CHECK(with({"scenario.seed=4", "scenario.seed=5"}).scenario.seed == 5);
  CHECK(with({"service.chat.model=llama-3.1-70b"}).service.at("chat").model == "llama-3.1-70b");
}

TEST_CASE("a star sets a value in all that match", "[loader]") {
  const std::string more = "[site.b]\nregion = \"PJM\"\n[site.b.cluster.serving]\n";
  const auto all = with({"site.*.power.redundancy=2N"}, more);
  CHECK(all.site.at("a").power.redundancy == models::Redundancy::two_n);
  CHECK(all.site.at("b").power.redundancy == models::Redundancy::two_n);
  const auto some = with({"site.*.cluster.serv*.nodes=3"}, more);
  CHECK(some.site.at("b").cluster.at("serving").nodes == 3);
  CHECK(some.site.at("a").cluster.at("serving").nodes == 3);
  CHECK(with({"site.b*.power.redundancy=2N"}, more).site.at("a").power.redundancy == models::Redundancy::n_plus_1);
  CHECK(fault("site.x*.region=PJM") ==
        "--set site.x*.region=PJM: error: nothing matches `site.x*.region`\n       `*` stands for names that are in "
        "the scenario\n");
}

TEST_CASE("catalogue entries are set by their quoted names", "[loader]") {
  CHECK(with({"catalog.model.\"llama-3.1-8b\".layers=16"}).catalog.model.at("llama-3.1-8b").layers == 16);
}

TEST_CASE("an unknown key is told its nearest", "[loader]") {
  CHECK(fault("site.a.cooling.suply_air_c=27") ==
        "--set site.a.cooling.suply_air_c=27: error: unknown key `suply_air_c` in `site.a.cooling.suply_air_c`\n"
        "       did you mean `supply_air_c`?\n");
  CHECK_THAT(fault("sit.a.region=CISO"),
             Contains("unknown key `sit` in `sit.a.region`") && Contains("did you mean `site`?"));
  CHECK_THAT(fault("site.a.cooling.famly=static-pue"), Contains("did you mean `family`?"));
}

TEST_CASE("a site, service or cluster that is not there is told the nearest", "[loader]") {
  CHECK(fault("site.b.region=CISO") ==
        "--set site.b.region=CISO: error: no site `b` in the scenario\n       did you mean `a`?\n");
  CHECK_THAT(fault("service.caht.batch_limit=3"),
             Contains("no service `caht` in the scenario") && Contains("did you mean `chat`?"));
  CHECK_THAT(fault("site.a.cluster.servin.nodes=3"),
             Contains("no cluster `servin` in the scenario") && Contains("did you mean `serving`?"));
}

TEST_CASE("faults of the value stand at the override", "[loader]") {
  CHECK(fault("scenario.seed=abc") ==
        "--set scenario.seed=abc: error: `scenario.seed` is text \"abc\"\n       needed: a whole number\n");
  CHECK_THAT(
      fault("site.a.cooling.supply_air_c=99"),
      Contains("--set site.a.cooling.supply_air_c=99: error: `site.a.cooling.supply_air_c` = 99 is out of range") &&
          Contains("needed: 10 to 40 C"));
  CHECK_THAT(fault("scenario.duration=3 days"), Contains("`scenario.duration` is text \"3 days\""));
  CHECK_THAT(fault("site.a.cooling.family=tower"), Contains("did you mean `tower-economizer`?"));
  CHECK(fault("seed") ==
        "--set seed: error: no `=` in it\n       write --set PATH=VALUE, such as --set "
        "site.dallas.cooling.supply_air_c=27\n");
  CHECK_THAT(fault("site.a=5"), Contains("`site.a` is the whole number 5"));
}
