// Water of an evaporative tower: evaporation carries heat away, drift is blown out as droplets, blowdown keeps salts
// in bounds. Follows Lei and Masanet (2022), Resour. Conserv. Recycl. 182, 106323, with a latent share of our own.
//
// Leaves out: the latent share's change with the weather (lower in winter, so winter water errs high); rain into the
// basin.
#pragma once

namespace fleetwatt::models {

struct TowerWaterInput {
  double heat_rejected_w = 0.0;          ///< >= 0
  double water_c = 25.0;                 ///< where it evaporates; 0..100
  double water_flow_kg_per_s = 0.0;      ///< over the tower
  double latent_fraction = 0.8;          ///< of the heat, the rest warms the air; 1 in Lei and Masanet
  double drift_fraction = 0.00005;       ///< of the flow
  double cycles_of_concentration = 5.0;  ///< salts of the basin over salts of the make-up; > 1
};

struct TowerWater {
  double evaporation_kg_per_s = 0.0;
  double drift_kg_per_s = 0.0;
  double blowdown_kg_per_s = 0.0;

  [[nodiscard]] double make_up_kg_per_s() const { return evaporation_kg_per_s + drift_kg_per_s + blowdown_kg_per_s; }
};

/// What the basin takes in, by the balance of salts: make-up x 1 = (drift + blowdown) x cycles, so evaporation x cycles
/// / (cycles - 1); where drift alone keeps the salts below that, evaporation and drift. Not the sum of what leaves: an
/// audit compares the two.
[[nodiscard]] double make_up_kg_per_s(const TowerWaterInput& input);

/// Evaporation f Q / L; drift d m; blowdown max(evaporation / (cycles - 1) - drift, 0). No heat, no water.
[[nodiscard]] TowerWater tower_water(const TowerWaterInput& input);

}  // namespace fleetwatt::models
