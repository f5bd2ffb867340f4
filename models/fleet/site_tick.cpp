#include "models/fleet/site_tick.hpp"

namespace fleetwatt::models {

namespace {

/// A site whose PUE is given has its losses inside it: there is no delivery to walk.
bool has_given_pue(const Site& site) {
  return std::holds_alternative<StaticPue>(site.cooling);
}

WaterBalance water_of(const CoolingResult& cooling, double tick_s) {
  return {.evaporation_kg = cooling.evaporation_kg_per_s * tick_s,
          .drift_kg = cooling.drift_kg_per_s * tick_s,
          .blowdown_kg = cooling.blowdown_kg_per_s * tick_s,
          .make_up_kg = cooling.make_up_kg_per_s * tick_s};
}

}  // namespace

SiteTick facility_tick(const Site& site, const EnergyByOwner& servers, const HourlyWeather& weather, double tick_s) {
  SiteTick tick;
  tick.energy = servers;
  const double it_w = servers.it_j() / tick_s;
  tick.it_w = it_w;
  if (has_given_pue(site)) {
    const CoolingResult cooling = cool(site.cooling, site.cooling_design, {.heat_w = it_w, .it_w = it_w}, weather);
    tick.energy.cooling_j = cooling.power_w * tick_s;
    tick.meter_j = (it_w + cooling.power_w) * tick_s;
    tick.water = water_of(cooling, tick_s);
    return tick;
  }
  const double hall_loss_w = site.power.hall_loss_w(it_w);
  const CoolingLoad load{.heat_w = it_w + hall_loss_w, .it_w = it_w};
  const CoolingResult cooling = cool(site.cooling, site.cooling_design, load, weather);
  const PowerFlow flow = site.power.flow(it_w, cooling.power_w);
  tick.energy.cooling_j = cooling.power_w * tick_s;
  tick.energy.loss_j = flow.loss_w() * tick_s;
  tick.meter_j = flow.facility_w * tick_s;
  tick.water = water_of(cooling, tick_s);
  tick.heat_not_removed_w = cooling.heat_not_removed_w;
  tick.cooling_out_of_range = cooling.out_of_range;
  tick.load_over_rating = flow.load_over_rating;
  tick.overloaded = flow.overloaded;
  return tick;
}

void note_limits(const Site& site, const SiteTick& tick, std::size_t hour, double tick_s, SiteTotals& totals) {
  constexpr double rounding = 1e-9;
  totals.heat_not_removed_j += tick.heat_not_removed_w * tick_s;
  if (tick.it_w > site.it_capacity_w * (1.0 + rounding)) totals.it_above_capacity.note(tick.it_w, hour);
  if (tick.cooling_out_of_range) totals.cooling_out_of_range.note(tick.heat_not_removed_w, hour);
  if (tick.overloaded) totals.overload.note(tick.load_over_rating, hour);
}

}  // namespace fleetwatt::models
