#include "models/facility/water.hpp"

#include <algorithm>
#include <cassert>

#include "models/facility/psychrometrics.hpp"

namespace fleetwatt::models {

namespace {

double evaporation_kg_per_s(const TowerWaterInput& input) {
  return input.latent_fraction * input.heat_rejected_w / latent_heat_j_per_kg(input.water_c);
}

double drift_kg_per_s(const TowerWaterInput& input) {
  return input.drift_fraction * input.water_flow_kg_per_s;
}

}  // namespace

TowerWater tower_water(const TowerWaterInput& input) {
  assert(input.heat_rejected_w >= 0.0 && input.water_flow_kg_per_s >= 0.0 && input.cycles_of_concentration > 1.0);
  const double evaporation = evaporation_kg_per_s(input);
  const double drift = drift_kg_per_s(input);
  return {.evaporation_kg_per_s = evaporation,
          .drift_kg_per_s = drift,
          .blowdown_kg_per_s = std::max(evaporation / (input.cycles_of_concentration - 1.0) - drift, 0.0)};
}

double make_up_kg_per_s(const TowerWaterInput& input) {
  const double evaporation = evaporation_kg_per_s(input);
  const double drift = drift_kg_per_s(input);
  return std::max(evaporation * input.cycles_of_concentration / (input.cycles_of_concentration - 1.0),
                  evaporation + drift);
}

}  // namespace fleetwatt::models
