#include "models/fleet/routing_policy.hpp"

#include <numeric>

namespace fleetwatt::models {

std::vector<ShareInterval> share_intervals(std::span<const double> weights) {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<ShareInterval> intervals;
  double sum = 0.0;
  for (const double weight : weights) {
    const double low = sum / total;
    sum += weight;
    intervals.push_back({low, sum / total});
  }
  intervals.back().high = 1.0;
  return intervals;
}

}  // namespace fleetwatt::models
