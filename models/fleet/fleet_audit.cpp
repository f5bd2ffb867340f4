#include "models/fleet/fleet_audit.hpp"

#include "models/fleet/attribution.hpp"
#include "sim/units.hpp"

namespace fleetwatt::models {

namespace {

// Sums of millions of terms in double precision; anything larger is a fault.
constexpr double summation_tolerance = 1e-9;
// A replica's clock (2^-44 s) is read by its meters at 2^-34 s: each edge of an iteration moves by less than 6e-11 s.
constexpr double clock_tolerance = 1e-7;

const sim::Series& series(const sim::RecordedDimension& dimension, std::string_view name) {
  for (const auto& candidate : dimension.series) {
    if (candidate.name() == name) return candidate;
  }
  throw std::logic_error("no series of that name was recorded");
}

void audit_requests(const Fleet& fleet, const FleetResult& result, sim::Audit& audit) {
  for (std::size_t i = 0; i < fleet.services.size(); ++i) {
    const ServiceTotals& totals = result.services[i];
    const std::uint64_t accounted = totals.counts.done + totals.running + totals.waiting + totals.counts.rejected;
    audit.expect_equal({"requests", fleet.services[i].name, static_cast<double>(totals.counts.arrived),
                        static_cast<double>(accounted), 0.0});
  }
}

void audit_gpu_hours(const Fleet& fleet, const FleetResult& result, sim::Audit& audit) {
  const double run_s = static_cast<double>(fleet.hours) * sim::seconds_per_hour;
  for (const auto& pool : fleet.pools) {
    const Cluster& cluster = fleet.clusters[pool.cluster.index()];
    if (const auto* jobs = std::get_if<BatchCluster>(&pool.body)) {
      const BatchStatistics s = jobs->statistics();
      audit.expect_equal({"GPU-hours", cluster.name, s.gpu_seconds_capacity, s.gpu_seconds_busy + s.gpu_seconds_idle,
                          summation_tolerance});
      audit.expect_equal(
          {"GPU-hours", cluster.name + " allocated", s.gpu_seconds_allocated, s.gpu_seconds_busy, summation_tolerance});
    }
  }
  for (std::size_t i = 0; i < fleet.clusters.size(); ++i) {
    const Cluster& cluster = fleet.clusters[i];
    const double idle_s = result.clusters[i].gpu_energy.idle_j / cluster.accelerator.idle_w;
    audit.expect_equal({"GPU-hours", cluster.name + " in all", cluster.gpus() * run_s,
                        result.clusters[i].gpu_busy_s + idle_s, clock_tolerance});
  }
}

/// Meters against what iterations and jobs add up to.
void audit_energy_of_pools(const Fleet& fleet, const FleetResult& result, sim::Audit& audit) {
  std::vector<double> counted_j(fleet.clusters.size());
  for (const auto& pool : fleet.pools) {
    const Cluster& cluster = fleet.clusters[pool.cluster.index()];
    double& counted = counted_j[pool.cluster.index()];
    with_service_pool(pool, [&](const auto& body) { counted += body.counted_active_j(); });
    if (const auto* jobs = std::get_if<BatchCluster>(&pool.body))
      counted += jobs->statistics().gpu_seconds_busy * training_power_w(cluster.accelerator);
  }
  for (std::size_t i = 0; i < fleet.clusters.size(); ++i) {
    audit.expect_equal(
        {"energy", fleet.clusters[i].name, result.clusters[i].gpu_energy.active_j, counted_j[i], clock_tolerance});
  }
}

/// The utility's meter against the owners, and against the hourly series.
void audit_energy_of_sites(const Fleet& fleet, const FleetResult& result, sim::Audit& audit) {
  for (std::size_t i = 0; i < fleet.sites.size(); ++i) {
    const SiteTotals& totals = result.sites[i];
    const std::string& name = fleet.sites[i].name;
    audit.expect_equal({"energy", name, totals.meter_j, totals.energy.facility_j(), summation_tolerance});
    const double series_j = sim::j_from_mwh(series(result.site_series, "site_load_mw").total(i));
    audit.expect_equal({"energy", name + " by hour", totals.meter_j, series_j, summation_tolerance});
  }
}

/// What pools and unheld GPUs cause, against the utility's meters.
void audit_attribution(const Fleet& fleet, const FleetResult& result, sim::Audit& audit) {
  double meters_j = 0.0;
  for (const auto& site : result.sites) meters_j += site.meter_j;
  audit.expect_equal(
      {"attribution", "fleet", meters_j, attribute(fleet, result).total().facility_j(), summation_tolerance});
}

void audit_regions(const FleetResult& result, sim::Audit& audit) {
  double sites_j = 0.0, sites_co2_kg = 0.0, regions_j = 0.0, regions_co2_kg = 0.0;
  for (const auto& site : result.sites) sites_j += site.meter_j, sites_co2_kg += site.co2_kg;
  for (const auto& region : result.regions) regions_j += region.energy_j, regions_co2_kg += region.co2_kg;
  audit.expect_equal({"regions", "energy", sites_j, regions_j, summation_tolerance});
  audit.expect_equal({"regions", "CO2", sites_co2_kg, regions_co2_kg, summation_tolerance});
}

void audit_water(const Fleet& fleet, const FleetResult& result, sim::Audit& audit) {
  for (std::size_t i = 0; i < fleet.sites.size(); ++i) {
    const double made_up_m3 = series(result.site_series, "site_water_m3").total(i);
    const WaterBalance& water = result.sites[i].water;
    const double left_m3 = sim::m3_from_water_kg(water.evaporation_kg) + sim::m3_from_water_kg(water.drift_kg) +
                           sim::m3_from_water_kg(water.blowdown_kg);
    audit.expect_equal({"water", fleet.sites[i].name, made_up_m3, left_m3, summation_tolerance});
  }
}

void audit_bill(const FleetResult& result, sim::Audit& audit) {
  double sites_usd = 0.0, lines_usd = 0.0;
  for (const auto& site : result.sites) sites_usd += site.cost_usd;
  for (std::size_t i = 0; i < result.regions.size(); ++i)
    lines_usd += series(result.region_series, "region_cost_usd").total(i);
  audit.expect_equal({"bill", "fleet", sites_usd, lines_usd, summation_tolerance});
}

}  // namespace

sim::Audit audit(const Fleet& fleet, const FleetResult& result) {
  sim::Audit audit;
  audit_requests(fleet, result, audit);
  audit_gpu_hours(fleet, result, audit);
  audit_energy_of_pools(fleet, result, audit);
  audit_energy_of_sites(fleet, result, audit);
  audit_attribution(fleet, result, audit);
  audit_regions(result, audit);
  audit_water(fleet, result, audit);
  audit_bill(result, audit);
  return audit;
}

}  // namespace fleetwatt::models
