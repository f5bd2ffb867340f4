// Histograms: merging is adding, in any order; quantiles rise and stay near the values.
#include "sim/quantile_histogram.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fleetwatt::sim {

namespace {

/// Durations of every size: a random number of random bits.
std::vector<Duration> any_durations() {
  const auto pairs = *rc::gen::container<std::vector<std::pair<std::int64_t, int>>>(
      rc::gen::pair(rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 62), rc::gen::inRange(0, 62)));
  std::vector<Duration> durations;
  for (const auto& [bits, shift] : pairs) durations.push_back(Duration::from_ticks(bits >> shift));
  return durations;
}

QuantileHistogram histogram_of(const std::vector<Duration>& values) {
  QuantileHistogram histogram;
  for (const auto value : values) histogram.add(value);
  return histogram;
}

void check_same(const QuantileHistogram& a, const QuantileHistogram& b) {
  RC_ASSERT(a.count() == b.count());
  if (a.count() == 0) return;
  RC_ASSERT(a.mean_s() == b.mean_s());
  for (const double p : {0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0}) RC_ASSERT(a.quantile_s(p) == b.quantile_s(p));
  for (int bit = 0; bit < 62; ++bit) {
    const Duration limit = Duration::from_ticks(std::int64_t{1} << bit);
    RC_ASSERT(a.count_at_most(limit) == b.count_at_most(limit));
  }
}

}  // namespace

TEST_CASE("merged histograms are the histogram of all values", "[unit][property]") {
  CHECK(rc::check("for any two sets, in either order", [] {
    const auto a = any_durations();
    const auto b = any_durations();
    auto all = a;
    all.insert(all.end(), b.begin(), b.end());
    auto merged = histogram_of(a);
    merged.merge(histogram_of(b));
    auto merged_back = histogram_of(b);
    merged_back.merge(histogram_of(a));
    check_same(merged, histogram_of(all));
    check_same(merged_back, merged);
  }));
}

TEST_CASE("the order of the values does not matter", "[unit][property]") {
  CHECK(rc::check("for any values", [] {
    auto values = any_durations();
    const auto histogram = histogram_of(values);
    std::reverse(values.begin(), values.end());
    check_same(histogram_of(values), histogram);
  }));
}

TEST_CASE("a cleared and filled histogram is the histogram of what filled it", "[unit][property]") {
  CHECK(rc::check("for any two sets", [] {
    auto histogram = histogram_of(any_durations());
    const auto values = any_durations();
    histogram.clear();
    for (const auto value : values) histogram.add(value);
    check_same(histogram, histogram_of(values));
  }));
}

TEST_CASE("quantiles are within the stated resolution of the sorted values", "[unit][property]") {
  CHECK(rc::check("for any values and share", [] {
    auto values = any_durations();
    RC_PRE(!values.empty());
    const double p = *rc::gen::inRange(1, 1001) / 1000.0;
    const auto histogram = histogram_of(values);
    std::sort(values.begin(), values.end());
    const auto rank = static_cast<std::size_t>(std::ceil(p * static_cast<double>(values.size())));
    const double exact_s = values[rank - 1].s();
    RC_ASSERT(std::fabs(histogram.quantile_s(p) - exact_s) <= std::max(0.002 * exact_s, 0x1p-21));
    RC_ASSERT(histogram.quantile_s(p) <= histogram.quantile_s(1.0));
    RC_ASSERT(histogram.count_at_most(values[rank - 1]) >= rank);
  }));
}

}  // namespace fleetwatt::sim
