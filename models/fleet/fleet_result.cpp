#include "models/fleet/fleet_result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

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
  make_up_kg += other.make_up_kg;
  return *this;
}

EnergyByOwner FleetResult::energy() const {
  EnergyByOwner sum;
  for (const auto& site : sites) sum += site.energy;
  return sum;
}

std::string to_text(const Breach& breach, sim::UtcSeconds start) {
  const auto moment = [&](std::int64_t hour) { return sim::to_text({start.value + hour * sim::one_hour.whole_s()}); };
  return fmt::format("an audit failed between {} and {}; this is a fault of the simulator, please report it:{}",
                     moment(breach.from_hour), moment(breach.to_hour), breach.text);
}

double ServiceTotals::target_met_fraction() const {
  const std::uint64_t decided = counts.done + counts.rejected + overdue;
  if (decided == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(counts.met_target) / static_cast<double>(decided);
}

double capacity_per_s(const Fleet& fleet, const FleetResult& result, ServiceId service) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  if (result.services[service.index()].saturated_hours == 0) return unknown;
  double sum = 0.0;
  for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
    if (fleet.pools[i].service != service) continue;
    const StandingQueue& queue = result.pools[i].standing_queue;
    with_service_pool(fleet.pools[i], [&](const auto& body) {
      sum += queue.done > 0 ? body.replicas() * static_cast<double>(queue.done) / queue.time_s : unknown;
    });
  }
  return sum;
}

}  // namespace fleetwatt::models
