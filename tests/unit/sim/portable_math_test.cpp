// Logarithm, exponential and normal quantile against the long double library, to the accuracy that their header states.
#include "sim/portable_math.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

#include "sim/random_stream.hpp"

namespace fleetwatt::sim {

namespace {

/// The quantile to long double accuracy: one Newton step from a good double, with the smaller tail's probability.
long double exact_quantile(double p, double near) {
  const long double x = near;
  const long double tail = 0.5L * std::erfc(std::fabs(x) / std::sqrt(2.0L));
  const long double wanted = p < 0.5 ? static_cast<long double>(p) : 1.0L - p;
  const long double density = std::exp(-0.5L * x * x) / std::sqrt(2.0L * std::acos(-1.0L));
  const long double magnitude = std::fabs(x) + (tail - wanted) / density;
  return p < 0.5 ? -magnitude : magnitude;
}

double relative_error(double found, long double exact) {
  return static_cast<double>(std::fabs((found - exact) / exact));
}

}  // namespace

TEST_CASE("the logarithm is within 4e-16 of the long double library's", "[unit]") {
  RandomStream stream(1, "test", "log");
  double worst = 0.0;
  for (int i = 0; i < 200'000; ++i) {
    const double x = std::pow(10.0, 600.0 * stream.uniform() - 300.0);
    worst = std::max(worst, relative_error(portable_log(x), std::log(static_cast<long double>(x))));
  }
  CHECK(worst < 4e-16);
}

TEST_CASE("the logarithm near 1 is as good, where digits cancel", "[unit]") {
  RandomStream stream(1, "test", "log near 1");
  double worst = 0.0;
  for (int i = 0; i < 200'000; ++i) {
    const double distance = std::pow(10.0, -16.0 * stream.uniform());
    const double x = i % 2 == 0 ? 1.0 + distance : 1.0 - 0.5 * distance;
    if (x == 1.0) continue;
    worst = std::max(worst, relative_error(portable_log(x), std::log(static_cast<long double>(x))));
  }
  CHECK(worst < 4e-16);
  CHECK(portable_log(1.0) == 0.0);
}

TEST_CASE("the logarithm holds at the ends of its range", "[unit]") {
  for (const double x :
       {1e-300, std::numeric_limits<double>::min(), 1e300, std::numeric_limits<double>::max(), 0x1p-53}) {
    CHECK(relative_error(portable_log(x), std::log(static_cast<long double>(x))) < 4e-16);
  }
}

TEST_CASE("the exponential is within 2.3e-16 of the long double library's", "[unit]") {
  RandomStream stream(1, "test", "exp");
  double worst = 0.0;
  for (int i = 0; i < 200'000; ++i) {
    const double x = (i % 2 == 0 ? 1400.0 : 2.0) * (stream.uniform() - 0.5);  // the whole range, and around 0
    worst = std::max(worst, relative_error(portable_exp(x), std::exp(static_cast<long double>(x))));
  }
  CHECK(worst < 2.3e-16);
  CHECK(portable_exp(0.0) == 1.0);
  for (const double x : {-700.0, 700.0}) {
    CHECK(relative_error(portable_exp(x), std::exp(static_cast<long double>(x))) < 2.3e-16);
  }
}

TEST_CASE("the normal quantile gives the published examples", "[unit]") {  // Wichura (1988), AS 241, test values
  CHECK(relative_error(normal_quantile(0.25), -0.6744897501960817L) < 1e-15);
  CHECK(relative_error(normal_quantile(0.001), -3.090232306167814L) < 1e-15);
  CHECK(relative_error(normal_quantile(1e-20), -9.262340089798408L) < 1e-15);
  CHECK(normal_quantile(0.5) == 0.0);
}

TEST_CASE("the normal quantile is within 1e-15 over its three ranges", "[unit]") {
  RandomStream stream(1, "test", "quantile");
  double worst = 0.0;
  for (int i = 0; i < 100'000; ++i) {
    const double p = i % 2 == 0 ? stream.uniform_open() : std::pow(10.0, -300.0 * stream.uniform_open());
    if (std::fabs(p - 0.5) < 1e-3) continue;  // Newton's tail loses digits where the quantile is nearly 0
    const double x = normal_quantile(p);
    worst = std::max(worst, relative_error(x, exact_quantile(p, x)));
  }
  CHECK(worst < 1e-15);
}

TEST_CASE("the normal quantile is odd about one half", "[unit]") {
  for (const double p : {0x1p-2, 0x1p-5, 0x1p-20, 0x1p-52}) CHECK(normal_quantile(p) == -normal_quantile(1.0 - p));
}

TEST_CASE("the normal quantile is finite over every uniform that a stream can give", "[unit]") {
  CHECK(normal_quantile(open_unit_interval(0)) < -8.0);
  CHECK(normal_quantile(open_unit_interval(std::numeric_limits<std::uint64_t>::max())) > 8.0);
  CHECK(normal_quantile(open_unit_interval(std::numeric_limits<std::uint64_t>::max())) < 9.0);
}

}  // namespace fleetwatt::sim
