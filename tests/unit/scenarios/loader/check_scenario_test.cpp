// Each fault that right keys and ranges do not catch, with its text.
#include "scenarios/loader/check_scenario.hpp"

#include <catch2/catch.hpp>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::scenarios;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

std::string with(const std::string& old_text, const std::string& new_text) {
  return faults_of(tiny_with(old_text, new_text));
}
std::string and_also(const std::string& more) {
  return faults_of(tiny_scenario() + more);
}

const std::string second_service =
    "[service.two]\nmodel = \"llama-3.1-8b\"\nruns_on = [\"a.serving\"]\nreplicas = 5\ndemand = { mean_requests_per_s "
    "= 1 }\n";

}  // namespace

TEST_CASE("the tiny scenarios are right", "[loader]") {
  CHECK(faults_of(tiny_scenario()).empty());
  CHECK(faults_of(tiny_jobs_scenario()).empty());
}

TEST_CASE("start, length, tick and peak interval go together", "[loader]") {
  CHECK_THAT(with("T00:00:00Z", "T00:30:00Z"),
             Contains("s.toml:3:12: error: the run starts at 2024-07-15T00:30:00Z, within an hour") &&
                 Contains("start on a whole hour of UTC"));
  CHECK(with("T00:00:00Z", "T05:30:00+05:30").empty());
  CHECK_THAT(with("\"2h\"", "\"90min\""),
             Contains("s.toml:4:12: error: the run's length, \"90min\", is no whole number of hours"));
  CHECK_THAT(with("\"2h\"", "\"2h\"\ntick = \"7min\""),
             Contains("s.toml:5:8: error: an hour is no whole number of ticks of \"7min\"") &&
                 Contains("such as \"1min\", \"5min\", \"15min\" or \"1h\""));
  CHECK_THAT(with("\"2h\"", "\"2h\"\ntick = \"1500ms\""), Contains("an hour is no whole number of ticks of \"1.5s\""));
  CHECK_THAT(with("\"2h\"", "\"2h\"\npeak_interval = \"12min\""),
             Contains("s.toml:5:17: error: the peak interval, \"12min\", is no whole number of ticks of \"5min\"") &&
                 Contains("set `peak_interval` to a multiple of `tick`"));
  CHECK_THAT(with("\"2h\"", "\"2h\"\ntick = \"10min\""),
             Contains("s.toml:1:1: error: the peak interval, \"15min\", is no whole number of ticks of \"10min\""));
  CHECK_THAT(with("\"2h\"", "\"2h\"\npeak_interval = \"3h\""),
             Contains("the peak interval, \"3h\", is longer than the run") && Contains("at most `duration`, \"2h\""));
}

TEST_CASE("names that would break paths are refused", "[loader]") {
  for (const std::string name : {"\"us.west\"", "\"\"", "\"two words\"", "\"a*\"", "\"a,b\""}) {
    INFO(name);
    CHECK_THAT(and_also("[site." + name + "]\nregion = \"CISO\"\n[site." + name + ".cluster.x]\n"),
               Contains("cannot be a name") && Contains("letters, digits, - and _"));
  }
  CHECK_THAT(and_also("[site.a.cluster.\"x.y\"]\n"), Contains("`x.y` cannot be a name"));
  CHECK_THAT(and_also("[service.\"x y\"]\nmodel = \"llama-3.1-8b\"\nruns_on = [\"a.serving\"]\ndemand = { "
                      "mean_requests_per_s = 1 }\n"),
             Contains("`x y` cannot be a name"));
}

TEST_CASE("a site needs a region that is known, a climate and servers", "[loader]") {
  const std::string unknown = with("\"CISO\"", "\"CIS0\"");
  CHECK_THAT(unknown, Contains("s.toml:7:10: error: no grid region `CIS0`") && Contains("did you mean `CISO`?"));
  CHECK(unknown.find("climate") == std::string::npos);  // one fault, one message
  CHECK_THAT(with("\"CISO\"", "\"nowhere-at-all\""),
             Contains("no grid region `nowhere-at-all`") && Contains("one of: "));
  CHECK(with("\"CISO\"", "\"CAISO\"").empty());  // an alias
  CHECK_THAT(with("region = \"CISO\"", "climate = \"san-jose\""), Contains("`region` is missing in [site.a]"));
  CHECK_THAT(with("\"CISO\"", "\"CISO\"\nclimate = \"san-jse\""),
             Contains("no climate `san-jse` in the catalogue") && Contains("did you mean `san-jose`?"));
  CHECK_THAT(and_also("[site.b]\nregion = \"CISO\"\n"),
             Contains("[site.b] has no servers") && Contains("give it a [site.b.cluster.NAME]"));
}

TEST_CASE("a region of the scenario's own needs carbon, price and its sites a climate", "[loader]") {
  const std::string own = tiny_with("\"CISO\"", "\"MINE\"");
  CHECK_THAT(faults_of(own + "[region.MINE]\nprice_usd_per_mwh = 50\n"),
             Contains("region `MINE` is not in the catalogue, so it needs a carbon intensity and a price"));
  const std::string both = "[region.MINE]\nprice_usd_per_mwh = 50\ncarbon_intensity_g_per_kwh = 100\n";
  CHECK_THAT(faults_of(own + both),
             Contains("[site.a] has neither `climate` nor `weather`, and its region names no climate") &&
                 Contains("name a climate"));
  CHECK(faults_of(tiny_with("\"CISO\"", "\"MINE\"\nclimate = \"san-jose\"") + both).empty());
  CHECK_THAT(faults_of(own + "[catalog.region.MINE]\ntitle = \"Mine\"\n"),
             Contains("[site.a] has neither `climate` nor `weather`"));
  CHECK_THAT(faults_of(own + "[catalog.region.MINE]\nclimate = \"atlantis\"\n"),
             Contains("region `MINE` names the climate `atlantis`, which is not in the catalogue"));
}

TEST_CASE("a region is described under its own name, and each value once", "[loader]") {
  CHECK_THAT(and_also("[region.US-CAL-CISO]\nprice_usd_per_mwh = 50\n"),
             Contains("`US-CAL-CISO` is another name of the region CISO") && Contains("write [region.CISO]"));
  CHECK_THAT(and_also("[region.CISO]\nprice_usd_per_mwh = 50\nprice = { file = \"p.csv\" }\n"),
             Contains("`price` and `price_usd_per_mwh` both") && Contains("one of the two"));
  CHECK_THAT(and_also("[region.CISO]\ncarbon_intensity_g_per_kwh = 50\ncarbon = { file = \"p.csv\" }\n"),
             Contains("`carbon` and `carbon_intensity_g_per_kwh` both"));
}

TEST_CASE("servers, accelerators, models and climates are of the catalogue, and whole", "[loader]") {
  CHECK_THAT(with("nodes = 1", "server = \"dgx-h10\""),
             Contains("no server `dgx-h10` in the catalogue") && Contains("did you mean `dgx-h100`?"));
  CHECK_THAT(with("llama-3.1-8b", "llama-3.1-8"),
             Contains("no model `llama-3.1-8` in the catalogue") && Contains("did you mean `llama-3.1-8b`?"));
  CHECK_THAT(with("nodes = 1", "server = \"box\"") +
                 faults_of(tiny_with("nodes = 1", "server = \"box\"") + "[catalog.server.box]\ngpus = 4\n"),
             Contains("the server `box` has no accelerator, rated_kw") && Contains("extends = \"NAME\""));
  CHECK_THAT(faults_of(tiny_with("nodes = 1", "server = \"box\"") +
                       "[catalog.server.box]\nextends = \"dgx-h100\"\naccelerator = \"h-100\"\n"),
             Contains("no accelerator `h-100` in the catalogue"));
  CHECK_THAT(
      faults_of(tiny_with("nodes = 1", "server = \"box\"") +
                "[catalog.server.box]\nextends = \"dgx-h100\"\naccelerator = \"new\"\n[catalog.accelerator.new]\ntdp_w "
                "= 500\n"),
      Contains("the accelerator `new` has no idle_w, bf16_tflop_per_s, memory_gb, memory_tb_per_s, link_gb_per_s"));
  CHECK_THAT(faults_of(tiny_with("llama-3.1-8b", "mine") + "[catalog.model.mine]\nparameters_billion = 8\n"),
             Contains("the model `mine` has no dense_read_billion, layers, hidden, heads, kv_heads, head_dim"));
  CHECK_THAT(faults_of(tiny_with("\"CISO\"", "\"CISO\"\nclimate = \"mine\"") +
                       "[catalog.climate.mine]\nextends = \"san-jose\"\ndaily_range_k = [1, 2]\n"),
             Contains("the climate `mine` has no daily_range_k"));
}

TEST_CASE("jobs come from a log or are synthetic", "[loader]") {
  const auto jobs = [](const std::string& text) { return and_also("[site.a.cluster.t]\njobs = " + text + "\n"); };
  CHECK_THAT(jobs("{}"), Contains("jobs come from a `log` or are `synthetic`: one of the two"));
  CHECK_THAT(jobs("{ log = \"x.swf\", synthetic = {} }"), Contains("one of the two"));
  CHECK(jobs("{ synthetic = {} }").empty());
}

TEST_CASE("a service runs on clusters that are there and free", "[loader]") {
  CHECK_THAT(with("[\"a.serving\"]", "[\"a.servin\"]"),
             Contains("no cluster `a.servin`") && Contains("did you mean `a.serving`?"));
  CHECK_THAT(with("[\"a.serving\"]", "[\"b*.serving\"]"), Contains("no cluster `b*.serving`"));
  CHECK(with("[\"a.serving\"]", "[\"*.serving\"]").empty());
  CHECK_THAT(with("[\"a.serving\"]", "[]"), Contains("an empty list") && Contains("name clusters as SITE.CLUSTER"));
  CHECK_THAT(with("runs_on = [\"a.serving\"]", ""), Contains("`runs_on` is missing in [service.chat]"));
  CHECK_THAT(with("nodes = 1", "jobs = { synthetic = {} }"),
             Contains("cluster `a.serving` runs jobs") && Contains("a cluster runs jobs or services, not both"));
}

TEST_CASE("a replica fits on its GPUs, and the replicas on the cluster", "[loader]") {
  CHECK_THAT(with("llama-3.1-8b\"", "llama-3.1-405b\"\ntensor_parallel = 2"),
             Contains("does not fit on 2 x") && Contains("tensor_parallel = 16 or more"));
  CHECK_THAT(with("llama-3.1-8b\"", "llama-3.1-405b\""),
             Contains("cluster `a.serving` has 8 GPUs, 16 are needed") && Contains("more nodes, or fewer replicas"));
  CHECK(with("llama-3.1-8b\"", "llama-3.1-405b\"\nprecision = \"fp8\"").empty());
  CHECK_THAT(with("llama-3.1-8b\"", "llama-3.1-8b\"\nreplicas = 9"),
             Contains("cluster `a.serving` has 8 GPUs, 9 are needed"));
}

TEST_CASE("services that share a cluster say their replicas, and fit together", "[loader]") {
  CHECK_THAT(and_also(second_service),
             Contains("cluster `a.serving` is shared by 2 services") && Contains("give each service its `replicas`"));
  const auto shared = [](int replicas) {
    return faults_of(tiny_with("llama-3.1-8b\"", "llama-3.1-8b\"\nreplicas = " + std::to_string(replicas)) +
                     second_service);
  };
  CHECK(shared(3).empty());
  CHECK_THAT(shared(4), Contains("cluster `a.serving` has 8 GPUs, its services chat and two need 9") &&
                            Contains("more nodes, or fewer replicas"));
}

TEST_CASE("hardware without serving constants or FP8 is refused by name", "[loader]") {
  const std::string box =
      "[catalog.server.box]\nextends = \"dgx-h100\"\naccelerator = \"other\"\n[catalog.accelerator.other]\nextends = "
      "\"h100-sxm\"\n";
  CHECK_THAT(faults_of(tiny_with("nodes = 1", "server = \"box\"") + box + "engine = \"\"\n"),
             Contains("no serving constants for") && Contains("of cluster `a.serving`"));
}

TEST_CASE("demand is a rate or a trace, in a time zone, of one law for lengths", "[loader]") {
  CHECK_THAT(with("mean_requests_per_s = 0.2", ""),
             Contains("demand is a rate (`mean_requests_per_s`) or a trace (`requests`): one of the two"));
  CHECK_THAT(with("mean_requests_per_s = 0.2", "mean_requests_per_s = 0.2\nrequests = { trace = \"t.csv\" }"),
             Contains("one of the two"));
  CHECK_THAT(with("mean_requests_per_s = 0.2", "requests = { trace = \"t.csv\", scale = 2 }"),
             Contains("copies of a trace that start at different places must wrap around its end") &&
                 Contains("repeat = true"));
  CHECK_THAT(with("mean_requests_per_s = 0.2", "requests = {}"),
             Contains("`trace` is missing in [service.chat.demand.requests]"));
  CHECK_THAT(
      with("mean_requests_per_s = 0.2", "mean_requests_per_s = 0.2\ntime_zone = \"Los Angeles\""),
      Contains("no time zone `Los Angeles`") && Contains("an IANA name such as America/Los_Angeles or Europe/Berlin"));
  CHECK_THAT(with("mean_requests_per_s = 0.2",
                  "mean_requests_per_s = 0.2\nlengths = { prompt = { fixed = 5, lognormal = {} } }"),
             Contains("more than one law for the same length"));
  CHECK(with("mean_requests_per_s = 0.2", "mean_requests_per_s = 0.2\nlengths = { prompt = { fixed = 5 } }").empty());
}

TEST_CASE("a part of a default law can be changed", "[loader]") {
  const auto lengths =
      loaded_from(tiny_with("mean_requests_per_s = 0.2",
                            "mean_requests_per_s = 0.2\nlengths = { prompt = { lognormal = { sigma = 0.5 } } }"))
          .scenario.service.at("chat")
          .demand.lengths;
  CHECK(lengths.prompt.lognormal.value().sigma == 0.5);
  CHECK(lengths.prompt.lognormal.value().median == LengthsSpec{}.prompt.lognormal.value().median);
  CHECK(lengths.output.lognormal.value().sigma == LengthsSpec{}.output.lognormal.value().sigma);
}

TEST_CASE("shares go to sites that are there and run the service", "[loader]") {
  CHECK_THAT(and_also("[routing]\nshares = { aa = 1 }\n"), Contains("no site `aa`") && Contains("did you mean `a`?"));
  CHECK_THAT(and_also("[routing]\nshares = { a = 0 }\n"),
             Contains("no share goes to a site that runs service `chat`") && Contains("give one of its sites a share"));
  CHECK_THAT(and_also("[routing]\npolicy = \"least-carbon\"\n"),
             Contains("no policy `least-carbon` for `routing.policy`") && Contains("one of: fixed-shares"));
}

TEST_CASE("there must be something to run", "[loader]") {
  CHECK(faults_of("") == "s.toml: error: the scenario has no site\n       give it a [site.NAME]\n");
  CHECK(faults_of("[scenario]\nduration = \"2h\"\n") ==
        "s.toml: error: the scenario has no site\n       give it a [site.NAME]\n");
  CHECK(faults_of("[site.a]\nregion = \"CISO\"\n[site.a.cluster.x]\n") ==
        "s.toml: error: the scenario has neither a service nor jobs\n       give it a [service.NAME], or a cluster its "
        "`jobs`\n");
}

TEST_CASE("patterns find clusters by SITE.CLUSTER", "[loader]") {
  const Scenario scenario =
      loaded_from(tiny_scenario() + "[site.b]\nregion = \"PJM\"\n[site.b.cluster.serving]\n[site.b.cluster.training]\n")
          .scenario;
  using Names = std::vector<std::string>;
  CHECK(clusters_matching(scenario, "*.serving") == Names{"a.serving", "b.serving"});
  CHECK(clusters_matching(scenario, "b.*") == Names{"b.serving", "b.training"});
  CHECK(clusters_matching(scenario, "*") == Names{});
  CHECK(clusters_matching(scenario, "b.training") == Names{"b.training"});
}
