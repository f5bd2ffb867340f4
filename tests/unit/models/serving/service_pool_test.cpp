#include "models/serving/service_pool.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "sim/units.hpp"
#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using models::DemandCurve;
using models::DemandShape;
using models::Deployment;
using models::IterationModel;
using models::RequestTrace;
using models::RouterPolicy;
using models::ServiceCounts;
using models::ServicePool;
using models::ServicePoolSpec;

namespace {

sim::Duration seconds(double value_s) {
  return sim::Duration::from_s(value_s);
}
sim::SimTime at(double time_s) {
  return sim::SimTime::at(seconds(time_s));
}

ServicePoolSpec spec(int replicas, RouterPolicy router = RouterPolicy::round_robin) {
  return {.name = "pool",
          .replicas = replicas,
          .replica_idle_w = 70,
          .router = router,
          .target = {},
          .tick = seconds(60),
          .run_start = sim::utc_from_civil({.year = 2024, .month = 6, .day = 5})};
}

std::shared_ptr<const IterationModel> quarter_second(const Deployment& deployment) {
  return std::make_shared<const IterationModel>(tests::llama_8b(), tests::h100(),
                                                tests::constant_time_engine(0.25, 300), deployment);
}

DemandCurve flat() {
  return {DemandShape::flat, sim::TimeZone::utc()};
}

struct Row {
  double arrival_s;
  std::int32_t prompt_tokens, output_tokens;
};

models::TraceReplay play_once(const std::vector<Row>& rows) {
  auto trace = std::make_shared<RequestTrace>();
  for (const auto& row : rows) trace->entries.push_back({seconds(row.arrival_s), row.prompt_tokens, row.output_tokens});
  trace->period = seconds(1e5);
  return models::TraceReplay({.trace = trace, .copy_offsets = {sim::Duration()}, .repeat = false});
}

models::PoissonArrivals poisson(double per_s, std::uint64_t seed, const char* pool) {
  return {{.mean_requests_per_s = per_s,
           .prompt = models::LogNormalLength{.law = {.median = 300, .sigma = 0.8}},
           .output = models::LogNormalLength{.law = {.median = 100, .sigma = 0.8}}},
          seed,
          pool};
}

std::shared_ptr<const IterationModel> llama_8b_on_h100() {
  return std::make_shared<const IterationModel>(tests::llama_8b(), tests::h100(), tests::rounded_h100_engine(),
                                                Deployment{});
}

}  // namespace

TEST_CASE("round robin deals requests of a pool evenly: three at once on three replicas run at once", "[unit]") {
  ServicePool pool(spec(3), quarter_second({.batch_limit = 1}), play_once({{0, 1, 4}, {0, 1, 4}, {0, 1, 4}}), flat());
  pool.run_until(at(60));
  const auto counts = pool.take_counts();
  CHECK(counts.done == 3);
  CHECK(counts.time_to_first_token.mean_s() == 0.25);
  CHECK(pool.busy_s() == 3 * 1.0);
  CHECK(pool.iterations() == 12);
}

TEST_CASE("with a hash, replicas are loaded by chance and the same request always waits the same", "[unit]") {
  std::vector<Row> rows(30, Row{0, 1, 4});
  const auto mean_first_token_s = [&](RouterPolicy router) {
    ServicePool pool(spec(10, router), quarter_second({.batch_limit = 1}), play_once(rows), flat());
    pool.run_until(at(60));
    return pool.take_counts().time_to_first_token.mean_s();
  };
  CHECK(mean_first_token_s(RouterPolicy::round_robin) == (0.25 + 1.25 + 2.25) / 3);
  CHECK(mean_first_token_s(RouterPolicy::hash) > (0.25 + 1.25 + 2.25) / 3);
  CHECK(mean_first_token_s(RouterPolicy::hash) == mean_first_token_s(RouterPolicy::hash));
}

TEST_CASE("requests that meet the latency target are counted", "[unit]") {
  // First token after 0.25 s, a second request behind it (batches of one): after 0.25 x 3 + 0.25 = 1 s. The third has
  // one token only: no time per output token, and so nothing to miss.
  const std::vector<Row> rows = {{0, 1, 3}, {0, 1, 3}, {10, 1, 1}};
  const auto met = [&](models::LatencyTarget target) {
    auto wanted = spec(1);
    wanted.target = target;
    ServicePool pool(wanted, quarter_second({.batch_limit = 1}), play_once(rows), flat());
    pool.run_until(at(60));
    const auto counts = pool.take_counts();
    CHECK(counts.done == 3);
    return counts.met_target;
  };
  const auto tick = sim::Duration::from_ticks(1);
  CHECK(met({}) == 3);
  CHECK(met({.time_to_first_token = seconds(1), .time_per_output_token = {}}) == 3);  // at most
  CHECK(met({.time_to_first_token = seconds(1) - tick, .time_per_output_token = {}}) == 2);
  CHECK(met({.time_to_first_token = seconds(0.2), .time_per_output_token = {}}) == 0);
  CHECK(met({.time_to_first_token = {}, .time_per_output_token = seconds(0.25)}) == 3);
  CHECK(met({.time_to_first_token = {}, .time_per_output_token = seconds(0.25) - tick}) == 1);
  CHECK(met({.time_to_first_token = seconds(0.5), .time_per_output_token = seconds(0.25)}) == 2);
}

TEST_CASE("tokens of done requests, and the two histograms", "[unit]") {
  ServicePool pool(spec(1), quarter_second({.kv_cache_tokens = 100}),
                   play_once({{0, 10, 3}, {1, 20, 1}, {2, 99, 2}, {59, 30, 50}}), flat());
  pool.run_until(at(60));
  const auto counts = pool.take_counts();
  CHECK(counts.arrived == 4);
  CHECK(counts.done == 2);
  CHECK(counts.rejected == 1);
  CHECK(counts.prompt_tokens == 30);
  CHECK(counts.output_tokens == 4);
  CHECK(counts.time_to_first_token.count() == 2);
  CHECK(counts.time_per_output_token.count() == 1);
  CHECK(pool.running() == 1);
  CHECK(pool.rejected() == 1);
  const auto next = pool.take_counts();  // taken once
  CHECK(next.arrived == 0);
  CHECK(next.time_to_first_token.count() == 0);
}

TEST_CASE("counts merge", "[unit]") {
  ServiceCounts a;
  a.arrived = 1, a.done = 2, a.rejected = 3, a.met_target = 4, a.prompt_tokens = 5, a.output_tokens = 6;
  a.time_to_first_token.add(seconds(1));
  ServiceCounts b = a;
  b.arrived = 10;
  b.time_per_output_token.add(seconds(2));
  a.merge(b);
  CHECK(a.arrived == 11);
  CHECK(a.done == 4);
  CHECK(a.rejected == 6);
  CHECK(a.met_target == 8);
  CHECK(a.prompt_tokens == 10);
  CHECK(a.output_tokens == 12);
  CHECK(a.time_to_first_token.count() == 2);
  CHECK(a.time_per_output_token.count() == 1);
}

TEST_CASE("every request is done, running, waiting or rejected, at every tick", "[unit]") {
  auto wanted = spec(2, RouterPolicy::hash);
  const auto model = std::make_shared<const IterationModel>(
      tests::llama_8b(), tests::h100(), tests::rounded_h100_engine(),
      Deployment{.batch_limit = 8, .kv_cache_tokens = 4000});  // small: some never fit, many wait
  ServicePool pool(wanted, model, poisson(8, 1, "pool"), {DemandShape::office, *sim::TimeZone::find("Asia/Kolkata")});
  ServiceCounts total;
  std::uint64_t most_waiting = 0;
  models::GpuEnergy energy;
  for (int tick = 1; tick <= 240; ++tick) {
    pool.run_until(at(60.0 * tick));
    energy += pool.take_tick_energy();
    total.merge(pool.take_counts());
    REQUIRE(total.arrived == total.done + pool.running() + pool.waiting() + total.rejected);
    REQUIRE(pool.rejected() == total.rejected);
    REQUIRE(pool.running() <= 16);
    most_waiting = std::max(most_waiting, pool.waiting());
  }
  CHECK(total.done > 10'000);
  CHECK(total.rejected > 0);
  CHECK(most_waiting > 100);
  CHECK_THAT(energy.active_j, Catch::Matchers::WithinRel(pool.counted_active_j(), 1e-9));
  CHECK_THAT(energy.idle_j, Catch::Matchers::WithinRel(70 * (2 * 60.0 * 240 - pool.busy_s()), 1e-9));
}

TEST_CASE("demand follows the curve on its clock", "[unit]") {
  ServicePool pool(spec(1), quarter_second({}), poisson(2, 1, "pool"), {DemandShape::office, sim::TimeZone::utc()});
  std::vector<double> arrived;
  for (int tick = 1; tick <= 24 * 60; ++tick) {
    pool.run_until(at(60.0 * tick));
    if (tick % 60 == 0) arrived.push_back(static_cast<double>(pool.take_counts().arrived));
  }
  for (std::size_t hour = 0; hour < 24; ++hour) {
    const double expected =
        2 * sim::seconds_per_hour *
        models::daily_factor(DemandShape::office, static_cast<double>(hour), static_cast<double>(hour) + 1) * 1.28;
    INFO("hour " << hour);
    CHECK(std::fabs(arrived[hour] - expected) < 4.5 * std::sqrt(expected));
  }
}

TEST_CASE("a pool's course does not depend on other pools", "[unit]") {
  const auto model = llama_8b_on_h100();
  const auto build = [&](const char* name) { return ServicePool(spec(2), model, poisson(3, 1, name), flat()); };
  ServicePool alone = build("dallas");
  ServicePool first = build("dallas");
  ServicePool second = build("dublin");
  for (int tick = 1; tick <= 30; ++tick) {
    alone.run_until(at(60.0 * tick));
    second.run_until(at(60.0 * tick));
    first.run_until(at(60.0 * tick));
  }
  CHECK(alone.counted_active_j() == first.counted_active_j());
  CHECK(alone.iterations() == first.iterations());
  const auto a = alone.take_counts();
  const auto b = first.take_counts();
  CHECK(a.output_tokens == b.output_tokens);
  CHECK(a.time_to_first_token.mean_s() == b.time_to_first_token.mean_s());
  CHECK(a.output_tokens != second.take_counts().output_tokens);
}

TEST_CASE("Little's law: mean number in the pool is throughput times mean time in it", "[unit]") {
  // Sampled once a second; a request's time is first token + (tokens - 1) x time a token.
  auto wanted = spec(1);
  wanted.tick = seconds(1);
  const auto model = std::make_shared<const IterationModel>(
      tests::llama_8b(), tests::h100(), tests::rounded_h100_engine(), Deployment{.batch_limit = 16});
  const std::int32_t output = 100;
  ServicePool pool(wanted, model,
                   models::PoissonArrivals({.mean_requests_per_s = 10,
                                            .prompt = models::LogNormalLength{.law = {.median = 200, .sigma = 0.8}},
                                            .output = models::FixedLength{output}},
                                           1, "pool"),
                   flat());
  const int batches = 40;
  const int batch_s = 100;
  std::vector<double> differences;
  double mean_number = 0.0;
  double served = 0.0;
  for (int batch = 0; batch < batches; ++batch) {
    double number = 0.0;
    for (int second = 1; second <= batch_s; ++second) {
      pool.run_until(at(batch * batch_s + second));
      number += static_cast<double>(pool.running() + pool.waiting()) / batch_s;
    }
    const auto counts = pool.take_counts();
    const auto done = static_cast<double>(counts.done);
    const double time_s = counts.time_to_first_token.mean_s() + (output - 1) * counts.time_per_output_token.mean_s();
    differences.push_back(number - done / batch_s * time_s);
    mean_number += number / batches;
    served += done;
  }
  double mean = 0.0;
  double squares = 0.0;
  for (const double d : differences) mean += d / batches;
  for (const double d : differences) squares += (d - mean) * (d - mean);
  const double error = std::sqrt(squares / (batches - 1) / batches);
  INFO("mean number " << mean_number << ", difference " << mean << ", error " << error << ", served " << served);
  CHECK(mean_number > 5);
  CHECK(error < 0.01 * mean_number);
  CHECK(std::fabs(mean) < 4 * error);
}
