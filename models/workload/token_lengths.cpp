#include "models/workload/token_lengths.hpp"

#include <algorithm>
#include <cmath>

namespace fleetwatt::models {

namespace {

struct Draw {
  sim::RandomStream& stream;
  double operator()(const FixedLength& length) const { return length.tokens; }
  double operator()(const LogNormalLength& length) const {
    return std::min(sim::draw_lognormal(stream, length.law), length.max_tokens);
  }
  double operator()(const QuantileLength& length) const { return sim::draw_quantiles(stream, length.points); }
};

}  // namespace

std::int32_t draw_tokens(const AnyLength& length, sim::RandomStream& stream) {
  const double tokens = std::visit(Draw{stream}, length);
  return static_cast<std::int32_t>(std::max(1.0, std::floor(tokens + 0.5)));
}

}  // namespace fleetwatt::models
