// Moist air: saturation, humidity, dew point, wet bulb, density. Follows ASHRAE Handbook Fundamentals (2017), chapter
// 1. Saturation is over water at 0 C and above and over ice below, so a relative humidity below 0 C is relative to
// ice.
//
// Leaves out: the enhancement factor of real gas (0.4-0.5 % of the vapour pressure at sea level).
#pragma once

namespace fleetwatt::models {

inline constexpr double sea_level_pressure_pa = 101325.0;

/// Saturation pressure of water vapour.
///
/// dry_bulb_c   [C]   -100..200; over water from 0 C up, over ice below
/// returns      [Pa]  within 3e-4 of PsychroLib's reference values
/// source       ASHRAE Fundamentals (2017), chapter 1, eq. 5 and 6 (Hyland and Wexler 1983)
[[nodiscard]] double saturation_pressure_pa(double dry_bulb_c);

/// Mass of vapour a mass of dry air; 0 <= vapour_pressure_pa < pressure_pa.
[[nodiscard]] double humidity_ratio(double vapour_pressure_pa, double pressure_pa);

/// Temperature at which the vapour of this air saturates (the frost point below 0 C).
///
/// dry_bulb_c          [C]     -100..200
/// relative_humidity   [0..1]  > 0; drier air than saturation at -100 C returns -100
/// returns             [C]     at most dry_bulb_c, to 1e-6 K
[[nodiscard]] double dew_point_c(double dry_bulb_c, double relative_humidity);

/// Vapour pressure at the dew point over saturation at the dry bulb; dew_point_c <= dry_bulb_c. Returns 0..1.
[[nodiscard]] double relative_humidity_from_dew_point(double dry_bulb_c, double dew_point_c);

/// Air pressure of the standard atmosphere at a height above the sea.
///
/// elevation_m   [m]   -5000..11000
/// source        ASHRAE Fundamentals (2017), chapter 1, eq. 3
[[nodiscard]] double station_pressure_pa(double elevation_m);

struct WetBulbState {
  double dry_bulb_c = 0.0;
  double wet_bulb_c = 0.0;  ///< at most dry_bulb_c
  double pressure_pa = sea_level_pressure_pa;
};
/// Humidity ratio of air whose wet bulb is known; the bulb is wet from 0 C up and iced below.
/// source  ASHRAE Fundamentals (2017), chapter 1, eq. 33 and 35
[[nodiscard]] double humidity_ratio_from_wet_bulb(const WetBulbState& air);

struct WetBulbInput {
  double dry_bulb_c = 0.0;
  double relative_humidity = 0.0;  ///< 0..1
  double pressure_pa = sea_level_pressure_pa;
};
/// Thermodynamic wet-bulb temperature, by bisection on the energy balance.
///
/// The balances over water and over ice do not meet at a wet bulb of 0 C: for some air both have a solution. The one
/// over water is returned wherever it is not below 0 C, otherwise the one over ice, so the result jumps there by up to
/// 0.5 K. dry_bulb_c   [C]   -99..100 returns      [C]   -100..dry_bulb_c, to 1e-6 K
[[nodiscard]] double wet_bulb_c(const WetBulbInput& air);

/// Wet bulb at sea level by a fitted formula, to cross-check the full solution. Not for a station above the sea.
///
/// dry_bulb_c          [C]     -20..50
/// relative_humidity   [0..1]  0.05..0.99, not for air both cold and dry
/// returns             [C]     published error -1.0..+0.65, mean absolute below 0.3
/// source              Stull (2011), J. Appl. Meteorol. Climatol. 50(11), 2267, eq. 1
[[nodiscard]] double stull_wet_bulb_c(double dry_bulb_c, double relative_humidity);

/// Enthalpy of moist air a mass of dry air, from 0 C. source  ASHRAE Fundamentals (2017), chapter 1, eq. 30
[[nodiscard]] double enthalpy_j_per_kg(double dry_bulb_c, double humidity_ratio);

struct MoistAir {
  double dry_bulb_c = 0.0;
  double humidity_ratio = 0.0;
  double pressure_pa = sea_level_pressure_pa;
};
/// Mass of air and vapour a volume. source  ASHRAE Fundamentals (2017), chapter 1, eq. 26
[[nodiscard]] double moist_air_density_kg_per_m3(const MoistAir& air);

/// Heat that evaporates a mass of water.
///
/// temperature_c   [C]     0..100
/// source          as used by Lei and Masanet (2022), Resour. Conserv. Recycl. 182, 106323
[[nodiscard]] double latent_heat_j_per_kg(double temperature_c);

}  // namespace fleetwatt::models
