// Units and their named conversions. Inside, quantities are SI with the unit as a suffix; these functions stand where a
// number crosses an edge (a file, the screen). No other file writes 3600, 3.6e6 or 273.15.
#pragma once

namespace fleetwatt::sim {

inline constexpr double seconds_per_minute = 60.0;
inline constexpr double seconds_per_hour = 3600.0;
inline constexpr double seconds_per_day = 86400.0;
inline constexpr double hours_per_day = 24.0;
inline constexpr double joules_per_kwh = 3.6e6;
inline constexpr double kelvin_at_zero_c = 273.15;

[[nodiscard]] constexpr double s_from_h(double value_h) {
  return value_h * seconds_per_hour;
}
[[nodiscard]] constexpr double h_from_s(double value_s) {
  return value_s / seconds_per_hour;
}
[[nodiscard]] constexpr double s_from_ms(double value_ms) {
  return value_ms * 1e-3;
}
[[nodiscard]] constexpr double ms_from_s(double value_s) {
  return value_s * 1e3;
}
[[nodiscard]] constexpr double s_from_us(double value_us) {
  return value_us * 1e-6;
}

[[nodiscard]] constexpr double w_from_mw(double value_mw) {
  return value_mw * 1e6;
}
[[nodiscard]] constexpr double mw_from_w(double value_w) {
  return value_w * 1e-6;
}
[[nodiscard]] constexpr double w_from_kw(double value_kw) {
  return value_kw * 1e3;
}
[[nodiscard]] constexpr double kwh_from_j(double energy_j) {
  return energy_j / joules_per_kwh;
}
[[nodiscard]] constexpr double mwh_from_j(double energy_j) {
  return energy_j / (joules_per_kwh * 1e3);
}
[[nodiscard]] constexpr double wh_from_j(double energy_j) {
  return energy_j / seconds_per_hour;
}
[[nodiscard]] constexpr double j_from_mwh(double energy_mwh) {
  return energy_mwh * joules_per_kwh * 1e3;
}

[[nodiscard]] constexpr double kelvin_from_c(double value_c) {
  return value_c + kelvin_at_zero_c;
}

[[nodiscard]] constexpr double kg_from_g(double mass_g) {
  return mass_g * 1e-3;
}
[[nodiscard]] constexpr double t_from_kg(double mass_kg) {
  return mass_kg * 1e-3;
}
/// Water at 1 kg a litre, as in every figure of litres a kWh.
[[nodiscard]] constexpr double m3_from_water_kg(double water_kg) {
  return water_kg * 1e-3;
}

[[nodiscard]] constexpr double bytes_from_gb(double value_gb) {
  return value_gb * 1e9;
}
[[nodiscard]] constexpr double per_s_from_tera_per_s(double value) {
  return value * 1e12;
}
[[nodiscard]] constexpr double per_s_from_giga_per_s(double value) {
  return value * 1e9;
}
[[nodiscard]] constexpr double count_from_giga(double value_g) {
  return value_g * 1e9;
}
[[nodiscard]] constexpr double count_from_mega(double value_m) {
  return value_m * 1e6;
}
[[nodiscard]] constexpr double fraction_from_percent(double percent) {
  return percent * 1e-2;
}
[[nodiscard]] constexpr double percent_from_fraction(double fraction) {
  return fraction * 1e2;
}

}  // namespace fleetwatt::sim
