#include "models/facility/water.hpp"

#include <algorithm>
#include <cassert>

#include "models/facility/psychrometrics.hpp"

namespace fleetwatt::models {

TowerWater tower_water(const TowerWaterInput& input) {
  assert(input.heat_rejected_w >= 0.0 && input.water_flow_kg_per_s >= 0.0 && input.cycles_of_concentration > 1.0);
  const double evaporation = input.latent_fraction * input.heat_rejected_w / latent_heat_j_per_kg(input.water_c);
  const double drift = input.drift_fraction * input.water_flow_kg_per_s;
  return {.evaporation_kg_per_s = evaporation,
          .drift_kg_per_s = drift,
          .blowdown_kg_per_s = std::max(evaporation / (input.cycles_of_concentration - 1.0) - drift, 0.0)};
}

double make_up_kg_per_s(const TowerWaterInput& input) {
  const double evaporation = input.latent_fraction * input.heat_rejected_w / latent_heat_j_per_kg(input.water_c);
  const double drift = input.drift_fraction * input.water_flow_kg_per_s;
  return std::max(evaporation * input.cycles_of_concentration / (input.cycles_of_concentration - 1.0),
                  evaporation + drift);
}

}  // namespace fleetwatt::models
