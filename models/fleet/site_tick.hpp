// One site over one tick: from the energy of its servers to what the utility's meter and the water meter see.
#pragma once

#include "models/fleet/fleet_result.hpp"

namespace fleetwatt::models {

struct SiteTick {
  EnergyByOwner energy;
  double meter_j = 0.0;
  WaterBalance water;
  bool cooling_out_of_range = false;
  bool overloaded = false;
};

/// energy: owners inside the servers, filled; cooling and losses are added here. The facility is at steady state within
/// a tick: mean IT power over the tick, weather of the hour.
[[nodiscard]] SiteTick facility_tick(const Site& site, const EnergyByOwner& servers, const HourlyWeather& weather,
                                     double tick_s);

}  // namespace fleetwatt::models
