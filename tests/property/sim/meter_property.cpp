// Meters: whatever the signal, the bins' sum is the total is the integral, and calls that change nothing change
// nothing. Times are multiples of 2^-10 s and values whole, so every sum is exact and equality means equality.
#include "sim/meter.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include <numeric>
#include <vector>

namespace fleetwatt::sim {

namespace {

struct Step {
  Duration length;
  double value = 0.0;
};

Duration milli(std::int64_t count) {
  return Duration::from_ticks(count << (Duration::tick_bits - 10));
}

std::vector<Step> any_signal() {
  const auto pairs = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 50'000), rc::gen::inRange(-1000, 1'000'000)));
  std::vector<Step> signal;
  for (const auto& [length, value] : pairs) signal.push_back({milli(length), static_cast<double>(value)});
  return signal;
}

Duration any_bin() {
  return milli(*rc::gen::inRange(1, 20'000));
}

double direct_integral(const std::vector<Step>& signal) {
  double sum = 0.0;
  for (const auto& step : signal) sum += step.value * step.length.s();
  return sum;
}

SimTime end_of(const std::vector<Step>& signal) {
  SimTime end;
  for (const auto& step : signal) end += step.length;
  return end;
}

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

/// All closed bins, the last one closed too by running on at 0.
std::vector<double> bins_of(const std::vector<Step>& signal, Duration bin) {
  Meter meter(SimTime{}, bin);
  SimTime now;
  for (const auto& step : signal) {
    meter.set(now, step.value);
    now += step.length;
  }
  meter.set(now, 0.0);
  meter.advance(now + bin);
  return meter.take_closed();
}

}  // namespace

TEST_CASE("total = sum of bins = integral of the signal", "[unit][property]") {
  CHECK(rc::check("for any signal and bin", [] {
    const auto signal = any_signal();
    const Duration bin = any_bin();
    Meter meter(SimTime{}, bin);
    SimTime now;
    for (const auto& step : signal) {
      meter.set(now, step.value);
      now += step.length;
    }
    meter.advance(now);
    RC_ASSERT(meter.total() == direct_integral(signal));
    RC_ASSERT(sum(bins_of(signal, bin)) == direct_integral(signal));
    RC_ASSERT(static_cast<std::int64_t>(meter.take_closed().size()) == end_of(signal).since_start() / bin);
  }));
}

TEST_CASE("a coarse meter reads the sums of a fine one", "[unit][property]") {
  CHECK(rc::check("for any signal and nesting", [] {
    const auto signal = any_signal();
    const Duration fine = any_bin();
    const int nested = *rc::gen::inRange(1, 10);
    auto fine_bins = bins_of(signal, fine);
    const auto coarse_bins = bins_of(signal, fine * nested);
    fine_bins.resize(coarse_bins.size() * static_cast<std::size_t>(nested), 0.0);
    for (std::size_t i = 0; i < coarse_bins.size(); ++i) {
      const auto begin = fine_bins.begin() + static_cast<std::ptrdiff_t>(i) * nested;
      RC_ASSERT(coarse_bins[i] == std::accumulate(begin, begin + nested, 0.0));
    }
  }));
}

TEST_CASE("where a signal is looked at does not change its bins", "[unit][property]") {
  CHECK(rc::check("for any signal, with steps cut in two and bins taken at any moment", [] {
    const auto signal = any_signal();
    const Duration bin = any_bin();
    Meter meter(SimTime{}, bin);
    std::vector<double> bins;
    const auto take = [&] {
      for (const double integral : meter.take_closed()) bins.push_back(integral);
    };
    SimTime now;
    for (const auto& step : signal) {
      meter.set(now, step.value);
      const auto part = *rc::gen::inRange<std::int64_t>(0, step.length / milli(1) + 1);
      meter.advance(now + milli(part));
      take();
      meter.set(now + milli(part), step.value);
      now += step.length;
    }
    meter.set(now, 0.0);
    meter.advance(now + bin);
    take();
    RC_ASSERT(bins == bins_of(signal, bin));
  }));
}

TEST_CASE("a sum of signals reads the sum of their meters", "[unit][property]") {
  CHECK(rc::check("for any two signals", [] {
    const Duration bin = any_bin();
    const auto a = any_signal();
    const auto b = any_signal();
    // b follows a: the bins of both, metered apart from one start, add up to those of the whole.
    std::vector<Step> whole = a;
    whole.insert(whole.end(), b.begin(), b.end());
    std::vector<Step> late = {{end_of(a).since_start(), 0.0}};
    late.insert(late.end(), b.begin(), b.end());
    auto bins_a = bins_of(a, bin);
    const auto bins_b = bins_of(late, bin);
    const auto bins_whole = bins_of(whole, bin);
    bins_a.resize(bins_b.size(), 0.0);
    for (std::size_t i = 0; i < bins_whole.size(); ++i) RC_ASSERT(bins_whole[i] == bins_a[i] + bins_b[i]);
  }));
}

TEST_CASE("the peak is the highest of the intervals' means", "[unit][property]") {
  CHECK(rc::check("for any ticks", [] {
    const int ticks_per_interval = *rc::gen::inRange(1, 7);
    const auto ticks = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-100'000, 100'000));
    IntervalPeak peak(Duration::from_whole_s(256), ticks_per_interval);
    for (const int integral : ticks) peak.add_tick(static_cast<double>(integral));
    const std::size_t width = static_cast<std::size_t>(ticks_per_interval);
    double expected = 0.0;
    std::size_t start = 0;
    for (std::size_t i = 0; i + width <= ticks.size(); i += width) {
      long total = 0;
      for (std::size_t j = i; j < i + width; ++j) total += ticks[j];
      const double mean = static_cast<double>(total) / (256.0 * ticks_per_interval);
      if (i == 0 || mean > expected) {
        expected = mean;
        start = i;
      }
    }
    RC_ASSERT(peak.peak() == expected);
    RC_ASSERT(peak.peak_start() == Duration::from_whole_s(256) * static_cast<std::int64_t>(start));
  }));
}

}  // namespace fleetwatt::sim
