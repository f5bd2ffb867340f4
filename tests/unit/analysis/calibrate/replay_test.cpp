// A measured run again: times worked out by hand with iterations of constant length.
#include "analysis/calibrate/replay.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "sim/error.hpp"
#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;

namespace {

constexpr double step_s = 0.125;
constexpr double resident_w = 400.0;
constexpr double idle_w = 70.0;  // tests::h100()

models::IterationModel model(int batch_limit, double kv_cache_tokens = 1000.0) {
  return {tests::llama_8b(),
          tests::h100(),
          tests::constant_time_engine(step_s, resident_w),
          {.batch_limit = batch_limit, .kv_cache_tokens = kv_cache_tokens}};
}

ServingLog log_of(std::vector<ServedRequest> requests) {
  ServingLog log;
  log.requests = std::move(requests);
  return log;
}

}  // namespace

TEST_CASE("a measured run's times are the log's own", "[calibrate]") {
  const auto run = measured_run(log_of({{0.0, 0.5, 2.5, 100, 5}, {1.0, 1.25, 1.25, 50, 1}, {2.0, 3.0, 6.0, 10, 2}}), 2);
  REQUIRE(run.requests.size() == 3);
  CHECK(run.requests[0].time_to_first_token_s == 0.5);
  CHECK(run.requests[0].time_per_output_token_s.value() == 0.5);  // 2 s over the 4 gaps of 5 tokens
  CHECK(run.requests[0].latency_s == 2.5);
  CHECK_FALSE(run.requests[1].time_per_output_token_s);  // one token has no gap
  CHECK(run.mean.time_to_first_token_s == Approx(1.75 / 3));
  CHECK(run.mean.time_per_output_token_s == Approx(1.75));  // of 0.5 and 3, over two requests
  CHECK(run.mean.latency_s == Approx(6.75 / 3));
  CHECK(run.span_s == 6.0);
  CHECK(run.full_batch_fraction == Approx(0.75 / 6));  // two in flight from 1.0 to 1.25 and from 2.0 to 2.5
  CHECK(run.most_in_flight == 2);
}

TEST_CASE("no request with two tokens has no mean time per token", "[calibrate]") {
  CHECK(std::isnan(measured_run(log_of({{0.0, 0.5, 0.5, 100, 1}}), 1).mean.time_per_output_token_s));
}

TEST_CASE("requests of the log are served one iteration at a time, first come first served", "[calibrate]") {
  // One at a time: prefill and 4 tokens more are 5 iterations; the second waits for the first, the third comes when all
  // is done.
  const auto replayed = replay(log_of({{0.0, 1, 1, 100, 5}, {0.25, 1, 1, 100, 2}, {2.0, 3, 3, 100, 1}}), model(1));
  const auto& requests = replayed.run.requests;
  CHECK(requests[0].time_to_first_token_s == Approx(step_s));
  CHECK(requests[0].time_per_output_token_s.value() == Approx(step_s));
  CHECK(requests[0].latency_s == Approx(5 * step_s));
  CHECK(requests[1].time_to_first_token_s == Approx(5 * step_s + step_s - 0.25));
  CHECK(requests[1].latency_s == Approx(7 * step_s - 0.25));
  CHECK(requests[2].latency_s == Approx(step_s));
  CHECK_FALSE(requests[2].time_per_output_token_s);
  CHECK(replayed.run.span_s == Approx(2.0 + step_s));
  CHECK(replayed.at_batch_limit_fraction == Approx(8 * step_s / (2.0 + step_s)));
  CHECK(replayed.run.full_batch_fraction == Approx(replayed.at_batch_limit_fraction));
}

TEST_CASE("the batch is full only while it has as many sequences as it may", "[calibrate]") {
  // Two sequences from 0 to 2 steps, then one for three steps more.
  const auto replayed = replay(log_of({{0.0, 1, 1, 100, 5}, {0.0, 1, 1, 100, 2}}), model(2));
  CHECK(replayed.run.span_s == Approx(5 * step_s));
  CHECK(replayed.at_batch_limit_fraction == Approx(2.0 / 5));
  CHECK(replay(log_of({{0.0, 1, 1, 100, 5}, {0.0, 1, 1, 100, 2}}), model(3)).at_batch_limit_fraction == 0.0);
}

TEST_CASE("energy is resident power in iterations and idle power between them", "[calibrate]") {
  const auto replayed = replay(log_of({{0.0, 1, 1, 100, 5}, {3.0, 4, 4, 100, 3}}), model(4));
  const double busy_s = 8 * step_s;
  CHECK(replayed.energy_j == Approx(busy_s * resident_w + (3.0 + 3 * step_s - busy_s) * idle_w));
  REQUIRE(replayed.energy_in_second_j.size() == 4);
  CHECK(replayed.energy_in_second_j[0] == Approx(5 * step_s * resident_w + 3 * step_s * idle_w));
  CHECK(replayed.energy_in_second_j[1] == Approx(idle_w));
  const double whole = std::accumulate(replayed.energy_in_second_j.begin(), replayed.energy_in_second_j.end(), 0.0);
  CHECK(whole == Approx(replayed.energy_j + 5 * step_s * idle_w));  // the last second goes on beyond the span
}

TEST_CASE("replayed power is compared only where the power log covers", "[calibrate]") {
  const auto replayed = replay(log_of({{0.0, 1, 1, 100, 5}, {3.0, 4, 4, 100, 3}}), model(4));
  const double first_s = 1000.0;
  PowerLog second_only;
  second_only.samples = {{1001.0, 50.0}};
  CHECK(replayed_power_w(replayed, second_only, first_s, 0.0, 3.375, 1.0) == Approx(idle_w));
  PowerLog two;
  two.samples = {{1000.0, 1.0}, {1001.0, 1.0}};
  CHECK(replayed_power_w(replayed, two, first_s, 0.0, 3.375, 1.0) ==
        Approx((replayed.energy_in_second_j[0] + replayed.energy_in_second_j[1]) / 2));
  CHECK(replayed_power_w(replayed, two, first_s, 0.0, 1.5, 1.0) ==
        Approx((replayed.energy_in_second_j[0] + 0.5 * idle_w) / 1.5));
  CHECK(std::isnan(replayed_power_w(replayed, two, first_s + 100.0, 0.0, 3.0, 1.0)));
}

TEST_CASE("a request that the cache can never hold is found, and not served", "[calibrate]") {
  const auto log = log_of({{0.0, 1, 1, 100, 5}, {1.0, 2, 2, 900, 101}});
  CHECK(request_beyond_cache(log, model(4)).value() == 1);
  CHECK_FALSE(request_beyond_cache(log, model(4, 1001.0)));
  CHECK_THROWS_WITH(replay(log, model(4)), "a request of 1001 tokens cannot fit a cache of 1000");
}
