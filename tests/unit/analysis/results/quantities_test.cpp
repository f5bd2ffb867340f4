// Every quantity of a run's summary, against figures set by hand: one in another's place would be seen, since no two of
// them are alike. And the hourly series against the totals.
#include "analysis/results/quantities.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "analysis/run/run_scenario.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;

namespace {

constexpr double mwh_j = 3.6e9;
constexpr double kwh_j = 3.6e6;

/// Two sites, a chat, images and jobs; two hours.
RunOutput simulated() {
  return run_scenario(loaded_from(R"([scenario]
duration = "2h"
[site.a]
region = "CISO"
[site.a.cluster.serving]
nodes = 1
[site.a.cluster.training]
nodes = 2
jobs  = { synthetic = { mean_interarrival_s = 300 } }
[site.b]
region = "PJM"
[site.b.cluster.serving]
nodes = 1
[service.chat]
model    = "llama-3.1-8b"
runs_on  = ["a.serving"]
replicas = 2
batch_limit = 2
slo      = { latency_p99_s = 5 }
demand   = { mean_requests_per_s = 1 }
[service.image]
model     = "stable-diffusion-3-medium"
runs_on   = ["b.serving"]
replicas  = 1
diffusion = {}
demand    = { mean_requests_per_s = 0.1 }
)"),
                      {});
}

sim::QuantileHistogram spread(double scale_s) {
  sim::QuantileHistogram histogram;  // median scale, 99th percentile 3 scales, mean 1.2 scales
  for (int i = 0; i < 90; ++i) histogram.add(sim::Duration::from_s(scale_s));
  for (int i = 0; i < 10; ++i) histogram.add(sim::Duration::from_s(3 * scale_s));
  return histogram;
}

models::SiteTotals site_totals(double scale) {
  models::SiteTotals t;
  t.energy = {.inference_j = 2 * mwh_j * scale,
              .training_j = 3 * mwh_j * scale,
              .idle_j = 5 * mwh_j * scale,
              .host_j = 7 * mwh_j * scale,
              .cooling_j = 11 * mwh_j * scale,
              .loss_j = 13 * mwh_j * scale};
  t.meter_j = 41 * mwh_j * scale;
  t.water = {.evaporation_kg = 17e3 * scale, .drift_kg = 19e3 * scale, .blowdown_kg = 23e3 * scale};
  t.peak.load_w = 29e6 * scale;
  t.co2_kg = 31e3 * scale;
  t.cost_usd = 37 * scale;
  t.heat_not_removed_j = 0.25 * mwh_j * scale;
  return t;
}

/// The run with figures of our own in place of what it observed.
RunOutput with_known_figures() {
  RunOutput run = simulated();
  models::FleetResult& r = run.result;
  r.sites = {site_totals(1.0), site_totals(0.5)};
  r.peak.load_w = 30e6;
  models::RegionTotals& region = r.regions[0];
  region = {};
  region.energy_j = 43 * mwh_j;
  region.water_kg = 47e3;
  region.co2_kg = 53e3;
  region.cost_usd = 59;
  region.peak.load_w = 61e6;

  models::ServiceTotals& chat = r.services[0];
  chat.counts.arrived = 1009;
  chat.counts.done = 500;
  chat.counts.rejected = 67;
  chat.counts.truncated = 71;
  chat.counts.met_target = 450;
  chat.counts.output_tokens = 7300;
  chat.counts.time_to_first_token = spread(0.5);
  chat.counts.time_per_output_token = spread(0.02);
  chat.counts.latency = spread(7.0);
  chat.running = 73;
  chat.waiting = 79;
  chat.overdue = 33;
  chat.saturated_hours = 2;
  chat.gpu_energy = {.active_j = 80 * kwh_j, .idle_j = 3 * kwh_j};
  r.services[1].counts.done = 600;
  r.services[1].iterations = 250;

  for (std::size_t i = 0; i < run.fleet().pools.size(); ++i) {
    const auto& pool = run.fleet().pools[i];
    if (models::runs_jobs(pool) || pool.service.index() != 0) continue;
    r.pools[i].standing_queue = {.time_s = 1000, .done = 2020};
    run.attribution.pools[i] = {.gpu_active_j = 80 * kwh_j,
                                .gpu_idle_j = 3 * kwh_j,
                                .host_j = 29 * kwh_j,
                                .cooling_j = 17 * kwh_j,
                                .loss_j = 8 * kwh_j};
  }

  models::ClusterTotals& jobs = r.clusters[1];
  jobs.it_energy_j = 83 * mwh_j;
  jobs.gpu_busy_s = 0.89 * 16 * 7200;
  jobs.jobs = {.submitted = 101, .started = 95, .done = 90, .running = 5, .waiting = 4, .rejected = 2};
  jobs.jobs.wait_mean_s = 97 * 60;
  jobs.jobs.bounded_slowdown_mean = 2.75;
  jobs.jobs.gpu_seconds_capacity = 16 * 7200;
  jobs.gpu_seconds_offered = 1.03 * 16 * 7200;
  return run;
}

/// What they make, each worked out from the figures above.
const std::map<std::string, double>& expected() {
  static const std::map<std::string, double> values = {{"total.energy_mwh", 61.5},  // 41 and half of it
                                                       {"total.load_mw", 30.75},    // over two hours
                                                       {"total.peak_load_mw", 30},
                                                       {"total.pue", 41.0 / 17},  // 2 + 3 + 5 + 7 of 41
                                                       {"total.co2_t", 46.5},
                                                       {"total.carbon_intensity_g_per_kwh", 31e3 / 41},
                                                       {"total.cost_usd", 55.5},
                                                       {"total.water_m3", 88.5},
                                                       {"total.inference_energy_mwh", 3},
                                                       {"total.training_energy_mwh", 4.5},
                                                       {"total.idle_energy_mwh", 7.5},
                                                       {"total.host_energy_mwh", 10.5},
                                                       {"total.cooling_energy_mwh", 16.5},
                                                       {"total.loss_energy_mwh", 19.5},
                                                       {"site.a.energy_mwh", 41},
                                                       {"site.a.it_energy_mwh", 17},
                                                       {"site.a.load_mw", 20.5},
                                                       {"site.a.peak_load_mw", 29},
                                                       {"site.a.pue", 41.0 / 17},
                                                       {"site.a.co2_t", 31},
                                                       {"site.a.carbon_intensity_g_per_kwh", 31e3 / 41},
                                                       {"site.a.cost_usd", 37},
                                                       {"site.a.water_m3", 59},  // 17 + 19 + 23
                                                       {"site.a.wue_l_per_kwh", 59e3 / 17e3},
                                                       {"site.a.heat_not_removed_mwh", 0.25},
                                                       {"region.CISO.energy_mwh", 43},
                                                       {"region.CISO.load_mw", 21.5},
                                                       {"region.CISO.peak_load_mw", 61},
                                                       {"region.CISO.co2_t", 53},
                                                       {"region.CISO.carbon_intensity_g_per_kwh", 53e3 / 43},
                                                       {"region.CISO.cost_usd", 59},
                                                       {"region.CISO.water_m3", 47},
                                                       {"service.chat.requests", 1009},
                                                       {"service.chat.requests_done", 500},
                                                       {"service.chat.requests_rejected", 67},
                                                       {"service.chat.requests_truncated", 71},
                                                       {"service.chat.saturated_hours", 2},
                                                       {"service.chat.capacity_per_s", 4.04},  // two replicas
                                                       {"service.chat.requests_running", 73},
                                                       {"service.chat.requests_waiting", 79},
                                                       {"service.chat.requests_overdue", 33},
                                                       {"service.chat.output_tokens", 7300},
                                                       {"service.chat.ttft_mean_s", 0.6},
                                                       {"service.chat.ttft_p50_s", 0.5},
                                                       {"service.chat.ttft_p99_s", 1.5},
                                                       {"service.chat.tpot_mean_s", 0.024},
                                                       {"service.chat.tpot_p50_s", 0.02},
                                                       {"service.chat.tpot_p99_s", 0.06},
                                                       {"service.chat.latency_mean_s", 8.4},
                                                       {"service.chat.latency_p50_s", 7},
                                                       {"service.chat.latency_p99_s", 21},
                                                       {"service.chat.slo_met_fraction", 0.75},  // 450 of 500 + 67 + 33
                                                       {"service.chat.gpu_energy_mwh", 0.083},
                                                       {"service.chat.gpu_wh_per_request", 166},
                                                       {"service.chat.gpu_j_per_token", 83 * kwh_j / 7300},
                                                       {"service.chat.gpu_j_per_request", 83 * kwh_j / 500},
                                                       {"service.chat.gpu_active_j_per_request", 80 * kwh_j / 500},
                                                       {"service.chat.gpu_idle_j_per_request", 3 * kwh_j / 500},
                                                       {"service.chat.host_j_per_request", 29 * kwh_j / 500},
                                                       {"service.chat.cooling_j_per_request", 17 * kwh_j / 500},
                                                       {"service.chat.loss_j_per_request", 8 * kwh_j / 500},
                                                       {"service.chat.facility_j_per_request", 137 * kwh_j / 500},
                                                       {"service.chat.facility_energy_mwh", 0.137},
                                                       {"service.chat.gpu_fraction_of_facility", 83.0 / 137},
                                                       {"service.image.items_per_batch", 2.4},
                                                       {"cluster.a.training.energy_mwh", 83},
                                                       {"cluster.a.training.gpus", 16},
                                                       {"cluster.a.training.gpus_busy_fraction", 0.89},
                                                       {"cluster.a.training.jobs", 101},
                                                       {"cluster.a.training.jobs_done", 90},
                                                       {"cluster.a.training.jobs_running", 5},
                                                       {"cluster.a.training.jobs_waiting", 4},
                                                       {"cluster.a.training.jobs_rejected", 2},
                                                       {"cluster.a.training.jobs_offered_fraction", 1.03},
                                                       {"cluster.a.training.wait_mean_h", 97.0 / 60},
                                                       {"cluster.a.training.bounded_slowdown_mean", 2.75}};
  return values;
}

}  // namespace

TEST_CASE("every quantity is worked out from the figures that it names", "[results]") {
  const RunOutput run = with_known_figures();
  std::map<std::string, double> found;
  for (const auto& value : all_values(run)) found[value.path] = value.value;
  for (const auto& [path, value] : expected()) {
    INFO(path);
    REQUIRE(found.contains(path));
    CHECK(found[path] == Approx(value).epsilon(path.find("_p") == std::string::npos ? 1e-9 : 0.004));  // of buckets
  }
}

TEST_CASE("a service without a latency target meets none", "[results]") {
  RunOutput run = simulated();
  const auto met = [&run]() -> double {
    for (const auto& value : all_values(run))
      if (value.path == "service.chat.slo_met_fraction") return value.value;
    throw std::logic_error("no share");
  };
  REQUIRE(run.result.services[0].counts.done > 0);
  CHECK(met() == Approx(run.result.services[0].target_met_fraction()));
  run.built.fleet.services[0].target = {};
  CHECK(std::isnan(met()));
}

TEST_CASE("no quantity is without a figure worked out by hand", "[results]") {
  std::set<std::string> worked_out;
  for (const auto& [path, value] : expected())
    worked_out.insert(path.substr(0, path.find('.')) + path.substr(path.rfind('.')));
  for (const auto& quantity : quantities()) {
    const std::string name = std::string(quantity.dimension) + "." + std::string(quantity.key);
    INFO(name);
    CHECK(worked_out.contains(name));
  }
}

TEST_CASE("within a dimension, figures worked out by hand differ, so that none could stand for another", "[results]") {
  // A service's energy of GPUs by request is there in joules twice, from meters and by attribution; total and site
  // alike.
  std::map<std::string, std::set<double>> seen;
  for (const auto& [path, value] : expected()) {
    INFO(path);
    CHECK(seen[path.substr(0, path.find('.'))].insert(value).second);
  }
}

TEST_CASE("hourly series add up to the totals that they belong to", "[results]") {
  const RunOutput run = simulated();
  const auto series = [&](const sim::RecordedDimension& dimension, std::string_view name) -> const sim::Series& {
    const auto found = std::ranges::find(dimension.series, name, &sim::Series::name);
    REQUIRE(found != dimension.series.end());
    return *found;
  };
  const auto& r = run.result;
  const auto& site = r.sites[0];
  const auto check = [&](const sim::RecordedDimension& dimension, std::string_view name, std::size_t i, double total) {
    INFO(name);
    CHECK(total > 0.0);
    CHECK(series(dimension, name).total(i) == Approx(total).epsilon(1e-9));
  };
  check(r.site_series, "site_load_mw", 0, site.meter_j / mwh_j);
  check(r.site_series, "site_it_load_mw", 0, site.energy.it_j() / mwh_j);
  check(r.site_series, "site_cooling_load_mw", 0, site.energy.cooling_j / mwh_j);
  check(r.site_series, "site_loss_mw", 0, site.energy.loss_j / mwh_j);
  check(r.site_series, "site_water_m3", 0, site.water.total_kg() / 1e3);
  check(r.region_series, "region_load_mw", 0, site.meter_j / mwh_j);
  check(r.region_series, "region_co2_t", 0, site.co2_kg / 1e3);
  check(r.region_series, "region_cost_usd", 0, site.cost_usd);
  check(r.region_series, "region_water_m3", 0, site.water.total_kg() / 1e3);
  check(r.service_series, "service_requests", 0, static_cast<double>(r.services[0].counts.arrived));
  check(r.service_series, "service_requests_done", 0, static_cast<double>(r.services[0].counts.done));
  check(r.service_series, "service_output_tokens", 0, static_cast<double>(r.services[0].counts.output_tokens));
  check(r.service_series, "service_energy_mwh", 0, r.services[0].gpu_energy.total_j() / mwh_j);
  check(r.cluster_series, "cluster_energy_mwh", 1, r.clusters[1].it_energy_j / mwh_j);
  check(r.cluster_series, "cluster_gpus_busy", 1, r.clusters[1].gpu_busy_s / 3600);
  for (std::size_t hour = 0; hour < 2; ++hour) {
    const auto at = [&](const sim::RecordedDimension& dimension, std::string_view name, std::size_t i) {
      return series(dimension, name).at(hour, i);
    };
    CHECK(at(r.site_series, "site_pue", 0) ==
          Approx(at(r.site_series, "site_load_mw", 0) / at(r.site_series, "site_it_load_mw", 0)));
    CHECK(at(r.site_series, "site_outdoor_c", 0) == run.fleet().sites[0].weather[hour].dry_bulb_c);
    CHECK(at(r.site_series, "site_wet_bulb_c", 0) == run.fleet().sites[0].weather[hour].wet_bulb_c);
    const auto& region = run.fleet().regions[0];
    CHECK(at(r.region_series, "region_carbon_intensity_g_per_kwh", 0) == region.carbon_g_per_kwh.at(hour));
    CHECK(at(r.region_series, "region_price_usd_per_mwh", 0) == region.price_usd_per_mwh.at(hour));
    for (const std::string of : {"ttft", "tpot", "latency"})
      CHECK(at(r.service_series, "service_" + of + "_p50_s", 0) < at(r.service_series, "service_" + of + "_p99_s", 0));
    CHECK(at(r.service_series, "service_ttft_p50_s", 0) < at(r.service_series, "service_latency_p50_s", 0));
    CHECK(at(r.service_series, "service_tpot_p50_s", 0) < at(r.service_series, "service_ttft_p50_s", 0));
  }
  const auto last = [&](std::string_view name) { return series(r.cluster_series, name).at(1, 1); };
  CHECK(last("cluster_jobs_running") == static_cast<double>(r.clusters[1].jobs.running));
  CHECK(last("cluster_jobs_waiting") == static_cast<double>(r.clusters[1].jobs.waiting));
  CHECK(series(r.service_series, "service_requests_waiting").at(1, 0) == static_cast<double>(r.services[0].waiting));
}
