// Batch means on constructed series of known noise.
#include "analysis/compare/paired_noise.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/distributions.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;

namespace {

std::vector<double> white_noise(std::size_t hours, std::uint64_t seed) {
  sim::RandomStream stream(seed, "test", "noise");
  std::vector<double> series;
  for (std::size_t hour = 0; hour < hours; ++hour) series.push_back(sim::draw_normal(stream));
  return series;
}

/// First-order autoregressive: x = phi x + normal.
std::vector<double> autoregressive(std::size_t hours, double phi, std::uint64_t seed) {
  auto series = white_noise(hours, seed);
  double x = 0.0;
  for (double& value : series) value = x = phi * x + value;
  return series;
}

/// Root mean square of the estimated standard error over many series.
template <class Make>
double typical_error(Make make, int repetitions) {
  double squares = 0.0;
  for (int i = 0; i < repetitions; ++i) {
    const double error = batch_means(make(static_cast<std::uint64_t>(i) + 1))->standard_error;
    squares += error * error;
  }
  return std::sqrt(squares / repetitions);
}

}  // namespace

TEST_CASE("worked: ten batches of two hours", "[compare]") {
  std::vector<double> series;
  for (int batch = 1; batch <= 10; ++batch) {
    series.push_back(batch - 0.5);
    series.push_back(batch + 0.5);
  }
  const auto estimate = batch_means(series);
  REQUIRE(estimate);
  CHECK(estimate->batches == 10);
  CHECK(estimate->mean == 5.5);
  // Batch means 1..10: variance n (n + 1) / 12 = 55/6; over ten batches, its root.
  CHECK(estimate->standard_error == Approx(std::sqrt(55.0 / 60.0)).epsilon(1e-14));
}

TEST_CASE("the number of batches: ten, or a whole day each from ten days on, at most thirty", "[compare]") {
  const auto batches = [](std::size_t hours) { return batch_means(white_noise(hours, 1))->batches; };
  CHECK(batches(10) == 10);
  CHECK(batches(72) == 10);
  CHECK(batches(239) == 10);
  CHECK(batches(240) == 10);
  CHECK(batches(14 * 24) == 14);
  CHECK(batches(8760) == 30);
  CHECK_FALSE(batch_means(white_noise(9, 1)));
  CHECK_FALSE(batch_means({}));
}

TEST_CASE("a value that is not a number leaves no estimate", "[compare]") {
  auto series = white_noise(48, 1);
  series[7] = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(batch_means(series));
}

TEST_CASE("a constant difference has no noise", "[compare]") {
  for (const std::size_t hours : {10U, 37U, 250U, 8760U}) {
    const auto estimate = batch_means(std::vector<double>(hours, -0.25));
    CHECK(estimate->mean == -0.25);
    CHECK(estimate->standard_error < 1e-16);
  }
}

TEST_CASE("a course that repeats each day is no noise once batches are days", "[compare]") {
  std::vector<double> series;
  for (int hour = 0; hour < 14 * 24; ++hour) series.push_back(std::sin(hour * 3.14159265358979 / 12.0));
  CHECK(batch_means(series)->standard_error < 1e-15);
  series.resize(72);
  CHECK(batch_means(series)->standard_error > 0.1);  // batches of seven hours: the estimate is too wide, as documented
}

TEST_CASE("white noise: the standard error of the mean is 1 / sqrt(hours)", "[compare]") {
  for (const std::size_t hours : {72U, 100U, 720U, 8760U}) {
    // 400 estimates of a variance with at least 9 degrees of freedom: their mean is right to sqrt(2 / 3600) = 2.4 %,
    // its root to half of that; four of these.
    const double found = typical_error([&](std::uint64_t seed) { return white_noise(hours, seed); }, 400);
    CHECK(found * std::sqrt(static_cast<double>(hours)) == Approx(1.0).margin(0.05));
  }
}

TEST_CASE("noise that lasts: an autoregressive series over a year", "[compare]") {
  // The mean of n values of it has variance 1 / (1 - phi)^2 / n; batches of 12 days see nearly all of it.
  const double phi = 0.8;
  const double expected = 1.0 / (1.0 - phi) / std::sqrt(8760.0);
  const double found = typical_error([&](std::uint64_t seed) { return autoregressive(8760, phi, seed); }, 100);
  CHECK(found ==
        Approx(expected).epsilon(0.07));  // 2900 degrees of freedom: 1.3 %, and 1.5 % below by the batches' ends
  const double as_if_independent = 1.0 / std::sqrt(1.0 - phi * phi) / std::sqrt(8760.0);
  CHECK(found > 2.5 * as_if_independent);
}

TEST_CASE("pure noise is below 1.96 standard errors as often as Student's t says", "[compare]") {
  struct Case {
    std::size_t hours;
    double share;  // P(|t| < 1.96) with 9 and with 29 degrees of freedom
  };
  for (const auto& [hours, share] : {Case{100, 0.9184}, Case{720, 0.9403}}) {
    constexpr int repetitions = 2000;
    int below = 0;
    for (int i = 0; i < repetitions; ++i) {
      const auto estimate = batch_means(white_noise(hours, static_cast<std::uint64_t>(i) + 1));
      if (std::fabs(estimate->mean) < noise_standard_errors * estimate->standard_error) ++below;
    }
    // Binomial: a standard deviation of 0.6 %; four of them.
    CHECK(below / static_cast<double>(repetitions) == Approx(share).margin(0.025));
  }
}
