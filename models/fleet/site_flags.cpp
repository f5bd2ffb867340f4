#include "models/fleet/site_flags.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/fleet/in_digits.hpp"
#include "sim/units.hpp"

namespace fleetwatt::models {

namespace {

std::string hour_text(const Fleet& fleet, std::size_t hour) {
  return sim::to_text({fleet.start.value + static_cast<std::int64_t>(hour) * sim::one_hour.whole_s()});
}

/// "in 12.5 % of the time, first in the hour of 2024-07-15 03:00".
std::string how_often(const Fleet& fleet, const FleetResult& result, const Excess& excess) {
  const auto all_ticks = static_cast<double>(result.hours * fleet.ticks_per_hour());
  return fmt::format("in {:.3g} % of the time, first in the hour of {}",
                     sim::percent_from_fraction(static_cast<double>(excess.ticks) / all_ticks),
                     hour_text(fleet, excess.first_hour));
}

void flag_weather(const Fleet& fleet, const Site& site, std::size_t hours, const WeatherLimit& limit,
                  std::vector<Flag>& flags) {
  Excess excess;
  double worst = 0.0;
  for (std::size_t hour = 0; hour < hours; ++hour) {
    const double value = site.weather[hour].*limit.value;
    const double beyond = std::max(limit.low - value, value - limit.high);
    if (!(beyond > 0.0)) continue;
    if (beyond > excess.worst) worst = value;
    excess.note(beyond, hour);
  }
  if (excess.ticks == 0) return;
  flags.push_back(
      {site.name, fmt::format("{} out of the cooling plant's range, {:g} to {:g} {}, in {} of {} hours, first "
                              "in that of {}, at worst {:.4g} {}",
                              limit.what, limit.low, limit.high, limit.unit, excess.ticks, hours,
                              hour_text(fleet, excess.first_hour), worst, limit.unit)});
}

/// Even an idle server draws a tenth of its rating: at 1 % the hall holds far fewer than it was built for. The mean
/// PUE of Uptime Institute's surveys was never above 2.5 (2007): at 3 the plant outweighs what it serves.
bool is_oversized(const Site& site, double mean_it_w, double pue) {
  constexpr double least_used_fraction = 0.01;
  constexpr double highest_pue = 3.0;
  return mean_it_w < least_used_fraction * site.it_capacity_w || pue > highest_pue;
}

void flag_size(double run_s, const Site& site, const SiteTotals& totals, std::vector<Flag>& flags) {
  const double mean_it_w = totals.energy.it_j() / run_s;
  const double pue = totals.meter_j / totals.energy.it_j();
  if (std::holds_alternative<StaticPue>(site.cooling) || !is_oversized(site, mean_it_w, pue)) return;
  flags.push_back({site.name, fmt::format("oversized: mean IT power is {:.3g} % of it_capacity_mw = {}, and the PUE {}",
                                          sim::percent_from_fraction(mean_it_w / site.it_capacity_w),
                                          in_digits(sim::mw_from_w(site.it_capacity_w), 4), in_digits(pue, 4))});
}

}  // namespace

void flag_site(const Fleet& fleet, const FleetResult& result, SiteId id, std::vector<Flag>& flags) {
  const Site& site = fleet.sites[id.index()];
  const SiteTotals& totals = result.sites[id.index()];
  const auto flag = [&](std::string text) { flags.push_back({site.name, std::move(text)}); };
  if (totals.cooling_out_of_range.ticks > 0)
    flag(fmt::format("cooling plant out of its range {}: {:.4g} MWh of heat not removed, at worst {:.4g} MW",
                     how_often(fleet, result, totals.cooling_out_of_range), sim::mwh_from_j(totals.heat_not_removed_j),
                     sim::mw_from_w(totals.cooling_out_of_range.worst)));
  if (totals.overload.ticks > 0)
    flag(fmt::format("power delivery above its rating {}, at worst {:.3g} times; its losses are those at the rating",
                     how_often(fleet, result, totals.overload), totals.overload.worst));
  if (totals.it_above_capacity.ticks > 0)
    flag(fmt::format("IT power above it_capacity_mw = {:.4g} {}, at worst {:.4g} MW",
                     sim::mw_from_w(site.it_capacity_w), how_often(fleet, result, totals.it_above_capacity),
                     sim::mw_from_w(totals.it_above_capacity.worst)));
  flag_size(result.length_s(), site, totals, flags);
  if (std::holds_alternative<StaticPue>(site.cooling)) return;  // knows no weather
  for (const auto& limit : weather_limits)
    flag_weather(fleet, site, static_cast<std::size_t>(result.hours), limit, flags);
}

}  // namespace fleetwatt::models
