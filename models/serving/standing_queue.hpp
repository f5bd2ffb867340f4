// What replicas did while a queue stood: their capacity is the ratio of the two.
#pragma once

#include <cstdint>

namespace fleetwatt::models {

/// Time in which requests waited for a place, and requests done in it. Of one replica, or summed over several.
struct StandingQueue {
  double time_s = 0.0;        ///< of finished iterations (or batches) that left some waiting
  std::uint64_t done = 0;     ///< in that time
  double unfinished_s = 0.0;  ///< of the one in progress, where it left some waiting

  StandingQueue& operator+=(const StandingQueue& other) {
    time_s += other.time_s;
    done += other.done;
    unfinished_s += other.unfinished_s;
    return *this;
  }
};

}  // namespace fleetwatt::models
