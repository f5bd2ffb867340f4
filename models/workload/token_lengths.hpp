// Laws for prompt and output lengths. Prompt and output are drawn independently; a trace keeps the pairs that were
// observed.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "sim/distributions.hpp"

namespace fleetwatt::models {

struct FixedLength {
  double tokens = 1.0;
};
struct LogNormalLength {
  sim::LogNormal law;
  double max_tokens = 32768.0;
};
/// Known by quantiles, for instance of a published trace; linear between them.
struct QuantileLength {
  std::vector<sim::QuantilePoint> points;
};

using AnyLength = std::variant<FixedLength, LogNormalLength, QuantileLength>;

/// Whole tokens, at least 1.
[[nodiscard]] std::int32_t draw_tokens(const AnyLength& length, sim::RandomStream& stream);

}  // namespace fleetwatt::models
