// Whose energy the fleet's energy is: what each service causes at the utility's meter. A pool's share of its servers'
// host power is the idle part by the GPUs that it holds and the rest by what they draw; cooling and losses follow IT
// energy over the run. Pools, batch jobs and GPUs that nobody holds add up to the meter.
#pragma once

#include <vector>

#include "models/fleet/fleet_result.hpp"

namespace fleetwatt::models {

/// Of one pool, or of the GPUs that no pool holds.
struct AttributedEnergy {
  double gpu_active_j = 0.0;
  double gpu_idle_j = 0.0;
  double host_j = 0.0;
  double cooling_j = 0.0;
  double loss_j = 0.0;

  [[nodiscard]] double gpu_j() const { return gpu_active_j + gpu_idle_j; }
  [[nodiscard]] double it_j() const { return gpu_j() + host_j; }
  [[nodiscard]] double facility_j() const { return it_j() + cooling_j + loss_j; }
  AttributedEnergy& operator+=(const AttributedEnergy& other);
};

struct Attribution {
  std::vector<AttributedEnergy> pools;   ///< by the fleet's pools
  std::vector<AttributedEnergy> unused;  ///< by clusters: GPUs that no pool holds

  [[nodiscard]] AttributedEnergy total() const;
};

[[nodiscard]] Attribution attribute(const Fleet& fleet, const FleetResult& result);

/// The part of one service, over its pools.
[[nodiscard]] AttributedEnergy of_service(const Fleet& fleet, const Attribution& attribution, ServiceId service);

}  // namespace fleetwatt::models
