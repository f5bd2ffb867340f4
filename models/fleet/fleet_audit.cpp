#include "models/fleet/fleet_audit.hpp"

#include <numeric>

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

void audit_jobs(const Cluster& cluster, const BatchStatistics& s, sim::Audit& audit) {
  audit.expect_equal({"jobs", cluster.name, static_cast<double>(s.submitted + s.waiting_at_start),
                      static_cast<double>(s.rejected + s.waiting + s.started), 0.0});
  audit.expect_equal({"jobs", cluster.name + " started", static_cast<double>(s.started + s.running_at_start),
                      static_cast<double>(s.running + s.done), 0.0});
}

void audit_gpu_hours(const Fleet& fleet, const FleetResult& result, sim::Audit& audit) {
  for (const auto& pool : fleet.pools) {
    const Cluster& cluster = fleet.clusters[pool.cluster.index()];
    if (const auto* jobs = std::get_if<BatchCluster>(&pool.body)) {
      const BatchStatistics s = jobs->statistics();
      audit_jobs(cluster, s, audit);
      audit.expect_equal({"GPU-hours", cluster.name, s.gpu_seconds_capacity, s.gpu_seconds_busy + s.gpu_seconds_idle,
                          summation_tolerance});
      audit.expect_equal(
          {"GPU-hours", cluster.name + " allocated", s.gpu_seconds_allocated, s.gpu_seconds_busy, summation_tolerance});
    }
  }
  for (std::size_t i = 0; i < fleet.clusters.size(); ++i) {
    const Cluster& cluster = fleet.clusters[i];
    const double idle_s = result.clusters[i].gpu_energy.idle_j / cluster.accelerator.idle_w;
    audit.expect_equal({"GPU-hours", cluster.name + " in all", cluster.gpus() * result.length_s(),
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
void audit_energy_of_sites(const Fleet& fleet, const FleetResult& result, const std::vector<double>& load_mwh,
                           sim::Audit& audit) {
  for (std::size_t i = 0; i < fleet.sites.size(); ++i) {
    const SiteTotals& totals = result.sites[i];
    const std::string& name = fleet.sites[i].name;
    audit.expect_equal({"energy", name, totals.meter_j, totals.energy.facility_j(), summation_tolerance});
    audit.expect_equal(
        {"energy", name + " by hour", totals.meter_j, sim::j_from_mwh(load_mwh[i]), summation_tolerance});
    if (const auto* ratios = std::get_if<StaticPue>(&fleet.sites[i].cooling))
      audit.expect_equal({"PUE", name, totals.meter_j, ratios->pue * totals.energy.it_j(), summation_tolerance});
  }
}

/// What pools and unheld GPUs cause, against the utility's meters.
void audit_attribution(const Fleet& fleet, const FleetResult& result, sim::Audit& audit) {
  double meters_j = 0.0;
  for (const auto& site : result.sites) meters_j += site.meter_j;
  audit.expect_equal(
      {"attribution", "fleet", meters_j, attribute(fleet, result).total().facility_j(), summation_tolerance});
}

/// What sites took tick by tick against what regions delivered hour by hour.
void audit_regions(const FleetResult& result, const std::vector<double>& region_water_m3, sim::Audit& audit) {
  double sites_j = 0.0, sites_co2_kg = 0.0, sites_water_m3 = 0.0, regions_j = 0.0, regions_co2_kg = 0.0;
  for (const auto& site : result.sites) {
    sites_j += site.meter_j;
    sites_co2_kg += site.co2_kg;
    sites_water_m3 += sim::m3_from_water_kg(site.water.total_kg());
  }
  for (const auto& region : result.regions) regions_j += region.energy_j, regions_co2_kg += region.co2_kg;
  const double water_m3 = std::accumulate(region_water_m3.begin(), region_water_m3.end(), 0.0);
  audit.expect_equal({"regions", "energy", sites_j, regions_j, summation_tolerance});
  audit.expect_equal({"regions", "CO2", sites_co2_kg, regions_co2_kg, summation_tolerance});
  audit.expect_equal({"regions", "water", sites_water_m3, water_m3, summation_tolerance});
}

/// Make-up by the cycles of concentration against what left the tower, and against the hourly series.
void audit_water(const Fleet& fleet, const FleetResult& result, const std::vector<double>& water_m3,
                 sim::Audit& audit) {
  for (std::size_t i = 0; i < fleet.sites.size(); ++i) {
    const WaterBalance& water = result.sites[i].water;
    const std::string& name = fleet.sites[i].name;
    audit.expect_equal({"water", name, water.make_up_kg, water.total_kg(), summation_tolerance});
    audit.expect_equal(
        {"water", name + " by hour", sim::m3_from_water_kg(water.total_kg()), water_m3[i], summation_tolerance});
  }
}

/// Sites are billed tick by tick, regions by the hour.
void audit_bill(const FleetResult& result, const std::vector<double>& lines_usd, sim::Audit& audit) {
  double sites_usd = 0.0;
  for (const auto& site : result.sites) sites_usd += site.cost_usd;
  audit.expect_equal(
      {"bill", "fleet", sites_usd, std::accumulate(lines_usd.begin(), lines_usd.end(), 0.0), summation_tolerance});
}

}  // namespace

RunningAudit::RunningAudit(const Fleet& fleet)
    : fleet_(fleet),
      site_load_mwh_(fleet.sites.size()),
      site_water_m3_(fleet.sites.size()),
      region_cost_usd_(fleet.regions.size()),
      region_water_m3_(fleet.regions.size()) {}

void RunningAudit::add_hours(const FleetResult& result) {
  const sim::Series& load = series(result.site_series, "site_load_mw");
  const sim::Series& site_water = series(result.site_series, "site_water_m3");
  const sim::Series& cost = series(result.region_series, "region_cost_usd");
  const sim::Series& region_water = series(result.region_series, "region_water_m3");
  for (; hours_ < static_cast<std::size_t>(result.hours); ++hours_) {
    for (std::size_t i = 0; i < site_load_mwh_.size(); ++i) {
      site_load_mwh_[i] += load.at(hours_, i);
      site_water_m3_[i] += site_water.at(hours_, i);
    }
    for (std::size_t i = 0; i < region_cost_usd_.size(); ++i) {
      region_cost_usd_[i] += cost.at(hours_, i);
      region_water_m3_[i] += region_water.at(hours_, i);
    }
  }
}

sim::Audit RunningAudit::at(const FleetResult& result) {
  add_hours(result);
  sim::Audit audit;
  audit_requests(fleet_, result, audit);
  audit_gpu_hours(fleet_, result, audit);
  audit_energy_of_pools(fleet_, result, audit);
  audit_energy_of_sites(fleet_, result, site_load_mwh_, audit);
  audit_attribution(fleet_, result, audit);
  audit_regions(result, region_water_m3_, audit);
  audit_water(fleet_, result, site_water_m3_, audit);
  audit_bill(result, region_cost_usd_, audit);
  return audit;
}

sim::Audit audit(const Fleet& fleet, const FleetResult& result) {
  return RunningAudit(fleet).at(result);
}

}  // namespace fleetwatt::models
