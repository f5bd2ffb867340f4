// Cooling of a hall and what it draws: a water-cooled chiller plant with a tower and a water-side economizer, or a
// fixed PUE. Components follow Lei and Masanet (2020, Energy 117556; 2022, Resour. Conserv. Recycl. 182, 106323):
// heat to air (fans), to chilled water (pumps), past an economizer or through a chiller (Carnot fraction), to tower
// water and out.
//
// Leaves out: thermal inertia; the tower's closer approach at part load (errs high on power); the chiller's
// efficiency at part load (errs low below about a quarter of its capacity); latent heat of dehumidification and
// humidifiers' water; freezing of the tower.
#pragma once

#include <array>
#include <string_view>
#include <variant>

#include "models/facility/weather.hpp"

namespace fleetwatt::models {

/// Water-cooled chiller with tower and water-side economizer.
struct TowerEconomizer {
  // Hall air and its fans.
  double supply_air_c = 24.0;  ///< at the server inlets
  double air_delta_k = 13.9;   ///< rise across the servers
  double crah_fan_pressure_pa = 400.0;
  double crah_fan_efficiency = 0.65;
  double coil_approach_k = 6.0;  ///< supply air above chilled-water supply

  // Chilled water.
  double chilled_water_delta_k = 8.0;
  double chilled_pump_pressure_pa = 143e3;
  double chilled_pump_efficiency = 0.70;

  // Economizer between tower water and chilled water.
  double economizer_approach_k = 2.0;
  double economizer_pump_pressure_pa = 143e3;
  double economizer_pump_efficiency = 0.70;

  // Chiller.
  double chiller_carnot_fraction = 0.55;
  double chiller_approach_k = 4.0;       ///< refrigerant to the water that leaves, on each side
  double chiller_minimum_lift_k = 13.0;  ///< between the refrigerant's two temperatures; keeps COP below 12

  // Tower.
  double tower_approach_k = 4.0;  ///< water above wet bulb
  double tower_range_k = 5.0;     ///< water's fall in temperature
  double tower_pump_pressure_pa = 208e3;
  double tower_pump_efficiency = 0.70;
  double tower_fan_pressure_pa = 250.0;
  double tower_fan_efficiency = 0.65;
  double tower_water_to_air_ratio = 1.2;  ///< by mass
  double design_wet_bulb_c = 28.0;        ///< sizes tower and chiller

  // Part load of fans and pumps (models/facility/fluid_power.hpp).
  double part_load_exponent = 2.5;
  double part_load_floor = 0.1;

  // Water.
  double cycles_of_concentration = 5.0;
  double latent_fraction = 0.8;
  double drift_fraction = 0.00005;
};

/// Overheads as fixed ratios: facility power = pue x IT power, whatever the weather, delivery losses included.
struct StaticPue {
  double pue = 1.3;            ///< >= 1
  double wue_l_per_kwh = 0.0;  ///< of IT energy; all counted as evaporated
};

using AnyCooling = std::variant<TowerEconomizer, StaticPue>;

struct CoolingFamily {
  std::string_view name;
  std::string_view meaning;
};
/// In the order of AnyCooling's alternatives.
inline constexpr std::array cooling_families = {
    CoolingFamily{"tower-economizer", "water-cooled chiller with tower and water-side economizer"},
    CoolingFamily{"static-pue", "fixed ratios of facility power and of water to IT"}};
static_assert(cooling_families.size() == std::variant_size_v<AnyCooling>);

/// Weather that the plant's formulas are meant for. Outside, the run goes on and is flagged.
struct WeatherLimit {
  std::string_view what;
  std::string_view unit;
  double HourlyWeather::*value;
  double low;
  double high;
};
/// Wet bulb: hardly an hour above 35 C is on record anywhere (Raymond et al. 2020, Sci. Adv. 6, eaaw1838); below -40 C
/// no tower runs. Dry bulb: WMO's record is 56.7 C. Pressure: the classes of ASHRAE TC 9.9 (2021) end at 3050 m, 69.7
/// kPa; no record is above 110 kPa.
inline constexpr std::array weather_limits = {
    WeatherLimit{"wet bulb", "C", &HourlyWeather::wet_bulb_c, -40.0, 35.0},
    WeatherLimit{"dry bulb", "C", &HourlyWeather::dry_bulb_c, -40.0, 57.0},
    WeatherLimit{"air pressure", "Pa", &HourlyWeather::pressure_pa, 69e3, 110e3}};

struct CoolingDesign {
  double design_heat_w = 0.0;  ///< > 0, IT and hall losses at full load
};

struct CoolingLoad {
  double heat_w = 0.0;  ///< >= 0, IT and the losses inside the hall
  double it_w = 0.0;    ///< >= 0
};

struct CoolingResult {
  double power_w = 0.0;  ///< fans, pumps, chiller and tower fans; for StaticPue all overhead
  double fan_w = 0.0;
  double pump_w = 0.0;
  double chiller_w = 0.0;
  double tower_fan_w = 0.0;
  double heat_rejected_w = 0.0;     ///< heat + power, less tower fans (their heat leaves with the air) and what stays
  double heat_not_removed_w = 0.0;  ///< heat that the plant has no capacity for, its own fans' and pumps' included
  double free_cooling_fraction = 0.0;  ///< of the heat, past the chiller
  double evaporation_kg_per_s = 0.0;
  double drift_kg_per_s = 0.0;
  double blowdown_kg_per_s = 0.0;
  double make_up_kg_per_s = 0.0;  ///< by the balance of salts, not by adding up the three
  bool out_of_range = false;  ///< heat is not removed: more than the plant's design, or weather too hot for the chiller

  /// What leaves.
  [[nodiscard]] double water_kg_per_s() const { return evaporation_kg_per_s + drift_kg_per_s + blowdown_kg_per_s; }
};

/// Power and water to remove a heat load in given weather. No load, no power and no water.
///
/// The plant is built for the design heat, all of it through the chiller, at the design wet bulb. Beyond that fans,
/// pumps and tower run at full flow and the chiller at its rating; the rest of the heat is not removed. In air of the
/// same density power never falls as the wet bulb or the load rises: the economizer runs only where its pump draws less
/// than the chiller is spared.
///
/// For StaticPue the fleet leaves the delivery losses out of facility power: power_w = (pue - 1) x it_w is all overhead
/// there is.
[[nodiscard]] CoolingResult cool(const AnyCooling& cooling, const CoolingDesign& design, const CoolingLoad& load,
                                 const HourlyWeather& weather);

/// The share of heat that needs no chiller, 0..1: all when tower water past the economizer reaches the chilled-water
/// supply temperature, none when it is no colder than the return.
[[nodiscard]] double free_cooling_fraction(const TowerEconomizer& plant, double wet_bulb_c);

/// Heat moved over chiller power: a fraction of Carnot's between refrigerant temperatures, lift at least the minimum.
[[nodiscard]] double chiller_cop(const TowerEconomizer& plant, double wet_bulb_c);

/// The wet bulb from which on nothing is cooled past the chiller.
[[nodiscard]] double warmest_free_cooling_c(const TowerEconomizer& plant);

/// Power at full load through the chiller alone (at sea level): sizes the mechanical branch of the power chain.
[[nodiscard]] double design_cooling_power_w(const AnyCooling& cooling, double design_heat_w);

}  // namespace fleetwatt::models
