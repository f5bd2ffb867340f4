#include "models/facility/psychrometrics.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace fleetwatt::models;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("saturation pressure agrees with PsychroLib's reference values", "[psychrometrics]") {
  // psychrolib test suite, over ice below 0 C, relative 3e-4
  CHECK_THAT(saturation_pressure_pa(-20.0), WithinRel(103.24, 3e-4));
  CHECK_THAT(saturation_pressure_pa(-5.0), WithinRel(401.74, 3e-4));
  CHECK_THAT(saturation_pressure_pa(5.0), WithinRel(872.6, 3e-4));
  CHECK_THAT(saturation_pressure_pa(25.0), WithinRel(3169.7, 3e-4));
  CHECK_THAT(saturation_pressure_pa(50.0), WithinRel(12351.3, 3e-4));
  CHECK_THAT(saturation_pressure_pa(100.0), WithinRel(101418.0, 3e-4));
  // Water and ice meet at 0 C: 611.2 Pa, the two formulas within 2e-4 of each other.
  CHECK_THAT(saturation_pressure_pa(0.0), WithinRel(saturation_pressure_pa(-1e-9), 2e-4));
}

TEST_CASE("humidity ratio at saturation", "[psychrometrics]") {
  CHECK_THAT(humidity_ratio(saturation_pressure_pa(25.0), 101325.0),
             WithinRel(0.020173, 0.005));  // psychrolib test suite
  CHECK(humidity_ratio(0.0, 101325.0) == 0.0);
}

TEST_CASE("dew point and relative humidity are each other's inverse", "[psychrometrics]") {
  for (const double dry_bulb_c : {-25.0, -5.0, 1.0, 10.0, 35.0}) {
    for (const double relative_humidity : {0.05, 0.3, 0.7, 1.0}) {
      const double dew_c = dew_point_c(dry_bulb_c, relative_humidity);
      CHECK(dew_c <= dry_bulb_c);
      CHECK_THAT(relative_humidity_from_dew_point(dry_bulb_c, dew_c), WithinRel(relative_humidity, 1e-6));
    }
  }
  CHECK_THAT(dew_point_c(20.0, 0.5), WithinAbs(9.27, 0.01));  // Magnus formula (Alduchov and Eskridge 1996): 9.26
  CHECK(relative_humidity_from_dew_point(12.0, 12.0) == 1.0);
}

TEST_CASE("station pressure of the standard atmosphere", "[psychrometrics]") {
  CHECK(station_pressure_pa(0.0) == 101325.0);
  CHECK_THAT(station_pressure_pa(500.0), WithinAbs(95461.0, 1.0));   // psychrolib test suite
  CHECK_THAT(station_pressure_pa(1000.0), WithinAbs(89875.0, 1.0));  // psychrolib test suite
  CHECK_THAT(station_pressure_pa(4000.0), WithinAbs(61640.0, 1.0));  // psychrolib test suite
  CHECK(station_pressure_pa(-400.0) > 101325.0);
}

TEST_CASE("wet bulb of PsychroLib's cases", "[psychrometrics]") {
  CHECK_THAT(wet_bulb_c({7.0, 0.61, 100000.0}), WithinRel(3.92667, 0.001));                     // psychrolib test suite
  CHECK_THAT(humidity_ratio_from_wet_bulb({30.0, 25.0, 95461.0}), WithinRel(0.0192281, 3e-4));  // psychrolib test suite
  CHECK_THAT(humidity_ratio_from_wet_bulb({40.0, 20.0, 101325.0}), WithinAbs(0.0065, 0.0001));  // ASHRAE example
  CHECK_THAT(wet_bulb_c({40.0, 0.14, 101325.0}), WithinAbs(20.0, 0.15));                        // the same; RH to 1 %
}

TEST_CASE("wet bulb at sea level and at 1,600 m", "[psychrometrics]") {
  // Dry bulb, relative humidity, Stull's formula, full solution at 101,325 and at 83,500 Pa: table of facility notes,
  // computed apart from this code from the same ASHRAE equations; 0.001 K is its last digit.
  struct Row {
    double dry_bulb_c, relative_humidity, stull_c, sea_level_c, at_1600_m_c;
  };
  const Row rows[] = {{20.0, 0.50, 13.699, 13.784, 13.315},
                      {35.0, 0.30, 22.144, 21.524, 20.763},
                      {40.0, 0.20, 22.704, 22.032, 21.034},
                      {30.0, 0.80, 27.130, 27.091, 26.960},
                      {45.0, 0.10, 21.392, 21.175, 19.799}};
  for (const Row& row : rows) {
    CAPTURE(row.dry_bulb_c);
    CHECK_THAT(stull_wet_bulb_c(row.dry_bulb_c, row.relative_humidity), WithinAbs(row.stull_c, 0.0006));
    CHECK_THAT(wet_bulb_c({row.dry_bulb_c, row.relative_humidity, 101325.0}), WithinAbs(row.sea_level_c, 0.0006));
    CHECK_THAT(wet_bulb_c({row.dry_bulb_c, row.relative_humidity, 83500.0}), WithinAbs(row.at_1600_m_c, 0.0006));
  }
}

// Above 35 C the two part further, by up to 1.1 K at 50 C and 30 %.
TEST_CASE("the full wet bulb stays within Stull's published error at sea level", "[psychrometrics]") {
  for (double dry_bulb_c = 0.0; dry_bulb_c <= 35.0; dry_bulb_c += 5.0) {
    for (double relative_humidity = 0.2; relative_humidity < 0.995; relative_humidity += 0.1) {
      CAPTURE(dry_bulb_c, relative_humidity);
      const double error_k =
          stull_wet_bulb_c(dry_bulb_c, relative_humidity) - wet_bulb_c({dry_bulb_c, relative_humidity, 101325.0});
      CHECK(error_k >= -1.0);
      CHECK(error_k <= 0.65);
    }
  }
}

TEST_CASE("wet bulb below freezing is that of an iced bulb", "[psychrometrics]") {
  const double wet_bulb = wet_bulb_c({-5.0, 0.5, 101325.0});
  CHECK(wet_bulb < -5.0);
  CHECK(wet_bulb > dew_point_c(-5.0, 0.5));
  CHECK_THAT(humidity_ratio_from_wet_bulb({-5.0, wet_bulb, 101325.0}),
             WithinRel(humidity_ratio(0.5 * saturation_pressure_pa(-5.0), 101325.0), 1e-5));
  // Saturated air has its own temperature, over water and over ice.
  CHECK_THAT(wet_bulb_c({-10.0, 1.0, 101325.0}), WithinAbs(-10.0, 1e-5));
  CHECK_THAT(wet_bulb_c({18.0, 1.0, 101325.0}), WithinAbs(18.0, 1e-5));
}

TEST_CASE("the wet bulb jumps at 0 C, by at most 0.5 K, and prefers water", "[psychrometrics]") {
  // The driest air of 5 C whose bulb is wet at 0 C, and air just drier.
  const double limit = humidity_ratio_from_wet_bulb({5.0, 0.0, 101325.0});
  const double vapour_pressure_pa = 101325.0 * limit / (0.621945 + limit);
  const double relative_humidity = vapour_pressure_pa / saturation_pressure_pa(5.0);
  const double wet = wet_bulb_c({5.0, relative_humidity + 1e-6, 101325.0});
  const double iced = wet_bulb_c({5.0, relative_humidity - 1e-6, 101325.0});
  CHECK(wet >= 0.0);
  CHECK(wet < 0.001);
  CHECK(iced < -0.05);
  CHECK(iced > -0.5);
}

TEST_CASE("wet bulb rises with humidity and lies between dew point and dry bulb", "[psychrometrics]") {
  for (const double dry_bulb_c : {-20.0, -1.0, 0.0, 1.0, 15.0, 30.0, 45.0}) {
    double before = -100.0;
    for (double relative_humidity = 0.05; relative_humidity <= 1.0; relative_humidity += 0.05) {
      CAPTURE(dry_bulb_c, relative_humidity);
      const double wet_bulb = wet_bulb_c({dry_bulb_c, relative_humidity, 95000.0});
      CHECK(wet_bulb > before);
      CHECK(wet_bulb <= dry_bulb_c);
      CHECK(wet_bulb >= dew_point_c(dry_bulb_c, relative_humidity) - 2e-6);
      before = wet_bulb;
    }
  }
  CHECK(wet_bulb_c({20.0, 0.0, 101325.0}) < 7.0);  // bone dry air has one too
}

TEST_CASE("enthalpy, density and latent heat", "[psychrometrics]") {
  CHECK_THAT(enthalpy_j_per_kg(30.0, 0.02), WithinRel(81316.0, 3e-4));    // psychrolib test suite
  CHECK_THAT(enthalpy_j_per_kg(40.0, 0.0065), WithinAbs(56.7e3, 300.0));  // ASHRAE example: W to 1e-4
  CHECK_THAT(moist_air_density_kg_per_m3({30.0, 0.02, 95461.0}), WithinRel(1.08412, 3e-4));  // psychrolib test suite
  CHECK_THAT(latent_heat_j_per_kg(25.0), WithinAbs(2441.9e3, 100.0));                        // Lei and Masanet 2022
  CHECK_THAT(latent_heat_j_per_kg(30.0), WithinAbs(2430.0e3, 100.0));                        // Lei and Masanet 2022
}
