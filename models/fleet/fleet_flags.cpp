#include "models/fleet/fleet_flags.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/fleet/in_digits.hpp"
#include "models/fleet/site_flags.hpp"
#include "sim/units.hpp"

namespace fleetwatt::models {

namespace {

/// "31 of 72 hours"
std::string hours_of(std::int64_t hours, const FleetResult& result) {
  return fmt::format("{} of {} hours", hours, result.hours);
}

/// Where a service with several pools was saturated: " at dallas.serving, paris.serving".
std::string saturated_pools(const Fleet& fleet, const FleetResult& result, ServiceId service) {
  std::string names;
  std::size_t pools = 0, saturated = 0;
  for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
    if (runs_jobs(fleet.pools[i]) || fleet.pools[i].service != service) continue;
    ++pools;
    if (result.pools[i].saturated_hours == 0) continue;
    names += fmt::format("{} {}", saturated++ == 0 ? " at" : ",", fleet.clusters[fleet.pools[i].cluster.index()].name);
  }
  return pools > saturated ? names : "";
}

std::string saturation_text(const Fleet& fleet, const FleetResult& result, ServiceId service) {
  const ServiceTotals& totals = result.services[service.index()];
  const double capacity_per_s = models::capacity_per_s(fleet, result, service);
  const double offered_per_s = static_cast<double>(totals.counts.arrived - totals.counts.rejected) / result.length_s();
  std::string text = fmt::format("saturated in {}{}: ", hours_of(totals.saturated_hours, result),
                                 saturated_pools(fleet, result, service));
  if (capacity_per_s > 0.0)
    text += fmt::format("while a queue stood it served {} requests/s, its capacity (offered over the run: {}); ",
                        in_digits(capacity_per_s, 3), in_digits(offered_per_s, 3));
  text += fmt::format("{} wait at the end", totals.waiting);
  if (offered_per_s > capacity_per_s) text += ", and its figures depend on the run's length";
  return text;
}

void flag_service(const Fleet& fleet, const FleetResult& result, ServiceId service, std::vector<Flag>& flags) {
  const ServiceTotals& totals = result.services[service.index()];
  const auto flag = [&](std::string text) { flags.push_back({fleet.services[service.index()].name, std::move(text)}); };
  if (totals.saturated_hours > 0) flag(saturation_text(fleet, result, service));
  if (totals.counts.rejected > 0)
    flag(fmt::format("{} requests rejected: longer than a replica's whole cache or the model's context",
                     totals.counts.rejected));
  if (totals.counts.truncated > 0)
    flag(fmt::format("{} outputs cut at the model's context limit", totals.counts.truncated));
}

/// Jobs wait in any cluster. Too many wait where their work is more than a tenth of what its GPUs could do in the run.
bool is_overloaded(const ClusterTotals& totals) {
  constexpr double much = 0.1;
  return totals.runs_jobs && totals.gpu_seconds_waiting > much * totals.jobs.gpu_seconds_capacity;
}

std::string overload_text(const Cluster& cluster, const FleetResult& result, const ClusterTotals& totals) {
  const auto percent_of_gpus = [&](double gpu_s) {
    return in_digits(sim::percent_from_fraction(gpu_s / totals.jobs.gpu_seconds_capacity), 3);
  };
  return fmt::format(
      "overloaded: {} jobs wait at the end of {} h, work for {} h of all its GPUs; of its GPU-hours, jobs had "
      "{} %, and would have had {} % had none waited; its figures depend on the run's length",
      totals.jobs.waiting, result.hours, in_digits(sim::h_from_s(totals.gpu_seconds_waiting / cluster.gpus()), 3),
      percent_of_gpus(totals.jobs.gpu_seconds_allocated), percent_of_gpus(totals.gpu_seconds_offered));
}

}  // namespace

std::vector<Flag> flags_of_run(const Fleet& fleet, const FleetResult& result) {
  std::vector<Flag> flags;
  for (std::size_t i = 0; i < fleet.services.size(); ++i) flag_service(fleet, result, ServiceId(i), flags);
  for (std::size_t i = 0; i < fleet.clusters.size(); ++i) {
    const Cluster& cluster = fleet.clusters[i];
    const ClusterTotals& totals = result.clusters[i];
    if (is_overloaded(totals)) flags.push_back({cluster.name, overload_text(cluster, result, totals)});
  }
  for (std::size_t i = 0; i < fleet.sites.size(); ++i) flag_site(fleet, result, SiteId(i), flags);
  return flags;
}

}  // namespace fleetwatt::models
