// Descriptions of a site's power chain, cooling plant and weather file.
#include "models/facility/cooling_plant.hpp"
#include "models/facility/power_delivery.hpp"
#include "scenarios/schema/scenario.hpp"
#include "scenarios/schema/tables.hpp"

namespace fleetwatt::scenarios {

namespace {

constexpr const char* lei = "Lei and Masanet (2020, 2022): component ranges";

const TableSpec& loss_curve_table() {
  using P = models::LossCurve;
  static const TableSpec table{
      "loss over rating = no_load + proportional x + square x^2 at a load x of the rating",
      {field("no_load", &P::no_load, {.range = {0, 0.5}, .meaning = "always there"}),
       field("proportional", &P::proportional, {.range = {0, 0.5}, .meaning = "times the load"}),
       field("square", &P::square, {.range = {0, 0.5}, .meaning = "times the load squared"})}};
  return table;
}

struct NamedRedundancy {
  std::string_view name;
  std::string_view meaning;
  models::Redundancy value;
};
constexpr std::array redundancies = {
    NamedRedundancy{"N", "one chain, no spare", models::Redundancy::n},
    NamedRedundancy{"N+1", "one UPS module more than needed, load shared equally", models::Redundancy::n_plus_1},
    NamedRedundancy{"2N", "two whole chains, each carrying half", models::Redundancy::two_n}};

}  // namespace

const TableSpec& power_table() {
  using P = models::PowerDeliveryParameters;
  static const TableSpec table{
      "power chain: feed, transformer, UPS, PDU, cabling",
      {choice("redundancy", &P::redundancy, redundancies, [](const NamedRedundancy& r) { return r.value; },
              {.meaning = "spare chains or modules"}),
       field("ups_modules", &P::ups_modules, {.range = {1, 64}, .meaning = "N of N+1"}),
       field("oversize", &P::oversize, {.range = {1, 5}, .meaning = "rating of each stage over its design load"}),
       table_of("transformer", &P::transformer, loss_curve_table(), {.meaning = "medium-voltage transformer"}),
       table_of("ups", &P::ups, loss_curve_table(), {.meaning = "uninterruptible supply, double conversion"}),
       table_of("pdu", &P::pdu, loss_curve_table(), {.meaning = "power distribution unit with transformer"}),
       table_of("cabling", &P::cabling, loss_curve_table(), {.meaning = "cables to the racks"})}};
  return table;
}

const TableSpec& tower_economizer_table() {
  using P = models::TowerEconomizer;
  const auto delta = [](const char* key, double P::*member, double low, double high, const char* meaning) {
    return field(key, member, {.unit = units::kelvin, .range = {low, high}, .meaning = meaning, .source = lei});
  };
  const auto pressure = [](const char* key, double P::*member, double high, const char* meaning) {
    return field(key, member, {.unit = units::pascal, .range = {0, high}, .meaning = meaning, .source = lei});
  };
  const auto ratio = [](const char* key, double P::*member, double low, double high, const char* meaning) {
    return field(key, member, {.range = {low, high}, .meaning = meaning, .source = lei});
  };
  static const TableSpec table{
      "water-cooled chiller with tower and water-side economizer",
      {field("supply_air_c", &P::supply_air_c,
             {.unit = units::celsius,
              .range = {10, 40},
              .meaning = "air at the server inlets",
              .source = "ASHRAE TC 9.9 (2021): 18 to 27 recommended"}),
       delta("air_delta_k", &P::air_delta_k, 3, 30, "rise of the air across the servers"),
       pressure("crah_fan_pressure_pa", &P::crah_fan_pressure_pa, 2000, "of the hall's fans at full flow"),
       ratio("crah_fan_efficiency", &P::crah_fan_efficiency, 0.2, 0.95, "of the hall's fans"),
       delta("coil_approach_k", &P::coil_approach_k, 1, 15, "supply air above chilled-water supply"),
       delta("chilled_water_delta_k", &P::chilled_water_delta_k, 2, 20, "chilled-water return above supply"),
       pressure("chilled_pump_pressure_pa", &P::chilled_pump_pressure_pa, 1e6, "chilled-water pump"),
       ratio("chilled_pump_efficiency", &P::chilled_pump_efficiency, 0.2, 0.95, "chilled-water pump"),
       delta("economizer_approach_k", &P::economizer_approach_k, 0.5, 10, "economizer's heat exchanger"),
       pressure("economizer_pump_pressure_pa", &P::economizer_pump_pressure_pa, 1e6, "economizer's pump"),
       ratio("economizer_pump_efficiency", &P::economizer_pump_efficiency, 0.2, 0.95, "economizer's pump"),
       field("chiller_carnot_fraction", &P::chiller_carnot_fraction,
             {.unit = units::fraction, .range = {0.2, 0.8}, .meaning = "COP over Carnot's", .source = lei}),
       delta("chiller_approach_k", &P::chiller_approach_k, 1, 10, "refrigerant to the water that leaves, each side"),
       delta("chiller_minimum_lift_k", &P::chiller_minimum_lift_k, 5, 40,
             "least difference of the refrigerant's temperatures"),
       delta("tower_approach_k", &P::tower_approach_k, 1, 15, "tower water above wet bulb"),
       delta("tower_range_k", &P::tower_range_k, 2, 20, "fall of the water's temperature in the tower"),
       pressure("tower_pump_pressure_pa", &P::tower_pump_pressure_pa, 1e6, "tower pump"),
       ratio("tower_pump_efficiency", &P::tower_pump_efficiency, 0.2, 0.95, "tower pump"),
       pressure("tower_fan_pressure_pa", &P::tower_fan_pressure_pa, 2000, "tower fans"),
       ratio("tower_fan_efficiency", &P::tower_fan_efficiency, 0.2, 0.95, "tower fans"),
       ratio("tower_water_to_air_ratio", &P::tower_water_to_air_ratio, 0.3, 4, "by mass"),
       field("design_wet_bulb_c", &P::design_wet_bulb_c,
             {.unit = units::celsius, .range = {0, 35}, .meaning = "sizes tower and chiller"}),
       ratio("part_load_exponent", &P::part_load_exponent, 1, 3, "power of fans and pumps against flow"),
       ratio("part_load_floor", &P::part_load_floor, 0, 1, "least share of design power while running"),
       ratio("cycles_of_concentration", &P::cycles_of_concentration, 1.5, 20,
             "minerals in tower water over make-up water"),
       field("latent_fraction", &P::latent_fraction,
             {.unit = units::fraction, .range = {0, 1}, .meaning = "of heat rejected by evaporation"}),
       field("drift_fraction", &P::drift_fraction,
             {.unit = units::fraction,
              .range = {0, 0.01},
              .meaning = "of tower flow carried off as droplets",
              .source = lei})}};
  return table;
}

const TableSpec& static_pue_table() {
  using P = models::StaticPue;
  static const TableSpec table{
      "fixed ratios, whatever the weather; delivery losses are inside",
      {field("pue", &P::pue, {.range = {1, 5}, .meaning = "facility power over IT power"}),
       field("wue_l_per_kwh", &P::wue_l_per_kwh,
             {.unit = units::l_per_kwh, .range = {0, 20}, .meaning = "site water over IT energy"})}};
  return table;
}

const TableSpec& weather_file_table() {
  using P = WeatherFile;
  static const TableSpec table{
      "hourly weather from a CSV file",
      {field("file", &P::file, {.meaning = "path; relative to the file that names it", .required = true}),
       field("time_column", &P::time_column, {.meaning = "header of the column of times"}),
       field("dry_bulb_column", &P::dry_bulb_column, {.meaning = "header of the column of dry-bulb temperature, C"}),
       field("relative_humidity_column", &P::relative_humidity_column,
             {.meaning = "header of the column of relative humidity, %"}),
       field(
           "utc_offset", &P::utc_offset,
           {.range = {-54000, 54000}, .meaning = "of the file's clock, such as \"-7h\"; absent: the file's own word"}),
       field("elevation_m", &P::elevation_m,
             {.unit = units::metre,
              .range = {-500, 6000},
              .meaning = "for the air pressure; absent: the file's own word, or sea level"}),
       choice("fill", &P::fill, gap_fills, [](const GapFillEntry& f) { return f.fill; },
              {.meaning = "what to do about a missing hour"})}};
  return table;
}

}  // namespace fleetwatt::scenarios
