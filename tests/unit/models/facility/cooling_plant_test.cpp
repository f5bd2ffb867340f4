#include "models/facility/cooling_plant.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "models/facility/psychrometrics.hpp"
#include "sim/units.hpp"

using namespace fleetwatt::models;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double design_heat_w = 10e6;

HourlyWeather weather_at(double wet_bulb_c, double pressure_pa = sea_level_pressure_pa) {
  return {
      .dry_bulb_c = wet_bulb_c + 5.0, .relative_humidity = 0.5, .pressure_pa = pressure_pa, .wet_bulb_c = wet_bulb_c};
}

CoolingResult at_load(const AnyCooling& cooling, double load_fraction, const HourlyWeather& weather) {
  return cool(cooling, {.design_heat_w = design_heat_w},
              {.heat_w = load_fraction * design_heat_w, .it_w = load_fraction * design_heat_w / 1.07}, weather);
}

/// Chilled water 18 to 28 C, approaches of 4 and 2 K.
TowerEconomizer plant_of_worked_example() {
  return {.supply_air_c = 24.0,
          .coil_approach_k = 6.0,
          .chilled_water_delta_k = 10.0,
          .economizer_approach_k = 2.0,
          .tower_approach_k = 4.0};
}

}  // namespace

TEST_CASE("the families are named in the order of the variant", "[cooling_plant]") {
  CHECK(cooling_families[AnyCooling(TowerEconomizer{}).index()].name == "tower-economizer");
  CHECK(cooling_families[AnyCooling(StaticPue{}).index()].name == "static-pue");
}

TEST_CASE("free share of the water-side economizer", "[cooling_plant]") {
  const TowerEconomizer plant = plant_of_worked_example();
  CHECK(free_cooling_fraction(plant, 12.0) == 1.0);                       // tower water 18 <= 18
  CHECK_THAT(free_cooling_fraction(plant, 17.0), WithinRel(0.5, 1e-12));  // 23: (28 - 23) / 10
  CHECK(free_cooling_fraction(plant, 22.0) == 0.0);                       // 28, no colder than the return
  CHECK(free_cooling_fraction(plant, 26.0) == 0.0);
  CHECK(free_cooling_fraction(plant, -10.0) == 1.0);
}

TEST_CASE("chiller COP is a fraction of Carnot's with approaches and a least lift", "[cooling_plant]") {
  const TowerEconomizer plant;
  // Evaporating 24 - 6 - 4 = 14 C, condensing 25 + 4 + 5 + 4 = 38 C: 0.55 x 287.15 / 24
  CHECK_THAT(chiller_cop(plant, 25.0), WithinRel(6.5805, 1e-4));
  CHECK_THAT(chiller_cop(plant, 28.0), WithinRel(5.8494, 1e-4));  // lift 27 K
  CHECK_THAT(chiller_cop(plant, 0.0), WithinRel(12.149, 1e-4));   // lift held at 13 K: 0.55 x 287.15 / 13
  CHECK(chiller_cop(plant, -20.0) == chiller_cop(plant, 0.0));
}

TEST_CASE("full load in hot weather, summed by hand", "[cooling_plant]") {
  const CoolingResult r = at_load(TowerEconomizer{}, 1.0, weather_at(28.0));
  // Fans: dry air at 24 C, 101325 / (287.042 x 297.15) = 1.18794 kg/m3; 400 / (0.65 x 1.18794 x 1006 x 13.9)
  const double fan_w = 1e7 * 400.0 / (0.65 * 1.18794 * 1006.0 * 13.9);
  CHECK_THAT(r.fan_w, WithinRel(fan_w, 1e-5));
  const double chilled_pump_w = (1e7 + fan_w) * 143e3 / (0.7 * 997.0 * 4184.0 * 8.0);
  const double loop_w = 1e7 + fan_w + chilled_pump_w;
  CHECK(r.free_cooling_fraction == 0.0);
  CHECK_THAT(r.chiller_w, WithinRel(loop_w / 5.8494, 1e-4));
  const double tower_w = loop_w * (1.0 + 1.0 / 5.8494);
  const double tower_pump_w = tower_w * 208e3 / (0.7 * 997.0 * 4184.0 * 5.0);
  CHECK_THAT(r.pump_w, WithinRel(chilled_pump_w + tower_pump_w, 1e-4));
  // Tower fans: dry air at 33 C, 1.15301 kg/m3; 1.2 kg of water a kg of air, falling by 5 K
  CHECK_THAT(r.tower_fan_w, WithinRel(tower_w * 250.0 / (0.65 * 1.15301 * 1.2 * 4184.0 * 5.0), 1e-4));
  CHECK_THAT(r.heat_rejected_w, WithinRel(tower_w + tower_pump_w, 1e-4));
  // 80 % of it evaporates at 32 C: 2500.5 - 73.91 - 1.33 = 2425.26 kJ/kg
  CHECK_THAT(r.evaporation_kg_per_s, WithinRel(0.8 * (tower_w + tower_pump_w) / 2425.26e3, 1e-4));
  CHECK_FALSE(r.out_of_range);
}

TEST_CASE("heat and power in are heat out, but for the tower fans", "[cooling_plant]") {
  for (const double load : {0.05, 0.3, 0.7, 1.0}) {
    for (const double wet_bulb_c : {-20.0, 5.0, 15.0, 27.0}) {
      const CoolingResult r = at_load(TowerEconomizer{}, load, weather_at(wet_bulb_c));
      CHECK_THAT(r.heat_rejected_w, WithinRel(load * design_heat_w + r.power_w - r.tower_fan_w, 1e-12));
      CHECK_THAT(r.power_w, WithinRel(r.fan_w + r.pump_w + r.chiller_w + r.tower_fan_w, 1e-12));
      CHECK_THAT(r.water_kg_per_s(), WithinRel(r.evaporation_kg_per_s * 5.0 / 4.0, 1e-12));
    }
  }
}

TEST_CASE("no load, no power, overhead is finite and sensible from 1 to 100 % load", "[cooling_plant]") {
  const CoolingResult none = at_load(TowerEconomizer{}, 0.0, weather_at(25.0));
  CHECK(none.power_w == 0.0);
  CHECK(none.heat_rejected_w == 0.0);
  CHECK(none.water_kg_per_s() == 0.0);
  const double full_share = at_load(TowerEconomizer{}, 1.0, weather_at(25.0)).power_w / design_heat_w;
  CHECK(full_share < 0.30);
  for (const double load : {0.01, 0.05, 0.1, 0.2, 0.5, 0.8}) {
    CAPTURE(load);
    const double share = at_load(TowerEconomizer{}, load, weather_at(25.0)).power_w / (load * design_heat_w);
    CHECK(share > 0.5 * full_share);
    CHECK(share < full_share * 1.01);
  }
}

TEST_CASE("power rises with wet bulb and with load", "[cooling_plant]") {
  for (const double load : {0.2, 0.7, 1.0}) {
    double before_w = 0.0;
    for (double wet_bulb_c = 12.0; wet_bulb_c <= 27.9; wet_bulb_c += 0.05) {  // at 20 C the economizer ends
      const double power_w = at_load(TowerEconomizer{}, load, weather_at(wet_bulb_c)).power_w;
      CHECK(power_w > before_w);
      before_w = power_w;
    }
  }
  CHECK(at_load(TowerEconomizer{}, 0.8, weather_at(10.0)).power_w >
        at_load(TowerEconomizer{}, 0.7, weather_at(10.0)).power_w);
}

TEST_CASE("in free cooling the chiller rests and only movers draw power", "[cooling_plant]") {
  const CoolingResult r = at_load(TowerEconomizer{}, 1.0, weather_at(5.0));
  CHECK(r.free_cooling_fraction == 1.0);
  CHECK(r.chiller_w == 0.0);
  CHECK(r.power_w < 0.09 * design_heat_w);
}

TEST_CASE("thin air costs fan power in proportion", "[cooling_plant]") {
  const CoolingResult sea = at_load(TowerEconomizer{}, 0.7, weather_at(10.0));
  const CoolingResult high = at_load(TowerEconomizer{}, 0.7, weather_at(10.0, 83500.0));
  CHECK_THAT(high.fan_w, WithinRel(sea.fan_w * 101325.0 / 83500.0, 1e-12));
}

TEST_CASE("a plant twice as large draws twice the power", "[cooling_plant]") {
  const AnyCooling plant = TowerEconomizer{};
  const CoolingResult one = cool(plant, {.design_heat_w = 1e6}, {.heat_w = 6e5, .it_w = 5e5}, weather_at(18.0));
  const CoolingResult two = cool(plant, {.design_heat_w = 2e6}, {.heat_w = 1.2e6, .it_w = 1e6}, weather_at(18.0));
  CHECK_THAT(two.power_w, WithinRel(2.0 * one.power_w, 1e-12));
  CHECK_THAT(two.water_kg_per_s(), WithinRel(2.0 * one.water_kg_per_s(), 1e-12));
}

TEST_CASE("beyond the design the plant says so", "[cooling_plant]") {
  CHECK(at_load(TowerEconomizer{}, 1.01, weather_at(10.0)).out_of_range);       // too much heat
  CHECK(at_load(TowerEconomizer{}, 1.0, weather_at(30.0)).out_of_range);        // full load, hotter than the design
  CHECK_FALSE(at_load(TowerEconomizer{}, 0.8, weather_at(30.0)).out_of_range);  // spare capacity covers the heat
}

TEST_CASE("beyond the design movers run at full flow, and the rest of the heat stays", "[cooling_plant]") {
  const CoolingResult full = at_load(TowerEconomizer{}, 1.0, weather_at(28.0));
  for (const double load : {1.5, 10.0, 1e5}) {
    CAPTURE(load);
    const CoolingResult over = at_load(TowerEconomizer{}, load, weather_at(28.0));
    CHECK_THAT(over.power_w, WithinRel(full.power_w, 1e-12));
    CHECK_THAT(over.heat_not_removed_w, WithinRel((load - 1.0) * design_heat_w, 1e-9));
    CHECK_THAT(over.heat_rejected_w, WithinRel(full.heat_rejected_w, 1e-12));
  }
  CHECK(full.heat_not_removed_w == 0.0);
}

TEST_CASE("air too hot for the chiller: it runs at its rating, by its COP", "[cooling_plant]") {
  const CoolingResult design = at_load(TowerEconomizer{}, 1.0, weather_at(28.0));
  const CoolingResult hot = at_load(TowerEconomizer{}, 1.0, weather_at(40.0));
  CHECK_THAT(hot.chiller_w, WithinRel(design.chiller_w, 1e-12));
  // Condensing 53 C over evaporating 14 C: lift 39 K against 27 K of the design
  const double loop_w = 1e7 + hot.fan_w + (1e7 + hot.fan_w) * 143e3 / (0.7 * 997.0 * 4184.0 * 8.0);
  CHECK_THAT(hot.heat_not_removed_w, WithinRel(loop_w * (1.0 - 27.0 / 39.0), 1e-6));
  CHECK(hot.out_of_range);
}

TEST_CASE("the economizer rests where its pump would draw more than the chiller is spared", "[cooling_plant]") {
  const double loop_share = 1.0 / 8.0;  // of 8 K: half a kelvin of free cooling is a sixteenth of the heat
  CHECK_THAT(free_cooling_fraction(TowerEconomizer{}, 19.5), WithinRel(0.5 * loop_share, 1e-12));
  // At full load its pump draws 0.6 % of the heat; the chiller's COP is 8.54, so a sixteenth spares 0.7 %, half of that
  // 0.4 %.
  CHECK_THAT(at_load(TowerEconomizer{}, 1.0, weather_at(19.5)).free_cooling_fraction,
             WithinRel(0.5 * loop_share, 1e-12));
  CHECK(at_load(TowerEconomizer{}, 1.0, weather_at(19.75)).free_cooling_fraction == 0.0);
  CHECK(at_load(TowerEconomizer{.economizer_pump_pressure_pa = 0.0}, 1.0, weather_at(19.75)).free_cooling_fraction >
        0.0);
}

TEST_CASE("a plant for a cool climate has a chiller for all of its heat, and a branch for its power",
          "[cooling_plant]") {
  const TowerEconomizer cool_climate{.design_wet_bulb_c = 8.0};  // there all cooling is free
  CHECK_FALSE(at_load(cool_climate, 1.0, weather_at(8.0)).out_of_range);
  CHECK(design_cooling_power_w(cool_climate, design_heat_w) > at_load(cool_climate, 1.0, weather_at(8.0)).power_w);
  CHECK(at_load(cool_climate, 1.0, weather_at(30.0)).power_w <=
        design_cooling_power_w(cool_climate, design_heat_w) * 1.001);
}

TEST_CASE("design power is that of full load at the design wet bulb", "[cooling_plant]") {
  HourlyWeather hottest = weather_at(28.0);
  hottest.dry_bulb_c = 35.0;
  CHECK_THAT(design_cooling_power_w(TowerEconomizer{}, design_heat_w),
             WithinRel(at_load(TowerEconomizer{}, 1.0, hottest).power_w, 1e-12));
  CHECK_THAT(design_cooling_power_w(StaticPue{.pue = 1.25}, design_heat_w), WithinRel(0.25 * design_heat_w, 1e-12));
}

TEST_CASE("a fixed PUE and WUE are exactly that, in any weather", "[cooling_plant]") {
  const AnyCooling cooling = StaticPue{.pue = 1.3, .wue_l_per_kwh = 1.8};
  for (const double wet_bulb_c : {-10.0, 25.0}) {
    const CoolingResult r = cool(cooling, {.design_heat_w = 1e6}, {.heat_w = 1e6, .it_w = 1e6}, weather_at(wet_bulb_c));
    CHECK_THAT((1e6 + r.power_w) / 1e6, WithinRel(1.3, 1e-12));
    CHECK_THAT(r.water_kg_per_s() * fleetwatt::sim::joules_per_kwh / 1e6, WithinRel(1.8, 1e-12));
    CHECK(r.free_cooling_fraction == 0.0);
    CHECK_FALSE(r.out_of_range);
  }
  CHECK(cool(StaticPue{}, {.design_heat_w = 1e6}, {}, weather_at(20.0)).power_w == 0.0);
}
