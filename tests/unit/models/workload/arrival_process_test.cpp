#include "models/workload/arrival_process.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

using namespace fleetwatt;
using models::PoissonArrivals;
using models::Request;

namespace {

sim::Duration seconds(double value_s) {
  return sim::Duration::from_s(value_s);
}

models::PoissonSpec spec(double per_s) {
  return {.mean_requests_per_s = per_s,
          .prompt = models::LogNormalLength{.law = {.median = 300, .sigma = 1.0}},
          .output = models::LogNormalLength{.law = {.median = 100, .sigma = 1.0}}};
}

std::vector<Request> run(
    PoissonArrivals arrivals, int ticks, double tick_s,
    const std::function<double(int)>& factor = [](int) { return 1.0; }) {
  std::vector<Request> requests;
  for (int i = 0; i < ticks; ++i)
    arrivals.append_tick(sim::SimTime::at(seconds(tick_s) * i), seconds(tick_s), factor(i), requests);
  return requests;
}

}  // namespace

TEST_CASE("the number of arrivals is the rate times the time", "[unit]") {
  const auto requests = run(PoissonArrivals(spec(5.5), 1, "pool"), 1000, 60);
  const double expected = 5.5 * 60'000;
  CHECK(std::fabs(static_cast<double>(requests.size()) - expected) < 4 * std::sqrt(expected));
}

TEST_CASE("gaps are exponential: mean, standard deviation and the share above the mean", "[unit]") {
  const auto requests = run(PoissonArrivals(spec(2), 3, "pool"), 1000, 100);
  double sum = 0.0;
  double squares = 0.0;
  double above = 0.0;
  for (std::size_t i = 1; i < requests.size(); ++i) {
    const double gap_s = (requests[i].arrival - requests[i - 1].arrival).s();
    sum += gap_s;
    squares += gap_s * gap_s;
    above += gap_s > 0.5 ? 1 : 0;
  }
  const auto n = static_cast<double>(requests.size() - 1);
  CHECK(std::fabs(sum / n - 0.5) < 4 * 0.5 / std::sqrt(n));
  CHECK(std::fabs(squares / n - 2 * 0.25) < 4 * std::sqrt(20.0) * 0.25 / std::sqrt(n));  // var of X^2 is 20 mean^4
  CHECK(std::fabs(above / n - std::exp(-1.0)) < 4 * 0.5 / std::sqrt(n));
}

TEST_CASE("arrivals of a tick lie in it, by time, with ids in order", "[unit]") {
  PoissonArrivals arrivals(spec(3), 1, "pool");
  std::vector<Request> requests;
  std::size_t before = 0;
  for (int i = 0; i < 500; ++i) {
    const sim::SimTime start = sim::SimTime::at(seconds(10) * i);
    arrivals.append_tick(start, seconds(10), i % 3, requests);
    for (std::size_t k = before; k < requests.size(); ++k) {
      REQUIRE(requests[k].arrival >= start);
      REQUIRE(requests[k].arrival < start + seconds(10));
      REQUIRE(requests[k].id == k);
      REQUIRE(requests[k].prompt_tokens >= 1);
      if (k > 0) REQUIRE(requests[k - 1].arrival <= requests[k].arrival);
    }
    if (i % 3 == 0) CHECK(requests.size() == before);  // a factor of 0
    before = requests.size();
  }
  CHECK(before > 10'000);
}

TEST_CASE("the factor stretches time: half the rate, the same requests twice as late", "[unit]") {
  const auto full = run(PoissonArrivals(spec(4), 1, "pool"), 100, 10);
  const auto half = run(PoissonArrivals(spec(4), 1, "pool"), 200, 10, [](int) { return 0.5; });
  REQUIRE(full.size() == half.size());
  for (std::size_t i = 0; i < full.size(); ++i) {
    CHECK(full[i].prompt_tokens == half[i].prompt_tokens);
    CHECK(std::fabs(2 * full[i].arrival.s() - half[i].arrival.s()) < 1e-8);
  }
}

TEST_CASE("other ticks, the same requests at the same times within rounding", "[unit]") {
  const auto fine = run(PoissonArrivals(spec(4), 1, "pool"), 3000, 1);
  const auto coarse = run(PoissonArrivals(spec(4), 1, "pool"), 1, 3000);
  REQUIRE(fine.size() == coarse.size());
  for (std::size_t i = 0; i < fine.size(); ++i) {
    CHECK(fine[i].output_tokens == coarse[i].output_tokens);
    CHECK(std::fabs((fine[i].arrival - coarse[i].arrival).s()) < 1e-8);  // 3,000 subtractions of a double near 4
  }
}

TEST_CASE("streams belong to seed, pool and purpose", "[unit]") {
  const auto one = run(PoissonArrivals(spec(4), 1, "dallas"), 10, 60);
  const auto again = run(PoissonArrivals(spec(4), 1, "dallas"), 10, 60);
  const auto other_seed = run(PoissonArrivals(spec(4), 2, "dallas"), 10, 60);
  const auto other_pool = run(PoissonArrivals(spec(4), 1, "dublin"), 10, 60);
  REQUIRE(one.size() == again.size());
  CHECK(one.back().arrival == again.back().arrival);
  CHECK(one.back().output_tokens == again.back().output_tokens);
  CHECK(one.front().arrival != other_seed.front().arrival);
  CHECK(one.front().arrival != other_pool.front().arrival);

  auto changed = spec(4);
  changed.output = models::FixedLength{7};
  const auto other_output = run(PoissonArrivals(changed, 1, "dallas"), 10, 60);
  REQUIRE(one.size() == other_output.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    CHECK(one[i].arrival == other_output[i].arrival);
    CHECK(one[i].prompt_tokens == other_output[i].prompt_tokens);
    CHECK(other_output[i].output_tokens == 7);
  }
}

TEST_CASE("a pool without demand gets nothing", "[unit]") {
  CHECK(run(PoissonArrivals(spec(0), 1, "pool"), 100, 60).empty());
}
