#include "models/fleet/fleet_flags.hpp"

#include <fmt/format.h>

#include "sim/units.hpp"

namespace fleetwatt::models {

namespace {

double run_s(const Fleet& fleet) {
  return static_cast<double>(fleet.hours) * sim::seconds_per_hour;
}

void flag_service(const Fleet& fleet, const Service& service, const ServiceTotals& totals, std::vector<Flag>& flags) {
  const auto flag = [&](std::string text) { flags.push_back({service.name, std::move(text)}); };
  if (totals.saturated_hours > 0) {
    const double offered = static_cast<double>(totals.counts.arrived) / run_s(fleet);
    flag(fmt::format(
        "saturated in {} of {} hours: it then served {:.3g} requests/s, its capacity (offered over the run: {:.3g}); "
        "{} wait at the end{}",
        totals.saturated_hours, fleet.hours, totals.capacity_per_s(), offered, totals.waiting,
        offered > totals.capacity_per_s() ? ", and its figures depend on the run's length" : ""));
  }
  if (totals.counts.rejected > 0)
    flag(fmt::format("{} requests rejected: longer than a replica's whole cache or the model's context",
                     totals.counts.rejected));
  if (totals.counts.truncated > 0)
    flag(fmt::format("{} outputs cut at the model's context limit", totals.counts.truncated));
}

void flag_site(const Fleet& fleet, const Site& site, const SiteTotals& totals, std::vector<Flag>& flags) {
  const auto flag = [&](std::string text) { flags.push_back({site.name, std::move(text)}); };
  const double all_ticks = static_cast<double>(fleet.hours * fleet.ticks_per_hour());
  const auto percent = [&](std::int64_t ticks) {
    return sim::percent_from_fraction(static_cast<double>(ticks) / all_ticks);
  };
  if (totals.out_of_range_ticks > 0)
    flag(fmt::format("cooling plant out of its range in {:.1f} % of the time", percent(totals.out_of_range_ticks)));
  if (totals.overloaded_ticks > 0)
    flag(fmt::format("power delivery above its rating in {:.1f} % of the time", percent(totals.overloaded_ticks)));
  if (totals.it_peak_w > site.it_capacity_w)
    flag(fmt::format("IT load of {:.4g} MW above it_capacity_mw = {:.4g}", sim::mw_from_w(totals.it_peak_w),
                     sim::mw_from_w(site.it_capacity_w)));
}

}  // namespace

std::vector<Flag> flags_of_run(const Fleet& fleet, const FleetResult& result) {
  std::vector<Flag> flags;
  for (std::size_t i = 0; i < fleet.services.size(); ++i)
    flag_service(fleet, fleet.services[i], result.services[i], flags);
  for (std::size_t i = 0; i < fleet.sites.size(); ++i) flag_site(fleet, fleet.sites[i], result.sites[i], flags);
  return flags;
}

}  // namespace fleetwatt::models
