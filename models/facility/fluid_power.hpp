// What fans and pumps draw to move heat: the share of it at design, and how that falls at part load. Design: power =
// flow x pressure / efficiency, flow = heat / (density x specific heat x temperature rise).
//
// Leaves out: efficiency of motors and drives apart from the one efficiency; its fall at low speed (the floor stands
// for it).
#pragma once

namespace fleetwatt::models {

inline constexpr double air_specific_heat_j_per_kg_k = 1006.0;
inline constexpr double water_specific_heat_j_per_kg_k = 4184.0;
inline constexpr double water_density_kg_per_m3 = 997.0;

struct FanDesign {
  double pressure_pa = 0.0;  ///< >= 0; 0 draws nothing
  double efficiency = 0.65;  ///< fan, motor and drive; 0..1
  double density_kg_per_m3 = 1.16;
  double heat_of_air_j_per_kg = 0.0;  ///< what a kilogram takes up: specific heat x rise, or a difference of enthalpy
};
/// Fan power over heat moved: dp / (eta rho h).
[[nodiscard]] double fan_power_share(const FanDesign& fan);

struct PumpDesign {
  double pressure_pa = 0.0;  ///< >= 0; 0 draws nothing
  double efficiency = 0.7;   ///< pump, motor and drive; 0..1
  double water_delta_k = 0.0;
};
/// Pump power over heat moved: dp / (eta rho cp dT).
[[nodiscard]] double pump_power_share(const PumpDesign& pump);

struct PartLoad {
  double exponent = 2.5;  ///< 3 by the affinity laws, 2.5-3 in practice
  double floor = 0.1;     ///< of design power, what the slowest speed draws
};
/// Power over design power at a load over design load: max(load^exponent, min(floor, load)), at most 1: above its
/// design flow a machine does not go.
///
/// Below a load of `floor`, units are switched off one by one, so power falls in proportion and no load draws nothing.
/// load_fraction   >= 0
[[nodiscard]] double part_load_power_fraction(const PartLoad& law, double load_fraction);

}  // namespace fleetwatt::models
