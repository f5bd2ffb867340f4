// Quantiles from counts: their stated resolution against sorted values, exact means, counts below a limit.
#include "sim/quantile_histogram.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/distributions.hpp"

namespace fleetwatt::sim {

namespace {

constexpr double half_unit_s = 0x1p-21;  // half of the histogram's unit, 2^-20 s

Duration ms(std::int64_t count) {
  return Duration::from_s(static_cast<double>(count) * 1e-3);
}

/// The smallest value that at least a share `p` does not exceed.
double sorted_quantile_s(const std::vector<Duration>& sorted, double p) {
  const auto rank = static_cast<std::size_t>(std::ceil(p * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1].s();
}

}  // namespace

TEST_CASE("an empty histogram has no mean and no quantile", "[unit]") {
  const QuantileHistogram histogram;
  CHECK(histogram.count() == 0);
  CHECK(std::isnan(histogram.mean_s()));
  CHECK(std::isnan(histogram.quantile_s(0.5)));
  CHECK(histogram.count_at_most(one_hour) == 0);
}

TEST_CASE("quantiles are within 0.2 % of the sorted values, from microseconds to a week", "[unit]") {
  RandomStream stream(3, "test", "latency");
  QuantileHistogram histogram;
  std::vector<Duration> values;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(Duration::from_s(draw_lognormal(stream, {.median = 0.3, .sigma = 3.0})));
    histogram.add(values.back());
  }
  std::sort(values.begin(), values.end());
  REQUIRE(values.front().s() < 1e-4);
  REQUIRE(values.back().s() > 1e4);
  for (const double p : {1e-4, 0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
    const double exact_s = sorted_quantile_s(values, p);
    INFO("p = " << p);
    CHECK(std::fabs(histogram.quantile_s(p) - exact_s) <= std::max(0.002 * exact_s, half_unit_s));
  }
}

TEST_CASE("the bucket of every value holds it, at each doubling's edge too", "[unit]") {
  for (int exponent = -30; exponent < 29; ++exponent) {
    for (const double factor : {1.0 - 0x1p-30, 1.0, 1.0 + 0x1p-30, 1.37}) {
      const Duration value = Duration::from_s(std::ldexp(factor, exponent));
      if (value.s() > 5e8) continue;
      QuantileHistogram histogram;
      histogram.add(value);
      INFO(value.s());
      CHECK(std::fabs(histogram.quantile_s(0.5) - value.s()) <= std::max(0.002 * value.s(), half_unit_s));
    }
  }
}

TEST_CASE("a quantile is the value that enough others do not exceed", "[unit]") {
  QuantileHistogram histogram;
  for (int i = 1; i <= 100; ++i) histogram.add(Duration::from_whole_s(i * i));
  const auto is_near = [&](double p, double expected_s) {
    return std::fabs(histogram.quantile_s(p) - expected_s) <= 0.002 * expected_s;
  };
  CHECK(is_near(0.01, 1.0));
  CHECK(is_near(0.011, 4.0));
  CHECK(is_near(0.5, 2500.0));
  CHECK(is_near(0.95, 9025.0));
  CHECK(is_near(0.99, 9801.0));
  CHECK(is_near(1.0, 10'000.0));
}

TEST_CASE("the mean is exact", "[unit]") {
  QuantileHistogram histogram;
  histogram.add(Duration::from_ticks(1));
  histogram.add(Duration::from_whole_s(3));
  CHECK(histogram.mean_s() == (3.0 + 0x1p-34) / 2.0);
}

TEST_CASE("the mean does not overflow: a thousand times 17 years", "[unit]") {
  QuantileHistogram histogram;
  for (int i = 0; i < 1000; ++i) histogram.add(Duration::from_whole_s(Duration::max_whole_s));
  CHECK(histogram.mean_s() == static_cast<double>(Duration::max_whole_s));
}

TEST_CASE("values at most a limit are counted", "[unit]") {
  QuantileHistogram histogram;
  for (const int value_ms : {0, 100, 200, 200, 500}) histogram.add(ms(value_ms));
  CHECK(histogram.count_at_most(Duration{}) == 1);
  CHECK(histogram.count_at_most(ms(99)) == 1);
  CHECK(histogram.count_at_most(ms(100)) == 2);
  CHECK(histogram.count_at_most(ms(200)) == 4);
  CHECK(histogram.count_at_most(ms(499)) == 4);
  CHECK(histogram.count_at_most(one_day) == 5);
}

TEST_CASE("a cleared histogram is as new", "[unit]") {
  QuantileHistogram histogram;
  histogram.add(one_hour);
  histogram.clear();
  CHECK(histogram.count() == 0);
  CHECK(std::isnan(histogram.mean_s()));
  CHECK(histogram.count_at_most(one_day) == 0);
  histogram.add(Duration::from_whole_s(2));
  CHECK(histogram.mean_s() == 2.0);
}

TEST_CASE("a merge with an empty histogram changes nothing", "[unit]") {
  QuantileHistogram histogram;
  histogram.add(one_hour);
  histogram.merge(QuantileHistogram{});
  CHECK(histogram.count() == 1);
  QuantileHistogram empty;
  empty.merge(histogram);
  CHECK(empty.mean_s() == 3600.0);
}

}  // namespace fleetwatt::sim
