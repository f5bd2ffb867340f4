#include "models/facility/fluid_power.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace fleetwatt::models;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("shares of heat moved, worked by hand", "[fluid_power]") {
  CHECK_THAT(
      fan_power_share(
          {.pressure_pa = 300.0, .efficiency = 0.65, .density_kg_per_m3 = 1.16, .heat_of_air_j_per_kg = 1006.0 * 13.9}),
      WithinAbs(0.02845, 5e-6));  // 300 / (0.65 x 1.16 x 1006 x 13.9)
  CHECK_THAT(pump_power_share({.pressure_pa = 150e3, .efficiency = 0.7, .water_delta_k = 6.0}),
             WithinAbs(0.00856, 5e-6));  // 150e3 / (0.7 x 997 x 4184 x 6)
  CHECK_THAT(pump_power_share({.pressure_pa = 250e3, .efficiency = 0.7, .water_delta_k = 5.0}),
             WithinAbs(0.0171, 5e-5));  // 1.71 %
}

TEST_CASE("a fan or pump against no pressure draws nothing", "[fluid_power]") {
  CHECK(fan_power_share({.pressure_pa = 0.0, .heat_of_air_j_per_kg = 1e4}) == 0.0);
  CHECK(pump_power_share({.pressure_pa = 0.0, .water_delta_k = 5.0}) == 0.0);
}

TEST_CASE("part load follows the power law, then a floor, then the load", "[fluid_power]") {
  const PartLoad law{.exponent = 2.5, .floor = 0.1};
  CHECK(part_load_power_fraction(law, 1.0) == 1.0);
  CHECK_THAT(part_load_power_fraction(law, 0.5), WithinRel(std::pow(0.5, 2.5), 1e-12));
  CHECK_THAT(part_load_power_fraction({.exponent = 3.0, .floor = 0.05}, 0.5), WithinRel(0.125, 1e-12));  // affinity law
  for (const double above : {1.2, 3.0, 1e9}) CHECK(part_load_power_fraction(law, above) == 1.0);  // no faster than full
  CHECK(part_load_power_fraction({.exponent = 3.0, .floor = 1.0}, 1.0001) == 1.0);
  CHECK(part_load_power_fraction(law, 0.3) == 0.1);  // 0.3^2.5 = 0.049
  CHECK(part_load_power_fraction(law, 0.1) == 0.1);
  CHECK(part_load_power_fraction(law, 0.05) == 0.05);
  CHECK(part_load_power_fraction(law, 0.0) == 0.0);
}
