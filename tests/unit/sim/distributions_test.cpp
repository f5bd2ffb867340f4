// Distributions: moments within four standard errors, and the whole curve by Kolmogorov and Smirnov's test. Seeds are
// fixed.
#include "sim/distributions.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <vector>

namespace fleetwatt::sim {

using Catch::Matchers::WithinRel;

namespace {

constexpr int count = 100'000;
constexpr double kolmogorov_999 = 1.9495;  // asymptotic quantile of sqrt(n) D at probability 0.999 (Smirnov 1948)

using Draw = std::function<double(RandomStream&)>;
using Distribution = std::function<double(double)>;

std::vector<double> draws(const char* purpose, const Draw& draw) {
  RandomStream stream(2024, "test", purpose);
  std::vector<double> values(count);
  for (auto& value : values) value = draw(stream);
  return values;
}

/// sqrt(n) times the largest distance between the sample's distribution function and the given one.
double kolmogorov_statistic(std::vector<double> values, const Distribution& distribution) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double distance = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double f = distribution(values[i]);
    distance = std::max({distance, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
  }
  return distance * std::sqrt(n);
}

double mean(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double standard_deviation(const std::vector<double>& values) {
  const double centre = mean(values);
  double sum = 0.0;
  for (const double value : values) sum += (value - centre) * (value - centre);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

double normal_distribution(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

}  // namespace

TEST_CASE("exponential draws follow their law", "[unit]") {
  const auto values = draws("exponential", [](RandomStream& s) { return draw_exponential(s, 3.0); });
  CHECK(*std::min_element(values.begin(), values.end()) > 0.0);
  CHECK(std::fabs(mean(values) - 3.0) < 4.0 * 3.0 / std::sqrt(count));                      // standard deviation = mean
  CHECK(std::fabs(standard_deviation(values) - 3.0) < 4.0 * 3.0 * std::sqrt(2.0 / count));  // kurtosis 9
  CHECK(kolmogorov_statistic(values, [](double x) { return -std::expm1(-x / 3.0); }) < kolmogorov_999);
}

TEST_CASE("an exponential of mean 0 is 0", "[unit]") {
  RandomStream stream(1, "test", "zero");
  CHECK(draw_exponential(stream, 0.0) == 0.0);
}

TEST_CASE("normal draws follow their law", "[unit]") {
  const auto values = draws("normal", [](RandomStream& s) { return draw_normal(s); });
  CHECK(std::fabs(mean(values)) < 4.0 / std::sqrt(count));
  CHECK(std::fabs(standard_deviation(values) - 1.0) < 4.0 * std::sqrt(0.5 / count));  // kurtosis 3
  CHECK(kolmogorov_statistic(values, normal_distribution) < kolmogorov_999);
}

TEST_CASE("log-normal draws follow their law", "[unit]") {
  const auto values =
      draws("lognormal", [](RandomStream& s) { return draw_lognormal(s, {.median = 2.0, .sigma = 0.5}); });
  const double expected_mean = 2.0 * std::exp(0.125);  // median exp(sigma^2 / 2)
  const double expected_deviation = expected_mean * std::sqrt(std::expm1(0.25));
  CHECK(std::fabs(mean(values) - expected_mean) < 4.0 * expected_deviation / std::sqrt(count));
  CHECK(kolmogorov_statistic(values, [](double x) { return normal_distribution(std::log(x / 2.0) / 0.5); }) <
        kolmogorov_999);
}

TEST_CASE("a log-normal of sigma 0 is its median", "[unit]") {
  RandomStream stream(1, "test", "median");
  CHECK(draw_lognormal(stream, {.median = 7.5, .sigma = 0.0}) == 7.5);
}

TEST_CASE("Weibull draws follow their law", "[unit]") {
  const double shape = GENERATE(0.7, 1.0, 2.5);
  const double scale = 5.0;
  const auto values =
      draws("weibull", [&](RandomStream& s) { return draw_weibull(s, {.scale = scale, .shape = shape}); });
  const double expected_mean = scale * std::tgamma(1.0 + 1.0 / shape);
  const double second_moment = scale * scale * std::tgamma(1.0 + 2.0 / shape);
  const double expected_deviation = std::sqrt(second_moment - expected_mean * expected_mean);
  CHECK(std::fabs(mean(values) - expected_mean) < 4.0 * expected_deviation / std::sqrt(count));
  CHECK(kolmogorov_statistic(values, [&](double x) { return -std::expm1(-std::pow(x / scale, shape)); }) <
        kolmogorov_999);
}

TEST_CASE("each draw is the inverse of its law at the stream's next uniform", "[unit]") {
  const RandomStream start(5, "test", "inverse");
  RandomStream exponential = start, lognormal = start, weibull = start, uniforms = start;
  for (int i = 0; i < 1000; ++i) {
    const double u = uniforms.uniform_open();
    const double unit = -std::log(u);
    CHECK_THAT(draw_exponential(exponential, 3.0), WithinRel(3.0 * unit, 1e-15));
    CHECK_THAT(draw_weibull(weibull, {.scale = 5.0, .shape = 0.7}), WithinRel(5.0 * std::pow(unit, 1.0 / 0.7), 1e-14));
    const double z = std::log(draw_lognormal(lognormal, {.median = 2.0, .sigma = 0.5}) / 2.0) / 0.5;
    CHECK_THAT(normal_distribution(z), WithinRel(u, 1e-13));
  }
}

TEST_CASE("draws by quantiles follow the line between the points", "[unit]") {
  const std::array points = {QuantilePoint{0.0, 10.0}, QuantilePoint{0.5, 20.0}, QuantilePoint{1.0, 100.0}};
  const auto values = draws("quantiles", [&](RandomStream& s) { return draw_quantiles(s, points); });
  CHECK(std::fabs(mean(values) - 37.5) < 4.0 * 27.3 / std::sqrt(count));  // (15 + 60)/2; deviation 27.23
  CHECK(kolmogorov_statistic(values, [](double x) { return x < 20.0 ? (x - 10.0) / 20.0 : 0.5 + (x - 20.0) / 160.0; }) <
        kolmogorov_999);
}

TEST_CASE("draws by quantiles are constant beyond the first and the last point", "[unit]") {
  const std::array points = {QuantilePoint{0.25, 1.0}, QuantilePoint{0.75, 3.0}};
  const auto values = draws("beyond", [&](RandomStream& s) { return draw_quantiles(s, points); });
  const auto share = [&](double wanted) {
    return static_cast<double>(std::count(values.begin(), values.end(), wanted)) / count;
  };
  const double four_errors = 4.0 * std::sqrt(0.25 * 0.75 / count);
  CHECK(std::fabs(share(1.0) - 0.25) < four_errors);
  CHECK(std::fabs(share(3.0) - 0.25) < four_errors);
  CHECK(*std::min_element(values.begin(), values.end()) == 1.0);
  CHECK(*std::max_element(values.begin(), values.end()) == 3.0);
}

}  // namespace fleetwatt::sim
