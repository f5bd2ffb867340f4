// A sum of times on a replica's fine clock that lasts as long as a run may: whole ticks of simulated time, and what is
// left over in the fine clock's own units. Exact. (64 bits of 2^-44 s alone would be full after six days.)
#pragma once

#include "models/serving/iteration_model.hpp"

namespace fleetwatt::models {

class FineSum {
 public:
  /// time: >= 0, below six days.
  void add(FineTime time) {
    rest_ += time;
    whole_ += coarse_from(rest_);
    rest_ -= fine_from(coarse_from(rest_));
  }
  /// Up to 17 years.
  [[nodiscard]] double s() const { return whole_.s() + s_from_fine(rest_); }
  friend bool operator==(const FineSum&, const FineSum&) = default;

 private:
  sim::Duration whole_;
  FineTime rest_ = 0;  ///< below one tick
};

}  // namespace fleetwatt::models
