// Latency that a request should keep.
#pragma once

#include <optional>

#include "sim/sim_time.hpp"

namespace fleetwatt::models {

/// Empty = no limit.
struct LatencyTarget {
  std::optional<sim::Duration> time_to_first_token;
  std::optional<sim::Duration> time_per_output_token;
  std::optional<sim::Duration> latency = {};  ///< arrival to the finished answer

  [[nodiscard]] bool any() const { return time_to_first_token || time_per_output_token || latency; }
};

}  // namespace fleetwatt::models
