#include "sim/distributions.hpp"

#include <algorithm>

#include "sim/portable_math.hpp"

namespace fleetwatt::sim {

double draw_exponential(RandomStream& stream, double mean) {
  return -mean * portable_log(stream.uniform_open());
}

double draw_normal(RandomStream& stream) {
  return normal_quantile(stream.uniform_open());
}

double draw_lognormal(RandomStream& stream, const LogNormal& law) {
  return law.median * portable_exp(law.sigma * draw_normal(stream));
}

double draw_weibull(RandomStream& stream, const Weibull& law) {
  const double unit = -portable_log(stream.uniform_open());
  return law.scale * portable_exp(portable_log(unit) / law.shape);
}

double draw_quantiles(RandomStream& stream, std::span<const QuantilePoint> points) {
  const double u = stream.uniform();
  const auto above = std::ranges::upper_bound(points, u, {}, &QuantilePoint::probability);
  if (above == points.begin()) return points.front().value;
  if (above == points.end()) return points.back().value;
  const auto& low = *(above - 1);
  return low.value + (above->value - low.value) * (u - low.probability) / (above->probability - low.probability);
}

}  // namespace fleetwatt::sim
