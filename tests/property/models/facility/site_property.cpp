// Plants and power chains anywhere in the schema's ranges: what is drawn and removed stays physical.
#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "models/facility/cooling_plant.hpp"
#include "models/facility/power_delivery.hpp"
#include "scenarios/loader/toml_reader.hpp"
#include "scenarios/schema/tables.hpp"

using namespace fleetwatt;
using namespace fleetwatt::models;

namespace {

constexpr double design_heat_w = 1e6;
constexpr double rounding = 1e-9;

/// 0 and 1 themselves now and then.
double draw_share() {
  const int drawn = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(-100, 1101));
  return std::clamp(drawn / 1000.0, 0.0, 1.0);
}
double draw(double low, double high) {
  return std::lerp(low, high, draw_share());
}

/// Every number of a table anywhere in its range.
void draw_numbers(const scenarios::TableSpec& table, void* object) {
  scenarios::Diagnostics diagnostics;
  scenarios::ReadContext context{diagnostics, ""};
  for (const auto& field : table.fields) {
    if (field.kind != scenarios::ValueKind::number) continue;
    const auto& range = field.options.range;
    field.read(scenarios::read_toml_value(scenarios::toml_text(draw(range.low, range.high)), {}), object, context);
  }
  diagnostics.require_none();
}

TowerEconomizer draw_plant() {
  TowerEconomizer plant;
  draw_numbers(scenarios::tower_economizer_table(), &plant);
  return plant;
}

HourlyWeather weather_at(double wet_bulb_c, double dry_bulb_c, double pressure_pa) {
  return {.dry_bulb_c = dry_bulb_c, .relative_humidity = 0.5, .pressure_pa = pressure_pa, .wet_bulb_c = wet_bulb_c};
}

CoolingResult at_load(const TowerEconomizer& plant, double load, const HourlyWeather& weather) {
  const double heat_w = load * design_heat_w;
  return cool(plant, {.design_heat_w = design_heat_w}, {.heat_w = heat_w, .it_w = heat_w}, weather);
}

LossCurve draw_curve() {
  return {draw(0, 0.5), draw(0, 0.5), draw(0, 0.5)};
}
PowerDeliveryParameters draw_chain() {
  constexpr std::array redundancies = {Redundancy::n, Redundancy::n_plus_1, Redundancy::two_n};
  return {.redundancy = redundancies[*rc::gen::inRange<std::size_t>(0, 3)],
          .transformer = draw_curve(),
          .ups = draw_curve(),
          .pdu = draw_curve(),
          .cabling = draw_curve(),
          .ups_modules = *rc::gen::inRange(1, 65),
          .oversize = draw(1, 5)};
}

}  // namespace

TEST_CASE("any plant in any weather: finite, no less than nothing, heat and power accounted for", "[property]") {
  CHECK(rc::check("balance", [] {
    const TowerEconomizer plant = draw_plant();
    const double load = draw(0, 3) * (draw_share() > 0.9 ? 1e6 : 1.0);
    const double dry_bulb_c = draw(-90, 60);
    const CoolingResult r = at_load(plant, load, weather_at(draw(-90, dry_bulb_c), dry_bulb_c, draw(31e3, 120e3)));
    for (const double part_w : {r.fan_w, r.pump_w, r.chiller_w, r.tower_fan_w, r.heat_rejected_w, r.heat_not_removed_w,
                                r.evaporation_kg_per_s, r.drift_kg_per_s, r.blowdown_kg_per_s})
      RC_ASSERT(std::isfinite(part_w) && part_w >= 0.0);
    const double in_w = load * design_heat_w + r.power_w - r.tower_fan_w;
    RC_ASSERT(std::abs(in_w - r.heat_rejected_w - r.heat_not_removed_w) <= rounding * (in_w + design_heat_w));
    RC_ASSERT(r.out_of_range == (r.heat_not_removed_w > 0.0));
    RC_ASSERT(r.free_cooling_fraction >= 0.0 && r.free_cooling_fraction <= 1.0);
  }));
}

TEST_CASE("any plant: cooling power never falls as the wet bulb rises", "[property]") {
  CHECK(rc::check("wet bulb", [] {
    const TowerEconomizer plant = draw_plant();
    const double load = draw(0.001, 1.5);
    const double pressure_pa = draw(31e3, 120e3);
    double before_w = 0.0;
    for (double wet_bulb_c = -20.0; wet_bulb_c <= 45.0; wet_bulb_c += 0.02) {
      const double power_w = at_load(plant, load, weather_at(wet_bulb_c, 45.0, pressure_pa)).power_w;
      RC_ASSERT(power_w >= before_w * (1.0 - rounding));
      before_w = power_w;
    }
  }));
}

TEST_CASE("any plant: cooling power never falls as the load rises, and ends at the plant's size", "[property]") {
  CHECK(rc::check("load", [] {
    const TowerEconomizer plant = draw_plant();
    const HourlyWeather weather = weather_at(draw(-30, 45), 45.0, draw(31e3, 120e3));
    double before_w = 0.0;
    for (double load = 0.0; load <= 1.3; load += 0.001) {
      const double power_w = at_load(plant, load, weather).power_w;
      RC_ASSERT(power_w >= before_w * (1.0 - rounding));
      before_w = power_w;
    }
    RC_ASSERT(std::abs(at_load(plant, 1e9, weather).power_w - before_w) <= rounding * before_w);
    const double at_sea_w = at_load(plant, 1.0, weather_at(45.0, 35.0, 101325.0)).power_w;
    RC_ASSERT(at_sea_w <= design_cooling_power_w(plant, design_heat_w) * (1.0 + rounding));
  }));
}

TEST_CASE("any chain: losses are conserved, rise with the load and end at the rating's", "[property]") {
  CHECK(rc::check("losses", [] {
    const PowerDelivery chain(draw_chain(), 1e6, 2e5);
    double before_w = 0.0;
    double last_loss_w = 0.0;
    for (const double load : {0.0, 0.01, 0.3, 0.8, 1.0, 1.2, 3.0, 20.0, 1e3, 1e6}) {
      const PowerFlow flow = chain.flow(load * 1e6, load * 2e5);
      RC_ASSERT(std::isfinite(flow.facility_w) && flow.loss_w() >= last_loss_w);
      RC_ASSERT(flow.facility_w >= before_w);
      RC_ASSERT(std::abs(flow.facility_w - load * 1.2e6 - flow.loss_w()) <= rounding * (flow.facility_w + 1.0));
      before_w = flow.facility_w;
      last_loss_w = flow.loss_w();
    }
    RC_ASSERT(chain.flow(1e14, 0.0).hall_loss_w() == chain.flow(1e15, 0.0).hall_loss_w());
  }));
}
