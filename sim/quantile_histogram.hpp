// Quantiles of durations from integer counts, so that histograms of several pools merge exactly and in any order.
// Buckets grow with the value (256 to each doubling): a quantile is within 0.2 % of an observed value, or half a
// microsecond where that is more, at any number of observations.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/sim_time.hpp"

namespace fleetwatt::sim {

class QuantileHistogram {
 public:
  /// value >= 0.
  void add(Duration value);
  void merge(const QuantileHistogram& other);
  void clear();

  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// Exact: integer ticks over an integer count. NaN when empty.
  [[nodiscard]] double mean_s() const;
  /// The smallest bucket's middle that at least a share `p` of the values does not exceed; 0 < p <= 1. NaN when empty.
  [[nodiscard]] double quantile_s(double p) const;
  /// How many values are at most `limit`, to the resolution of a bucket; limit >= 0.
  [[nodiscard]] std::uint64_t count_at_most(Duration limit) const;

 private:
  __extension__ using Wide = __int128;
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  Wide sum_ticks_ = 0;
};

}  // namespace fleetwatt::sim
