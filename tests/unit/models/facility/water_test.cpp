#include "models/facility/water.hpp"

#include <catch2/catch.hpp>

#include "sim/units.hpp"

using namespace fleetwatt::models;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using fleetwatt::sim::joules_per_kwh;

namespace {

/// All heat as vapour, drift inside the blowdown: Lei and Masanet's tower.
TowerWater water_of_one_kwh(double cycles) {
  return tower_water({.heat_rejected_w = joules_per_kwh,
                      .water_c = 25.0,
                      .latent_fraction = 1.0,
                      .drift_fraction = 0.0,
                      .cycles_of_concentration = cycles});
}

}  // namespace

TEST_CASE("litres a kWh of heat at 25 C", "[water]") {
  CHECK_THAT(water_of_one_kwh(5.0).evaporation_kg_per_s, WithinAbs(1.474, 5e-4));  // 3600 / 2441.9
  CHECK_THAT(water_of_one_kwh(3.0).make_up_kg_per_s(), WithinAbs(2.211, 5.1e-4));  // x 3/2 = 2.2114
  CHECK_THAT(water_of_one_kwh(5.0).make_up_kg_per_s(), WithinAbs(1.843, 5e-4));    // x 5/4
  CHECK_THAT(water_of_one_kwh(10.0).make_up_kg_per_s(), WithinAbs(1.638, 5e-4));   // x 10/9
}

TEST_CASE("1 MW of IT with heat 1.10 MW, all by the tower", "[water]") {
  const TowerWater water =
      tower_water({.heat_rejected_w = 1.10e6, .water_c = 25.0, .latent_fraction = 1.0, .drift_fraction = 0.0});
  CHECK_THAT(water.make_up_kg_per_s() * joules_per_kwh / 1e6, WithinAbs(2.027, 5e-4));  // 1.843 x 1.10
}

TEST_CASE("drift comes out of the blowdown until there is none left", "[water]") {
  TowerWaterInput input{.heat_rejected_w = 1e6, .water_c = 25.0, .water_flow_kg_per_s = 48.0, .latent_fraction = 0.8};
  const TowerWater water = tower_water(input);
  CHECK_THAT(water.evaporation_kg_per_s, WithinRel(0.8e6 / 2441.9e3, 1e-4));
  CHECK_THAT(water.drift_kg_per_s, WithinRel(0.0024, 1e-12));  // 0.00005 x 48
  CHECK_THAT(water.make_up_kg_per_s(), WithinRel(water.evaporation_kg_per_s * 5.0 / 4.0, 1e-12));
  input.drift_fraction = 0.005;  // 0.24 kg/s, more than a quarter of the evaporation
  const TowerWater leaky = tower_water(input);
  CHECK(leaky.blowdown_kg_per_s == 0.0);
  CHECK_THAT(leaky.make_up_kg_per_s(), WithinRel(leaky.evaporation_kg_per_s + 0.24, 1e-12));
}

TEST_CASE("water scales with heat", "[water]") {
  CHECK(tower_water({}).make_up_kg_per_s() == 0.0);
  const double one = tower_water({.heat_rejected_w = 1e6}).make_up_kg_per_s();
  CHECK_THAT(tower_water({.heat_rejected_w = 2e6}).make_up_kg_per_s(), WithinRel(2.0 * one, 1e-12));
}

TEST_CASE("make-up by the balance of salts is what leaves, with blowdown and without", "[water]") {
  for (const double drift_fraction : {0.0, 0.00005, 0.01}) {
    TowerWaterInput input{.heat_rejected_w = 2e6, .water_c = 21.0, .water_flow_kg_per_s = 95.0};
    input.drift_fraction = drift_fraction;
    const TowerWater water = tower_water(input);
    CHECK((water.blowdown_kg_per_s > 0.0) == (drift_fraction < 0.001));
    CHECK_THAT(fleetwatt::models::make_up_kg_per_s(input), WithinRel(water.make_up_kg_per_s(), 1e-14));
  }
  // 4 cycles of pure salt balance: 1 kg evaporated takes 4/3 kg.
  TowerWaterInput input{.heat_rejected_w = 1e6, .latent_fraction = 1.0, .drift_fraction = 0.0};
  input.cycles_of_concentration = 4.0;
  CHECK_THAT(fleetwatt::models::make_up_kg_per_s(input),
             WithinRel(4.0 / 3.0 * tower_water(input).evaporation_kg_per_s, 1e-14));
}
