#include "models/facility/psychrometrics.hpp"

#include <cassert>
#include <cmath>

#include "sim/portable_math.hpp"
#include "sim/units.hpp"

namespace fleetwatt::models {

namespace {

constexpr double coldest_c = -100.0;
constexpr double tolerance_k = 1e-6;
constexpr double vapour_to_air_mass_ratio = 0.621945;
constexpr double dry_air_gas_constant_j_per_kg_k = 287.042;

/// Where a rising function crosses `target`, between low and high.
template <class Function>
double crossing(double low, double high, double target, Function&& rising) {
  while (high - low > tolerance_k) {
    const double middle = 0.5 * (low + high);
    (rising(middle) > target ? high : low) = middle;
  }
  return 0.5 * (low + high);
}

double saturation_humidity_ratio(double temperature_c, double pressure_pa) {
  return humidity_ratio(saturation_pressure_pa(temperature_c), pressure_pa);
}

// Energy balances of a wet and of an iced bulb, in kJ/kg and K.
double over_water(const WetBulbState& air) {
  const double saturated = saturation_humidity_ratio(air.wet_bulb_c, air.pressure_pa);
  return ((2501.0 - 2.326 * air.wet_bulb_c) * saturated - 1.006 * (air.dry_bulb_c - air.wet_bulb_c)) /
         (2501.0 + 1.86 * air.dry_bulb_c - 4.186 * air.wet_bulb_c);
}

double over_ice(const WetBulbState& air) {
  const double saturated = saturation_humidity_ratio(air.wet_bulb_c, air.pressure_pa);
  return ((2830.0 - 0.24 * air.wet_bulb_c) * saturated - 1.006 * (air.dry_bulb_c - air.wet_bulb_c)) /
         (2830.0 + 1.86 * air.dry_bulb_c - 2.1 * air.wet_bulb_c);
}

}  // namespace

double saturation_pressure_pa(double dry_bulb_c) {
  assert(dry_bulb_c >= coldest_c && dry_bulb_c <= 200.0);
  const double t = sim::kelvin_from_c(dry_bulb_c);
  const double log_t = sim::portable_log(t);
  if (dry_bulb_c >= 0.0) {
    return sim::portable_exp(-5800.2206 / t + 1.3914993 + t * (-0.048640239 + t * (4.1764768e-5 - t * 1.4452093e-8)) +
                             6.5459673 * log_t);
  }
  return sim::portable_exp(-5674.5359 / t + 6.3925247 +
                           t * (-9.677843e-3 + t * (6.2215701e-7 + t * (2.0747825e-9 - t * 9.484024e-13))) +
                           4.1635019 * log_t);
}

double humidity_ratio(double vapour_pressure_pa, double pressure_pa) {
  assert(vapour_pressure_pa >= 0.0 && vapour_pressure_pa < pressure_pa);
  return vapour_to_air_mass_ratio * vapour_pressure_pa / (pressure_pa - vapour_pressure_pa);
}

double dew_point_c(double dry_bulb_c, double relative_humidity) {
  assert(relative_humidity > 0.0 && relative_humidity <= 1.0);
  const double vapour_pressure_pa = relative_humidity * saturation_pressure_pa(dry_bulb_c);
  return crossing(coldest_c, dry_bulb_c, vapour_pressure_pa, saturation_pressure_pa);
}

double relative_humidity_from_dew_point(double dry_bulb_c, double dew_point_c) {
  assert(dew_point_c <= dry_bulb_c);
  return saturation_pressure_pa(dew_point_c) / saturation_pressure_pa(dry_bulb_c);
}

double station_pressure_pa(double elevation_m) {
  assert(elevation_m >= -5000.0 && elevation_m <= 11000.0);
  return sea_level_pressure_pa * sim::portable_exp(5.25588 * sim::portable_log(1.0 - 2.25577e-5 * elevation_m));
}

double humidity_ratio_from_wet_bulb(const WetBulbState& air) {
  return air.wet_bulb_c >= 0.0 ? over_water(air) : over_ice(air);
}

double wet_bulb_c(const WetBulbInput& air) {
  assert(air.relative_humidity >= 0.0 && air.relative_humidity <= 1.0);
  const double vapour_pressure_pa = air.relative_humidity * saturation_pressure_pa(air.dry_bulb_c);
  const double target = humidity_ratio(vapour_pressure_pa, air.pressure_pa);
  const auto state = [&](double wet_bulb) { return WetBulbState{air.dry_bulb_c, wet_bulb, air.pressure_pa}; };
  if (air.dry_bulb_c >= 0.0 && over_water(state(0.0)) <= target) {
    return crossing(0.0, air.dry_bulb_c, target, [&](double wet_bulb) { return over_water(state(wet_bulb)); });
  }
  const double warmest_ice_c = air.dry_bulb_c < 0.0 ? air.dry_bulb_c : 0.0;
  return crossing(coldest_c, warmest_ice_c, target, [&](double wet_bulb) { return over_ice(state(wet_bulb)); });
}

double stull_wet_bulb_c(double dry_bulb_c, double relative_humidity) {
  const double percent = sim::percent_from_fraction(relative_humidity);
  return dry_bulb_c * std::atan(0.151977 * std::sqrt(percent + 8.313659)) + std::atan(dry_bulb_c + percent) -
         std::atan(percent - 1.676331) + 0.00391838 * percent * std::sqrt(percent) * std::atan(0.023101 * percent) -
         4.686035;
}

double enthalpy_j_per_kg(double dry_bulb_c, double humidity_ratio) {
  return 1e3 * (1.006 * dry_bulb_c + humidity_ratio * (2501.0 + 1.86 * dry_bulb_c));
}

double moist_air_density_kg_per_m3(const MoistAir& air) {
  const double volume_of_dry_air_m3_per_kg = dry_air_gas_constant_j_per_kg_k * sim::kelvin_from_c(air.dry_bulb_c) *
                                             (1.0 + air.humidity_ratio / vapour_to_air_mass_ratio) / air.pressure_pa;
  return (1.0 + air.humidity_ratio) / volume_of_dry_air_m3_per_kg;
}

double latent_heat_j_per_kg(double temperature_c) {
  assert(temperature_c >= 0.0 && temperature_c <= 100.0);
  return 1e3 * (2500.5 - 2.3097 * temperature_c - 0.0013 * temperature_c * temperature_c);
}

}  // namespace fleetwatt::models
