#include "analysis/run/run_forecast.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "analysis/run/job_backlog.hpp"
#include "analysis/run/run_scenario.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinRel;

namespace {

analysis::RunForecast forecast_of(const std::string& text, const std::vector<std::string>& overrides = {},
                                  int threads = 1) {
  auto loaded = tests::loaded_from(text, overrides);
  return analysis::forecast_run(scenarios::build_fleet(loaded), threads);
}

const analysis::ForecastPart& part_of(const analysis::RunForecast& forecast, const std::string& name) {
  for (const auto& part : forecast.parts) {
    if (part.name == name) return part;
  }
  throw std::logic_error("no part " + name);
}

/// 150 requests/s at two servers that can serve some 86 each.
std::string two_sites(const std::string& shares) {
  return tests::tiny_with("runs_on = [\"a.serving\"]", "runs_on = [\"*.serving\"]") + R"(
[site.b]
region = "PJM"
[site.b.cluster.serving]
[routing]
policy = "fixed-shares"
shares = )" +
         shares + "\n";
}

const std::string saturated = "service.chat.demand.mean_requests_per_s=10000";

}  // namespace

TEST_CASE("parts of a forecast add up", "[unit]") {
  const auto forecast = forecast_of(tests::tiny_scenario());
  double cpu_s = 0.0, memory_bytes = 0.0;
  for (const auto& part : forecast.parts) {
    cpu_s += part.cpu_s;
    memory_bytes += part.memory_bytes;
  }
  CHECK_THAT(forecast.cpu_s, WithinRel(cpu_s, 1e-12));
  CHECK_THAT(forecast.memory_bytes, WithinRel(memory_bytes, 1e-12));
  CHECK(forecast.cpu_s < 0.2);
  CHECK(forecast.memory_bytes < 40e6);
}

TEST_CASE("a queue that grows is counted, from the first hour to the last", "[unit]") {
  // Some 90/s of 10,000 are served; 34 bytes each of the others.
  const auto two_hours = part_of(forecast_of(tests::tiny_scenario(), {saturated}), "service chat").memory_bytes;
  CHECK_THAT(two_hours, WithinRel(9910.0 * 7200 * 34, 0.2));
  const auto week =
      part_of(forecast_of(tests::tiny_scenario(), {saturated, "scenario.duration=7d"}), "service chat").memory_bytes;
  CHECK_THAT(week / two_hours, WithinRel(84.0, 0.1));
}

TEST_CASE("a replica that is hardly used makes an iteration a token", "[unit]") {
  // 0.2/s, outputs of 100 tokens: 0.2 x 100 iterations a second, and the iterations of busy batches are shared.
  const auto loads = [](double rate) {
    auto loaded = tests::loaded_from(
        tests::tiny_scenario() + "lengths = { prompt = { fixed = 500 }, output = { fixed = 100 } }\n",
        {fmt::format("service.chat.demand.mean_requests_per_s={}", rate)});
    return scenarios::build_fleet(loaded).loads.at(0);
  };
  const auto light = models::pace_at(loads(0.2).pace, 0.002);
  CHECK_THAT(light.iterations_per_s, WithinRel(0.2, 0.02));
  const auto busy = models::pace_at(loads(0.2).pace, 20.0);
  CHECK(busy.iterations_per_s < 0.2 * 20.0 * 100.0);
  CHECK(busy.sequences > 10.0);
}

TEST_CASE("the iterations that a forecast counts on are those of the run", "[unit]") {
  for (const auto* rate : {"0.5", "10", "60"}) {
    INFO(rate);
    auto loaded =
        tests::loaded_from(tests::tiny_scenario(), {fmt::format("service.chat.demand.mean_requests_per_s={}", rate)});
    const auto run = analysis::run_scenario(std::move(loaded), {});
    const auto& load = run.built.loads.at(0);
    const double each_per_s = load.requests_per_s / load.replicas;
    const double expected = load.replicas * models::pace_at(load.pace, each_per_s).iterations_per_s * 7200.0;
    CHECK_THAT(expected, WithinRel(static_cast<double>(run.result.services[0].iterations), 0.1));
  }
}

TEST_CASE("jobs that wait: work beyond what the GPUs can do", "[unit]") {
  // 8 GPUs; each second a job of 1 GPU and 16 s, so half of them wait in the end.
  std::vector<models::BatchJob> jobs;
  for (int i = 0; i < 10'000; ++i) {
    jobs.push_back({.number = i,
                    .submit = sim::SimTime::at(sim::Duration::from_whole_s(i)),
                    .run = sim::Duration::from_whole_s(16),
                    .estimate = sim::Duration::from_whole_s(16),
                    .gpus = 1});
  }
  CHECK_THAT(analysis::expected_backlog(jobs, 8).most_waiting, WithinRel(5000.0, 0.01));
  // On average half of that waits, while 10,000 are submitted and 5,000 end.
  CHECK_THAT(analysis::expected_backlog(jobs, 8).waiting_seen, WithinRel(2500.0 * 15'000, 0.01));
  CHECK(analysis::expected_backlog(jobs, 32).most_waiting == 0.0);
  CHECK(analysis::expected_backlog({}, 8).most_waiting == 0.0);
}

TEST_CASE("threads share pools, but not one pool", "[unit]") {
  const auto one = forecast_of(tests::tiny_scenario(), {"service.chat.demand.mean_requests_per_s=50"}, 1);
  const auto four = forecast_of(tests::tiny_scenario(), {"service.chat.demand.mean_requests_per_s=50"}, 4);
  CHECK(one.wall_s == one.cpu_s);
  CHECK(four.wall_s == one.wall_s);
}

TEST_CASE("what the memory does not hold is refused, with what takes it and the mend", "[unit]") {
  const auto forecast = forecast_of(tests::tiny_scenario(), {saturated, "scenario.duration=7d"});
  CHECK_NOTHROW(analysis::require_memory(forecast, 1e12, "free"));
  try {
    analysis::require_memory(forecast, 8e9, "free on this machine");
    FAIL("it was not refused");
  } catch (const sim::IoError& error) {
    CHECK_THAT(error.what(), Contains("more than the 8.0 GB free on this machine") && Contains("for service chat") &&
                                 Contains("its queue grows without bound"));
  }
}

TEST_CASE("the mend for a queue at one of several clusters is for the queue", "[unit]") {
  for (const std::string shares : {"{ a = 0.99, b = 0.01 }", "{ a = 0.01, b = 0.99 }"}) {
    const auto forecast =
        forecast_of(two_sites(shares), {"service.chat.demand.mean_requests_per_s=150", "scenario.duration=60d"});
    INFO(shares);
    CHECK_THAT(part_of(forecast, "service chat").memory_mend, Contains("its queue grows without bound"));
  }
}

TEST_CASE("where only the program is too large, more memory is all that helps", "[unit]") {
  const auto forecast = forecast_of(tests::tiny_scenario());
  CHECK_THROWS_WITH(analysis::require_memory(forecast, 1e6, "that --memory allows"),
                    Contains("is for program\n       --memory SIZE if there is more than that"));
}

TEST_CASE("jobs that would not fit are known before they are drawn", "[unit]") {
  const auto loaded =
      tests::loaded_from(tests::tiny_jobs_scenario(),
                         {"site.a.cluster.training.jobs.synthetic.mean_interarrival_s=1", "scenario.duration=365d"});
  const auto forecast = analysis::forecast_building(loaded);
  CHECK_THAT(forecast.memory_bytes, WithinRel(31'536'000 * 95.0, 0.02));  // a job a second
  CHECK_THROWS_AS(analysis::require_memory(forecast, 1e9, "free"), sim::IoError);
}

TEST_CASE("sizes and times in a few digits", "[unit]") {
  CHECK(analysis::bytes_text(27.4e6) == "27 MB");
  CHECK(analysis::bytes_text(9.96e9) == "10 GB");
  CHECK(analysis::bytes_text(2.35e9) == "2.4 GB");
  CHECK(analysis::bytes_text(159e3) == "159 kB");
  CHECK(analysis::duration_text(0.123) == "0.1 s");
  CHECK(analysis::duration_text(42.0) == "42 s");
  CHECK(analysis::duration_text(240.0) == "4 min");
  CHECK(analysis::duration_text(7200.0) == "2 h");
  CHECK(analysis::duration_text(10 * 86400.0) == "10 d");
}
