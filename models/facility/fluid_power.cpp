#include "models/facility/fluid_power.hpp"

#include <algorithm>
#include <cassert>

#include "sim/portable_math.hpp"

namespace fleetwatt::models {

double fan_power_share(const FanDesign& fan) {
  assert(fan.pressure_pa >= 0.0 && fan.efficiency > 0.0 && fan.density_kg_per_m3 > 0.0 &&
         fan.heat_of_air_j_per_kg > 0.0);
  return fan.pressure_pa / (fan.efficiency * fan.density_kg_per_m3 * fan.heat_of_air_j_per_kg);
}

double pump_power_share(const PumpDesign& pump) {
  assert(pump.pressure_pa >= 0.0 && pump.efficiency > 0.0 && pump.water_delta_k > 0.0);
  return pump.pressure_pa /
         (pump.efficiency * water_density_kg_per_m3 * water_specific_heat_j_per_kg_k * pump.water_delta_k);
}

double part_load_power_fraction(const PartLoad& law, double load_fraction) {
  assert(load_fraction >= 0.0);
  if (load_fraction >= 1.0) return 1.0;
  if (load_fraction <= law.floor) return load_fraction;
  return std::max(law.floor, sim::portable_exp(law.exponent * sim::portable_log(load_fraction)));
}

}  // namespace fleetwatt::models
