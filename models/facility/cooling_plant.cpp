#include "models/facility/cooling_plant.hpp"

#include <algorithm>
#include <cassert>

#include "models/facility/fluid_power.hpp"
#include "models/facility/psychrometrics.hpp"
#include "models/facility/water.hpp"
#include "sim/units.hpp"

namespace fleetwatt::models {

namespace {

constexpr double rounding = 1e-9;

double chilled_supply_c(const TowerEconomizer& plant) {
  return plant.supply_air_c - plant.coil_approach_k;
}

double dry_air_density_kg_per_m3(double dry_bulb_c, double pressure_pa) {
  return moist_air_density_kg_per_m3({.dry_bulb_c = dry_bulb_c, .humidity_ratio = 0.0, .pressure_pa = pressure_pa});
}

double crah_fan_share(const TowerEconomizer& plant, const HourlyWeather& weather) {
  return fan_power_share({.pressure_pa = plant.crah_fan_pressure_pa,
                          .efficiency = plant.crah_fan_efficiency,
                          .density_kg_per_m3 = dry_air_density_kg_per_m3(plant.supply_air_c, weather.pressure_pa),
                          .heat_of_air_j_per_kg = air_specific_heat_j_per_kg_k * plant.air_delta_k});
}

double tower_fan_share(const TowerEconomizer& plant, const HourlyWeather& weather) {
  return fan_power_share(
      {.pressure_pa = plant.tower_fan_pressure_pa,
       .efficiency = plant.tower_fan_efficiency,
       .density_kg_per_m3 = dry_air_density_kg_per_m3(weather.dry_bulb_c, weather.pressure_pa),
       .heat_of_air_j_per_kg = plant.tower_water_to_air_ratio * water_specific_heat_j_per_kg_k * plant.tower_range_k});
}

double pump_share(double pressure_pa, double efficiency, double water_delta_k) {
  return pump_power_share({.pressure_pa = pressure_pa, .efficiency = efficiency, .water_delta_k = water_delta_k});
}

/// Of the whole hall's heat, through the chiller alone, at the design wet bulb: what chiller and tower are built for.
double chiller_rating_w(const TowerEconomizer& plant, double design_loop_heat_w) {
  return design_loop_heat_w / chiller_cop(plant, plant.design_wet_bulb_c);
}

/// How the heat of the chilled-water loop leaves it.
struct LoopCooling {
  double economizer_pump_w = 0.0;
  double chiller_w = 0.0;
  double free_fraction = 0.0;  ///< of the heat, past the chiller
  double removed_w = 0.0;      ///< of the heat asked for
};

/// The economizer runs where that draws less: its pump against what the chiller is spared.
LoopCooling cool_loop(const TowerEconomizer& plant, double heat_w, double pump_w, double rating_w, double wet_bulb_c) {
  const double cop = chiller_cop(plant, wet_bulb_c);
  const double free_fraction = free_cooling_fraction(plant, wet_bulb_c);
  const LoopCooling without{.chiller_w = std::min(heat_w / cop, rating_w)};
  const LoopCooling with{.economizer_pump_w = pump_w,
                         .chiller_w = std::min((1.0 - free_fraction) * heat_w / cop, rating_w),
                         .free_fraction = free_fraction};
  const bool pays = free_fraction > 0.0 && with.economizer_pump_w + with.chiller_w < without.chiller_w;
  LoopCooling loop = pays ? with : without;
  const double chiller_heat_w = (1.0 - loop.free_fraction) * heat_w;
  const double chilled_w = loop.chiller_w * cop;
  loop.removed_w = chilled_w >= chiller_heat_w * (1.0 - rounding) ? heat_w : heat_w * chilled_w / chiller_heat_w;
  return loop;
}

void add_water(CoolingResult& result, const TowerEconomizer& plant, double wet_bulb_c) {
  const TowerWaterInput input = {
      .heat_rejected_w = result.heat_rejected_w,
      .water_c = std::max(wet_bulb_c + plant.tower_approach_k, 0.0),
      .water_flow_kg_per_s = result.heat_rejected_w / (water_specific_heat_j_per_kg_k * plant.tower_range_k),
      .latent_fraction = plant.latent_fraction,
      .drift_fraction = plant.drift_fraction,
      .cycles_of_concentration = plant.cycles_of_concentration};
  const TowerWater water = tower_water(input);
  result.evaporation_kg_per_s = water.evaporation_kg_per_s;
  result.drift_kg_per_s = water.drift_kg_per_s;
  result.blowdown_kg_per_s = water.blowdown_kg_per_s;
  result.make_up_kg_per_s = make_up_kg_per_s(input);
}

// Heat gathers on its way out: hall -> + fans -> + chilled-water pumps -> + chiller and economizer pump -> + tower
// pump. The tower runs for the heat that it is asked to take, also where the chiller delivers less.
CoolingResult cool_with(const TowerEconomizer& plant, const CoolingDesign& design, const CoolingLoad& load,
                        const HourlyWeather& weather) {
  const PartLoad law{.exponent = plant.part_load_exponent, .floor = plant.part_load_floor};
  const double hall_power_fraction = part_load_power_fraction(law, load.heat_w / design.design_heat_w);
  const double fan_share = crah_fan_share(plant, weather);
  const double design_air_heat_w = design.design_heat_w * (1.0 + fan_share);
  const double chilled_share =
      pump_share(plant.chilled_pump_pressure_pa, plant.chilled_pump_efficiency, plant.chilled_water_delta_k);
  const double design_loop_heat_w = design_air_heat_w * (1.0 + chilled_share);
  const double economizer_share =
      pump_share(plant.economizer_pump_pressure_pa, plant.economizer_pump_efficiency, plant.chilled_water_delta_k);

  CoolingResult result;
  result.fan_w = design.design_heat_w * fan_share * hall_power_fraction;
  const double chilled_pump_w = design_air_heat_w * chilled_share * hall_power_fraction;
  const double loop_heat_w = std::min(load.heat_w, design.design_heat_w) + result.fan_w + chilled_pump_w;
  const double rating_w = chiller_rating_w(plant, design_loop_heat_w);
  const LoopCooling loop = cool_loop(plant, loop_heat_w, design_loop_heat_w * economizer_share * hall_power_fraction,
                                     rating_w, weather.wet_bulb_c);
  result.free_cooling_fraction = loop.free_fraction;
  result.chiller_w = loop.chiller_w;

  const double added_w = loop.economizer_pump_w + loop.chiller_w;
  const double design_heat_to_tower_w = design_loop_heat_w + rating_w;
  const double tower_power_fraction = part_load_power_fraction(law, (loop_heat_w + added_w) / design_heat_to_tower_w);
  const double tower_pump_w =
      design_heat_to_tower_w * tower_power_fraction *
      pump_share(plant.tower_pump_pressure_pa, plant.tower_pump_efficiency, plant.tower_range_k);
  result.tower_fan_w = design_heat_to_tower_w * tower_power_fraction * tower_fan_share(plant, weather);

  result.pump_w = chilled_pump_w + loop.economizer_pump_w + tower_pump_w;
  result.power_w = result.fan_w + result.pump_w + result.chiller_w + result.tower_fan_w;
  result.heat_rejected_w = loop.removed_w + added_w + tower_pump_w;
  const double not_removed_w = std::max(load.heat_w - design.design_heat_w, 0.0) + loop_heat_w - loop.removed_w;
  result.out_of_range = not_removed_w > rounding * design.design_heat_w;
  result.heat_not_removed_w = result.out_of_range ? not_removed_w : 0.0;
  add_water(result, plant, weather.wet_bulb_c);
  return result;
}

CoolingResult cool_with(const StaticPue& ratios, const CoolingDesign& /*design*/, const CoolingLoad& load,
                        const HourlyWeather& /*weather*/) {
  CoolingResult result;
  result.power_w = (ratios.pue - 1.0) * load.it_w;
  result.heat_rejected_w = load.heat_w + result.power_w;
  result.evaporation_kg_per_s = ratios.wue_l_per_kwh * load.it_w / sim::joules_per_kwh;  // 1 kg a litre
  result.make_up_kg_per_s = result.evaporation_kg_per_s;
  return result;
}

}  // namespace

double warmest_free_cooling_c(const TowerEconomizer& plant) {
  return chilled_supply_c(plant) + plant.chilled_water_delta_k - plant.tower_approach_k - plant.economizer_approach_k;
}

double free_cooling_fraction(const TowerEconomizer& plant, double wet_bulb_c) {
  const double supply_c = chilled_supply_c(plant);
  const double return_c = supply_c + plant.chilled_water_delta_k;
  const double tower_water_c = wet_bulb_c + plant.tower_approach_k + plant.economizer_approach_k;
  return std::clamp((return_c - tower_water_c) / (return_c - supply_c), 0.0, 1.0);
}

double chiller_cop(const TowerEconomizer& plant, double wet_bulb_c) {
  const double evaporating_c = chilled_supply_c(plant) - plant.chiller_approach_k;
  const double condensing_c = wet_bulb_c + plant.tower_approach_k + plant.tower_range_k + plant.chiller_approach_k;
  const double lift_k = std::max(condensing_c - evaporating_c, plant.chiller_minimum_lift_k);
  return plant.chiller_carnot_fraction * sim::kelvin_from_c(evaporating_c) / lift_k;
}

CoolingResult cool(const AnyCooling& cooling, const CoolingDesign& design, const CoolingLoad& load,
                   const HourlyWeather& weather) {
  assert(design.design_heat_w > 0.0 && load.heat_w >= 0.0 && load.it_w >= 0.0);
  return std::visit([&](const auto& plant) { return cool_with(plant, design, load, weather); }, cooling);
}

double design_cooling_power_w(const AnyCooling& cooling, double design_heat_w) {
  // StaticPue knows no heat but IT's.
  HourlyWeather hottest{
      .dry_bulb_c = 35.0, .relative_humidity = 0.6, .pressure_pa = sea_level_pressure_pa, .wet_bulb_c = 28.0};
  if (const auto* plant = std::get_if<TowerEconomizer>(&cooling))
    hottest.wet_bulb_c = std::max(plant->design_wet_bulb_c, warmest_free_cooling_c(*plant));
  return cool(cooling, {.design_heat_w = design_heat_w}, {.heat_w = design_heat_w, .it_w = design_heat_w}, hottest)
      .power_w;
}

}  // namespace fleetwatt::models
