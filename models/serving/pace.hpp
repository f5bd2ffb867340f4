// How fast a replica goes, from idle to a standing queue: points by load, and what lies between them.
#pragma once

#include <vector>

namespace fleetwatt::models {

/// One replica at a steady load.
struct PacePoint {
  double requests_per_s = 0.0;
  double sequences = 0.0;                ///< running, mean over time
  double iterations_per_s = 0.0;         ///< over all time, idle time included
  double prompt_iterations_per_s = 0.0;  ///< of them, those in which prompts begin
};

/// Linear between the points, the last beyond them. points: by rising load; none: all zero.
[[nodiscard]] PacePoint pace_at(const std::vector<PacePoint>& points, double requests_per_s);

}  // namespace fleetwatt::models
