// Energy of accelerators over a span, by what they were doing.
#pragma once

namespace fleetwatt::models {

struct GpuEnergy {
  double active_j = 0.0;  ///< while work was resident
  double idle_j = 0.0;    ///< while powered with nothing to do

  [[nodiscard]] double total_j() const { return active_j + idle_j; }
  GpuEnergy& operator+=(const GpuEnergy& other) {
    active_j += other.active_j;
    idle_j += other.idle_j;
    return *this;
  }
};

}  // namespace fleetwatt::models
