// Flags follow from what a run counted: each has a run that raises it, and one that does not.
#include "models/fleet/fleet_flags.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/run/run_scenario.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

/// A chat on one GPU, every request alike, `rate` of them a second.
std::string chat(const std::string& duration, int batch_limit, double rate, const std::string& more = "") {
  return fmt::format(R"([scenario]
duration = "{}"
[site.a]
region = "CISO"
[site.a.cluster.serving]
nodes = 1
[service.chat]
model       = "llama-3.1-8b"
runs_on     = ["a.serving"]
replicas    = 1
batch_limit = {}
{}
[service.chat.demand]
mean_requests_per_s = {}
shape   = "flat"
lengths = {{ prompt = {{ fixed = 100 }}, output = {{ fixed = 200 }} }}
)",
                     duration, batch_limit, more, rate);
}

analysis::RunOutput run_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return analysis::run_scenario(loaded_from(text, overrides), {});
}

/// The flags of one subject, a line each.
std::string flags_of(const analysis::RunOutput& run, const std::string& subject) {
  std::string text;
  for (const auto& flag : run.result.flags) {
    if (flag.subject == subject) text += flag.text + "\n";
  }
  return text;
}

/// What one GPU does of these requests alone: from a run with so little to do that none waits.
double alone_per_s() {
  const auto run = run_of(chat("2h", 1, 0.01));
  return 1.0 / run.result.services[0].counts.latency.mean_s();
}

}  // namespace

TEST_CASE("saturation is told below 60 requests an hour, in the first and only hour, with the right capacity",
          "[fleet]") {
  // A whole video on one GPU takes minutes; twice as many come as it can make.
  const std::string slow = R"([scenario]
duration = "{}"
[site.a]
region = "CISO"
[site.a.cluster.serving]
nodes = 1
[service.video]
model       = "cogvideox-2b"
runs_on     = ["a.serving"]
replicas    = 1
batch_limit = 1
diffusion   = {{ steps = 100, frames = 49, width_px = 720, height_px = 480 }}
demand      = {{ mean_requests_per_s = {}, shape = "flat" }}
)";
  const auto alone = run_of(fmt::format(fmt::runtime(slow), "24h", 0.0002));
  CHECK(flags_of(alone, "video") == "");
  const double capacity = 1.0 / alone.result.services[0].counts.latency.quantile_s(0.01);
  REQUIRE(capacity * 3600 < 60);
  for (const int hours : {1, 6}) {
    const auto run = run_of(fmt::format(fmt::runtime(slow), fmt::format("{}h", hours), 2.5 * capacity));
    INFO(hours << " h: " << flags_of(run, "video"));
    CHECK(run.result.services[0].saturated_hours >= std::max(hours - 1, 1));
    CHECK(models::capacity_per_s(run.fleet(), run.result, models::ServiceId(0)) == Approx(capacity).epsilon(0.005));
    CHECK_THAT(flags_of(run, "video"), Contains("its figures depend on the run's length"));
  }
}

TEST_CASE("saturation says the capacity whatever the rate above it", "[fleet]") {
  const double capacity = alone_per_s();
  for (const double load : {1.3, 3.0, 30.0}) {
    const auto run = run_of(chat("3h", 1, load * capacity));
    INFO(load << ": " << flags_of(run, "chat"));
    CHECK(run.result.services[0].saturated_hours == 3);
    CHECK(models::capacity_per_s(run.fleet(), run.result, models::ServiceId(0)) == Approx(capacity).epsilon(0.01));
    CHECK_THAT(flags_of(run, "chat"), Contains("saturated in 3 of 3 hours: while a queue stood it served"));
  }
}

TEST_CASE("no saturation is told where queues come and go", "[fleet]") {
  const double capacity = alone_per_s();
  for (const double load : {0.05, 0.6}) {
    const auto run = run_of(chat("3h", 1, load * capacity));
    INFO(load);
    CHECK(flags_of(run, "chat") == "");
    CHECK(run.result.services[0].saturated_hours == 0);
    CHECK(std::isnan(models::capacity_per_s(run.fleet(), run.result, models::ServiceId(0))));
  }
}

TEST_CASE("of two pools, the saturated one is named", "[fleet]") {
  const std::string text = R"([scenario]
duration = "2h"
[site.a]
region = "CISO"
[site.a.cluster.serving]
nodes = 1
[site.b]
region = "ERCO"
[site.b.cluster.serving]
nodes = 1
[service.chat]
model       = "llama-3.1-8b"
runs_on     = ["a.serving", "b.serving"]
replicas    = 2
batch_limit = 1
[service.chat.demand]
mean_requests_per_s = 3
shape   = "flat"
lengths = { prompt = { fixed = 100 }, output = { fixed = 200 } }
[routing]
shares = { a = 0.05, b = 0.95 }
)";
  const auto run = run_of(text);
  CHECK_THAT(flags_of(run, "chat"), Contains("saturated in 2 of 2 hours at b.serving: "));
  CHECK_THAT(flags_of(run, "chat"), !Contains("a.serving"));
}

TEST_CASE("rejected and cut requests are told", "[fleet]") {
  CHECK_THAT(flags_of(run_of(chat("1h", 4, 0.1, "kv_cache_tokens = 250")), "chat"),
             Contains("requests rejected: longer than a replica's whole cache or the model's context"));
  CHECK_THAT(flags_of(run_of(chat("1h", 4, 0.1, "context_limit_tokens = 250")), "chat"),
             Contains("outputs cut at the model's context limit"));
  CHECK(flags_of(run_of(chat("1h", 4, 0.1)), "chat") == "");
}

TEST_CASE("a cluster with more jobs than it can do is told, and one that keeps up is not", "[fleet]") {
  const std::string text = R"([scenario]
duration = "4d"
[site.a]
region = "CISO"
[site.a.cluster.training]
nodes = 4
jobs  = { synthetic = { mean_interarrival_s = 600, median_run_s = 1800, run_sigma = 0.5 } }
)";
  const auto idle = run_of(text);
  CHECK(idle.result.clusters[0].gpu_seconds_offered / idle.result.clusters[0].jobs.gpu_seconds_capacity < 0.6);
  CHECK(flags_of(idle, "a.training") == "");
  const auto busy = run_of(text, {"site.a.cluster.training.jobs.synthetic.mean_interarrival_s=60"});
  CHECK_THAT(flags_of(busy, "a.training"), Contains("overloaded: ") && Contains(" jobs wait at the end of 96 h"));
  CHECK(busy.result.clusters[0].gpu_seconds_offered > busy.result.clusters[0].jobs.gpu_seconds_capacity);
  const auto flood = run_of(text, {"site.a.cluster.training.jobs.synthetic.mean_interarrival_s=1"});
  CHECK_THAT(flags_of(flood, "a.training"), Contains("overloaded: ") && !Contains("e+"));
}

TEST_CASE("the share within the target counts rejected and overdue requests against it", "[fleet]") {
  // Every other request is too long for the cache; the target is easily met by the rest.
  const auto rejecting = run_of(R"([scenario]
duration = "2h"
[site.a]
region = "CISO"
[site.a.cluster.serving]
nodes = 1
[service.chat]
model    = "llama-3.1-8b"
runs_on  = ["a.serving"]
replicas = 1
kv_cache_tokens = 1000
slo      = { ttft_p99_s = 5 }
[service.chat.demand]
mean_requests_per_s = 0.5
lengths = { prompt = { quantiles = [[0, 100], [0.5, 100], [0.500001, 2000], [1, 2000]] }, output = { fixed = 20 } }
)");
  const auto& r = rejecting.result.services[0];
  REQUIRE(r.counts.rejected > 1000);
  CHECK(r.counts.met_target == r.counts.done);
  CHECK(r.target_met_fraction() ==
        Approx(static_cast<double>(r.counts.done) / static_cast<double>(r.counts.done + r.counts.rejected)));

  const auto late = run_of(chat("1h", 1, 20 * alone_per_s(), "slo = { ttft_p99_s = 5 }"));
  const auto& l = late.result.services[0];
  CHECK(static_cast<double>(l.overdue) > 0.99 * static_cast<double>(l.waiting));
  CHECK(l.target_met_fraction() ==
        Approx(static_cast<double>(l.counts.met_target) / static_cast<double>(l.counts.done + l.overdue)));
  CHECK(l.target_met_fraction() < 0.01);
}

TEST_CASE("a run ends before its queues outgrow the memory that they may take, with what it has", "[fleet]") {
  const std::string text = chat("6h", 1, 50);
  const auto full = run_of(text);
  CHECK(full.result.hours == 6);
  const double an_hour_bytes = 50 * 3600 * sizeof(models::Request);
  const auto stopped = analysis::run_scenario(loaded_from(text), {.queue_limit_bytes = 3.5 * an_hour_bytes});
  CHECK(stopped.result.hours == 3);
  CHECK_THAT(flags_of(stopped, "run"), Contains("stopped after 3 of 6 hours: waiting requests take 0.01"));
  CHECK(stopped.result.load_w.size() == 3);
  CHECK(stopped.result.site_series.series[0].bins() == 3);
  CHECK(stopped.result.audit.breaches_text().empty());
  for (std::size_t hour = 0; hour < 3; ++hour) CHECK(stopped.result.load_w[hour] == full.result.load_w[hour]);
}
