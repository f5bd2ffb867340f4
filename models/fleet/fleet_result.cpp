#include "models/fleet/fleet_result.hpp"

#include <algorithm>
#include <limits>

#include "sim/units.hpp"

namespace fleetwatt::models {

EnergyByOwner& EnergyByOwner::operator+=(const EnergyByOwner& other) {
  inference_j += other.inference_j;
  training_j += other.training_j;
  idle_j += other.idle_j;
  host_j += other.host_j;
  cooling_j += other.cooling_j;
  loss_j += other.loss_j;
  return *this;
}

void Excess::note(double value, std::size_t hour) {
  if (ticks == 0) first_hour = hour;
  worst = std::max(worst, value);
  ++ticks;
}

WaterBalance& WaterBalance::operator+=(const WaterBalance& other) {
  evaporation_kg += other.evaporation_kg;
  drift_kg += other.drift_kg;
  blowdown_kg += other.blowdown_kg;
  return *this;
}

EnergyByOwner FleetResult::energy() const {
  EnergyByOwner sum;
  for (const auto& site : sites) sum += site.energy;
  return sum;
}

double ServiceTotals::capacity_per_s() const {
  if (saturated_hours == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(saturated_done) / (static_cast<double>(saturated_hours) * sim::seconds_per_hour);
}

}  // namespace fleetwatt::models
