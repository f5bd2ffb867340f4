// One site over one tick: from the energy of its servers to what the utility's meter and the water meter see.
#pragma once

#include "models/fleet/fleet_result.hpp"

namespace fleetwatt::models {

struct SiteTick {
  EnergyByOwner energy;
  double meter_j = 0.0;
  WaterBalance water;
  double it_w = 0.0;
  double heat_not_removed_w = 0.0;
  double load_over_rating = 0.0;  ///< of the power delivery's stage that is loaded most
  bool cooling_out_of_range = false;
  bool overloaded = false;
};

/// energy: owners inside the servers, filled; cooling and losses are added here. The facility is at steady state within
/// a tick: mean IT power over the tick, weather of the hour.
[[nodiscard]] SiteTick facility_tick(const Site& site, const EnergyByOwner& servers, const HourlyWeather& weather,
                                     double tick_s);

/// Counts what of the tick was beyond the site's limits.
void note_limits(const Site& site, const SiteTick& tick, std::size_t hour, double tick_s, SiteTotals& totals);

}  // namespace fleetwatt::models
