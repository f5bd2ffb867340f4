// How a service's demand is split over the sites that run it. The one policy so far gives each site a fixed share;
// those that look at latency, carbon or cost will stand in the same table.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "models/workload/request_trace.hpp"

namespace fleetwatt::models {

struct RoutingPolicyEntry {
  std::string_view name;
  std::string_view meaning;
};

inline constexpr std::array routing_policies = {RoutingPolicyEntry{
    "fixed-shares", "each site serves a fixed share of the demand; by default in proportion to its replicas"}};

/// Weights (each >= 0, sum > 0) as adjoining intervals that cover [0, 1) in the given order; the last ends at
/// exactly 1.
[[nodiscard]] std::vector<ShareInterval> share_intervals(std::span<const double> weights);

}  // namespace fleetwatt::models
