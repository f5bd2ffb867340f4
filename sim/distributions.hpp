// Draws from a stream. Ours, because the standard library's distributions differ between libraries; free of libm,
// because libm differs between CPUs.
#pragma once

#include <span>

#include "sim/random_stream.hpp"

namespace fleetwatt::sim {

/// Exponential with the given mean; mean >= 0.
[[nodiscard]] double draw_exponential(RandomStream& stream, double mean);

/// Standard normal.
[[nodiscard]] double draw_normal(RandomStream& stream);

/// exp(ln median + sigma Z); median > 0, sigma >= 0.
struct LogNormal {
  double median = 1.0;
  double sigma = 0.0;  ///< standard deviation of the logarithm
};
[[nodiscard]] double draw_lognormal(RandomStream& stream, const LogNormal& law);

/// scale (-ln U)^(1/shape); both > 0.
struct Weibull {
  double scale = 1.0;
  double shape = 1.0;
};
[[nodiscard]] double draw_weibull(RandomStream& stream, const Weibull& law);

/// One point of a distribution known by its quantiles.
struct QuantilePoint {
  double probability = 0.0;
  double value = 0.0;
};
/// Inverse of the distribution function, linear between its points and constant beyond them. Points rise in both
/// members.
[[nodiscard]] double draw_quantiles(RandomStream& stream, std::span<const QuantilePoint> points);

}  // namespace fleetwatt::sim
