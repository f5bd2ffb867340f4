#include "analysis/results/quantities.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "sim/units.hpp"

namespace fleetwatt::analysis {

namespace {

using models::ClusterTotals;
using models::RegionTotals;
using models::ServiceTotals;
using models::SiteTotals;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double ratio(double a, double b) {
  return b > 0.0 ? a / b : nan;
}

double run_s(const RunOutput& run) {
  return run.result.length_s();
}
double mean_mw(const RunOutput& run, double energy_j) {
  return sim::mw_from_w(energy_j / run_s(run));
}
double g_per_kwh(double co2_kg, double energy_j) {
  return ratio(co2_kg * 1e3, sim::kwh_from_j(energy_j));
}

const SiteTotals& site(const RunOutput& run, std::size_t i) {
  return run.result.sites[i];
}
const RegionTotals& region(const RunOutput& run, std::size_t i) {
  return run.result.regions[i];
}
const ServiceTotals& service(const RunOutput& run, std::size_t i) {
  return run.result.services[i];
}
const ClusterTotals& cluster(const RunOutput& run, std::size_t i) {
  return run.result.clusters[i];
}

models::AttributedEnergy caused(const RunOutput& run, std::size_t i) {
  return models::of_service(run.fleet(), run.attribution, models::ServiceId(i));
}
double a_request(const RunOutput& run, std::size_t i, double energy_j) {
  return ratio(energy_j, static_cast<double>(service(run, i).counts.done));
}

double cluster_gpu_s(const RunOutput& run, std::size_t i) {
  return run.fleet().clusters[i].gpus() * run_s(run);
}

template <class Get>
double sum_of_sites(const RunOutput& run, Get get) {
  double sum = 0.0;
  for (const auto& totals : run.result.sites) sum += get(totals);
  return sum;
}

double total_j(const RunOutput& run) {
  return sum_of_sites(run, [](const SiteTotals& t) { return t.meter_j; });
}
double total_co2_kg(const RunOutput& run) {
  return sum_of_sites(run, [](const SiteTotals& t) { return t.co2_kg; });
}
double total_water_kg(const RunOutput& run) {
  return sum_of_sites(run, [](const SiteTotals& t) { return t.water.total_kg(); });
}

using R = const RunOutput&;
using I = std::size_t;

constexpr std::array registry = {
    Quantity{"total", "energy_mwh", "fleet_energy_total_mwh", "MWh", "energy of all sites", [](R r, I) { return sim::mwh_from_j(total_j(r)); }},
    Quantity{"total", "load_mw", "fleet_load_mean_mw", "MW", "mean load", [](R r, I) { return mean_mw(r, total_j(r)); }},
    Quantity{"total", "peak_load_mw", "fleet_load_peak_mw", "MW", "highest mean over the peak interval, of all sites together",
             [](R r, I) { return sim::mw_from_w(r.result.peak.load_w); }},
    Quantity{"total", "pue", "fleet_pue_mean", "1", "facility energy over IT energy", [](R r, I) { return ratio(total_j(r), r.result.energy().it_j()); }},
    Quantity{"total", "co2_t", "fleet_co2_total_t", "t", "CO2", [](R r, I) { return sim::t_from_kg(total_co2_kg(r)); }},
    Quantity{"total", "carbon_intensity_g_per_kwh", "fleet_carbon_intensity_mean_g_per_kwh", "g/kWh", "CO2 over energy",
             [](R r, I) { return g_per_kwh(total_co2_kg(r), total_j(r)); }},
    Quantity{"total", "cost_usd", "fleet_cost_total_usd", "USD", "energy at hourly prices",
             [](R r, I) { return sum_of_sites(r, [](const SiteTotals& t) { return t.cost_usd; }); }},
    Quantity{"total", "water_m3", "fleet_water_total_m3", "m3", "make-up water", [](R r, I) { return sim::m3_from_water_kg(total_water_kg(r)); }},
    Quantity{"total", "inference_energy_mwh", "fleet_inference_energy_total_mwh", "MWh", "GPUs at work on requests",
             [](R r, I) { return sim::mwh_from_j(r.result.energy().inference_j); }},
    Quantity{"total", "training_energy_mwh", "fleet_training_energy_total_mwh", "MWh", "GPUs at work on jobs",
             [](R r, I) { return sim::mwh_from_j(r.result.energy().training_j); }},
    Quantity{"total", "idle_energy_mwh", "fleet_idle_energy_total_mwh", "MWh", "GPUs with nothing to do",
             [](R r, I) { return sim::mwh_from_j(r.result.energy().idle_j); }},
    Quantity{"total", "host_energy_mwh", "fleet_host_energy_total_mwh", "MWh", "servers without their GPUs",
             [](R r, I) { return sim::mwh_from_j(r.result.energy().host_j); }},
    Quantity{"total", "cooling_energy_mwh", "fleet_cooling_energy_total_mwh", "MWh", "cooling plants",
             [](R r, I) { return sim::mwh_from_j(r.result.energy().cooling_j); }},
    Quantity{"total", "loss_energy_mwh", "fleet_loss_energy_total_mwh", "MWh", "losses of the power chains",
             [](R r, I) { return sim::mwh_from_j(r.result.energy().loss_j); }},

    Quantity{"site", "energy_mwh", "site_energy_total_mwh", "MWh", "energy at the utility meter", [](R r, I i) { return sim::mwh_from_j(site(r, i).meter_j); }},
    Quantity{"site", "it_energy_mwh", "site_it_energy_total_mwh", "MWh", "energy of the servers", [](R r, I i) { return sim::mwh_from_j(site(r, i).energy.it_j()); }},
    Quantity{"site", "load_mw", "site_load_mean_mw", "MW", "mean load", [](R r, I i) { return mean_mw(r, site(r, i).meter_j); }},
    Quantity{"site", "peak_load_mw", "site_load_peak_mw", "MW", "highest mean over the peak interval", [](R r, I i) { return sim::mw_from_w(site(r, i).peak.load_w); }},
    Quantity{"site", "pue", "site_pue_mean", "1", "facility energy over IT energy", [](R r, I i) { return ratio(site(r, i).meter_j, site(r, i).energy.it_j()); }},
    Quantity{"site", "co2_t", "site_co2_total_t", "t", "CO2", [](R r, I i) { return sim::t_from_kg(site(r, i).co2_kg); }},
    Quantity{"site", "carbon_intensity_g_per_kwh", "site_carbon_intensity_mean_g_per_kwh", "g/kWh", "CO2 over energy",
             [](R r, I i) { return g_per_kwh(site(r, i).co2_kg, site(r, i).meter_j); }},
    Quantity{"site", "cost_usd", "site_cost_total_usd", "USD", "energy at hourly prices", [](R r, I i) { return site(r, i).cost_usd; }},
    Quantity{"site", "water_m3", "site_water_total_m3", "m3", "make-up water", [](R r, I i) { return sim::m3_from_water_kg(site(r, i).water.total_kg()); }},
    Quantity{"site", "wue_l_per_kwh", "site_wue_mean_l_per_kwh", "L/kWh", "make-up water over IT energy",
             [](R r, I i) { return ratio(site(r, i).water.total_kg(), sim::kwh_from_j(site(r, i).energy.it_j())); }},
    Quantity{"site", "heat_not_removed_mwh", "site_heat_not_removed_total_mwh", "MWh", "heat for which the cooling plant had no capacity",
             [](R r, I i) { return sim::mwh_from_j(site(r, i).heat_not_removed_j); }},

    Quantity{"region", "energy_mwh", "region_energy_total_mwh", "MWh", "energy of the region's sites", [](R r, I i) { return sim::mwh_from_j(region(r, i).energy_j); }},
    Quantity{"region", "load_mw", "region_load_mean_mw", "MW", "mean load", [](R r, I i) { return mean_mw(r, region(r, i).energy_j); }},
    Quantity{"region", "peak_load_mw", "region_load_peak_mw", "MW", "highest mean over the peak interval, of its sites together",
             [](R r, I i) { return sim::mw_from_w(region(r, i).peak.load_w); }},
    Quantity{"region", "co2_t", "region_co2_total_t", "t", "CO2", [](R r, I i) { return sim::t_from_kg(region(r, i).co2_kg); }},
    Quantity{"region", "carbon_intensity_g_per_kwh", "region_carbon_intensity_mean_g_per_kwh", "g/kWh", "CO2 over energy",
             [](R r, I i) { return g_per_kwh(region(r, i).co2_kg, region(r, i).energy_j); }},
    Quantity{"region", "cost_usd", "region_cost_total_usd", "USD", "energy at hourly prices", [](R r, I i) { return region(r, i).cost_usd; }},
    Quantity{"region", "water_m3", "region_water_total_m3", "m3", "make-up water of its sites", [](R r, I i) { return sim::m3_from_water_kg(region(r, i).water_kg); }},

    Quantity{"service", "requests", "service_requests_total", "1", "requests that arrived", [](R r, I i) { return static_cast<double>(service(r, i).counts.arrived); }},
    Quantity{"service", "requests_done", "service_requests_done_total", "1", "requests that were completed", [](R r, I i) { return static_cast<double>(service(r, i).counts.done); }},
    Quantity{"service", "requests_rejected", "service_requests_rejected_total", "1", "requests longer than the cache or the model's context", [](R r, I i) { return static_cast<double>(service(r, i).counts.rejected); }},
    Quantity{"service", "requests_truncated", "service_requests_truncated_total", "1", "requests whose output was cut at the context limit", [](R r, I i) { return static_cast<double>(service(r, i).counts.truncated); }},
    Quantity{"service", "saturated_hours", "service_saturated_hours_total", "1", "hours in which a queue stood at a pool for nine tenths of its replicas' time", [](R r, I i) { return static_cast<double>(service(r, i).saturated_hours); }},
    Quantity{"service", "capacity_per_s", "service_capacity_per_s", "1/s", "requests completed a second while a queue stood; none when there was no such hour", [](R r, I i) { return models::capacity_per_s(r.fleet(), r.result, models::ServiceId(i)); }},
    Quantity{"service", "requests_running", "service_requests_running_at_end", "1", "requests in a batch at the end", [](R r, I i) { return static_cast<double>(service(r, i).running); }},
    Quantity{"service", "requests_waiting", "service_requests_waiting_at_end", "1", "requests that wait at the end", [](R r, I i) { return static_cast<double>(service(r, i).waiting); }},
    Quantity{"service", "output_tokens", "service_output_tokens_total", "1", "tokens of completed requests", [](R r, I i) { return static_cast<double>(service(r, i).counts.output_tokens); }},
    Quantity{"service", "ttft_mean_s", "service_ttft_mean_s", "s", "time to first token, mean", [](R r, I i) { return service(r, i).counts.time_to_first_token.mean_s(); }},
    Quantity{"service", "ttft_p50_s", "service_ttft_p50_overall_s", "s", "time to first token, median", [](R r, I i) { return service(r, i).counts.time_to_first_token.quantile_s(0.50); }},
    Quantity{"service", "ttft_p99_s", "service_ttft_p99_overall_s", "s", "time to first token, 99th percentile", [](R r, I i) { return service(r, i).counts.time_to_first_token.quantile_s(0.99); }},
    Quantity{"service", "tpot_mean_s", "service_tpot_mean_s", "s", "time per output token, mean over requests", [](R r, I i) { return service(r, i).counts.time_per_output_token.mean_s(); }},
    Quantity{"service", "tpot_p50_s", "service_tpot_p50_overall_s", "s", "time per output token, median", [](R r, I i) { return service(r, i).counts.time_per_output_token.quantile_s(0.50); }},
    Quantity{"service", "tpot_p99_s", "service_tpot_p99_overall_s", "s", "time per output token, 99th percentile", [](R r, I i) { return service(r, i).counts.time_per_output_token.quantile_s(0.99); }},
    Quantity{"service", "latency_mean_s", "service_latency_mean_s", "s", "arrival to the finished answer, image or video, mean", [](R r, I i) { return service(r, i).counts.latency.mean_s(); }},
    Quantity{"service", "latency_p50_s", "service_latency_p50_overall_s", "s", "arrival to the finished answer, image or video, median", [](R r, I i) { return service(r, i).counts.latency.quantile_s(0.50); }},
    Quantity{"service", "latency_p99_s", "service_latency_p99_overall_s", "s", "arrival to the finished answer, image or video, 99th percentile", [](R r, I i) { return service(r, i).counts.latency.quantile_s(0.99); }},
    Quantity{"service", "slo_met_fraction", "service_slo_met_fraction", "1", "share within the latency target, where there is one, of the requests that were completed, rejected or are overdue", [](R r, I i) { return r.fleet().services[i].target.any() ? service(r, i).target_met_fraction() : nan; }},
    Quantity{"service", "requests_overdue", "service_requests_overdue_at_end", "1", "requests that run or wait at the end and already miss the latency target", [](R r, I i) { return static_cast<double>(service(r, i).overdue); }},
    Quantity{"service", "gpu_energy_mwh", "service_gpu_energy_total_mwh", "MWh", "energy of its GPUs, idle included", [](R r, I i) { return sim::mwh_from_j(service(r, i).gpu_energy.total_j()); }},
    Quantity{"service", "gpu_wh_per_request", "service_gpu_energy_per_request_wh", "Wh", "energy of its GPUs, idle included, over completed requests",
             [](R r, I i) { return ratio(sim::wh_from_j(service(r, i).gpu_energy.total_j()), static_cast<double>(service(r, i).counts.done)); }},
    Quantity{"service", "gpu_j_per_token", "service_gpu_energy_per_token_j", "J", "energy of its GPUs, idle included, over tokens of completed requests",
             [](R r, I i) { return ratio(service(r, i).gpu_energy.total_j(), static_cast<double>(service(r, i).counts.output_tokens)); }},

    Quantity{"service", "gpu_j_per_request", "service_gpu_energy_per_request_j", "J", "energy of its GPUs, idle included, over completed requests", [](R r, I i) { return a_request(r, i, caused(r, i).gpu_j()); }},
    Quantity{"service", "gpu_active_j_per_request", "service_gpu_active_energy_per_request_j", "J", "of it, at work", [](R r, I i) { return a_request(r, i, caused(r, i).gpu_active_j); }},
    Quantity{"service", "gpu_idle_j_per_request", "service_gpu_idle_energy_per_request_j", "J", "of it, with nothing to do", [](R r, I i) { return a_request(r, i, caused(r, i).gpu_idle_j); }},
    Quantity{"service", "host_j_per_request", "service_host_energy_per_request_j", "J", "its share of the servers without their GPUs, over completed requests", [](R r, I i) { return a_request(r, i, caused(r, i).host_j); }},
    Quantity{"service", "cooling_j_per_request", "service_cooling_energy_per_request_j", "J", "its share of cooling, over completed requests", [](R r, I i) { return a_request(r, i, caused(r, i).cooling_j); }},
    Quantity{"service", "loss_j_per_request", "service_loss_energy_per_request_j", "J", "its share of the power chains' losses, over completed requests", [](R r, I i) { return a_request(r, i, caused(r, i).loss_j); }},
    Quantity{"service", "facility_j_per_request", "service_facility_energy_per_request_j", "J", "what it causes at the utility's meter, over completed requests: GPUs, hosts, cooling and losses", [](R r, I i) { return a_request(r, i, caused(r, i).facility_j()); }},
    Quantity{"service", "facility_energy_mwh", "service_facility_energy_total_mwh", "MWh", "what it causes at the utility's meter", [](R r, I i) { return sim::mwh_from_j(caused(r, i).facility_j()); }},
    Quantity{"service", "gpu_fraction_of_facility", "service_gpu_fraction_of_facility", "1", "its GPUs' share of what it causes at the meter", [](R r, I i) { return ratio(caused(r, i).gpu_j(), caused(r, i).facility_j()); }},
    Quantity{"service", "items_per_batch", "service_items_per_batch_mean", "1", "images or videos made together, mean", [](R r, I i) { return r.fleet().services[i].kind == models::ServiceKind::diffusion ? ratio(static_cast<double>(service(r, i).counts.done), static_cast<double>(service(r, i).iterations)) : nan; }},

    Quantity{"cluster", "energy_mwh", "cluster_energy_total_mwh", "MWh", "energy of its servers", [](R r, I i) { return sim::mwh_from_j(cluster(r, i).it_energy_j); }},
    Quantity{"cluster", "gpus", "cluster_gpus", "1", "GPUs in it", [](R r, I i) { return static_cast<double>(r.fleet().clusters[i].gpus()); }},
    Quantity{"cluster", "gpus_busy_fraction", "cluster_gpus_busy_fraction", "1", "share of GPU-hours at work or allocated to jobs",
             [](R r, I i) { return ratio(cluster(r, i).gpu_busy_s, cluster_gpu_s(r, i)); }},
    Quantity{"cluster", "jobs", "cluster_jobs_total", "1", "jobs that were submitted", [](R r, I i) { return cluster(r, i).runs_jobs ? static_cast<double>(cluster(r, i).jobs.submitted) : nan; }},
    Quantity{"cluster", "jobs_done", "cluster_jobs_done_total", "1", "jobs that were completed", [](R r, I i) { return cluster(r, i).runs_jobs ? static_cast<double>(cluster(r, i).jobs.done) : nan; }},
    Quantity{"cluster", "jobs_running", "cluster_jobs_running_at_end", "1", "jobs that run at the end", [](R r, I i) { return cluster(r, i).runs_jobs ? static_cast<double>(cluster(r, i).jobs.running) : nan; }},
    Quantity{"cluster", "jobs_waiting", "cluster_jobs_waiting_at_end", "1", "jobs that wait at the end", [](R r, I i) { return cluster(r, i).runs_jobs ? static_cast<double>(cluster(r, i).jobs.waiting) : nan; }},
    Quantity{"cluster", "jobs_rejected", "cluster_jobs_rejected_total", "1", "jobs larger than the cluster", [](R r, I i) { return cluster(r, i).runs_jobs ? static_cast<double>(cluster(r, i).jobs.rejected) : nan; }},
    Quantity{"cluster", "jobs_offered_fraction", "cluster_jobs_offered_fraction", "1", "share of GPU-hours that its jobs would have taken had none waited", [](R r, I i) { return cluster(r, i).runs_jobs ? ratio(cluster(r, i).gpu_seconds_offered, cluster(r, i).jobs.gpu_seconds_capacity) : nan; }},
    Quantity{"cluster", "wait_mean_h", "cluster_wait_mean_h", "h", "submission to start, mean over started jobs", [](R r, I i) { return cluster(r, i).runs_jobs ? sim::h_from_s(cluster(r, i).jobs.wait_mean_s) : nan; }},
    Quantity{"cluster", "bounded_slowdown_mean", "cluster_bounded_slowdown_mean", "1", "max(1, (wait + run) / max(run, 10 s)), mean over completed jobs",
             [](R r, I i) { return cluster(r, i).runs_jobs ? cluster(r, i).jobs.bounded_slowdown_mean : nan; }}};

}  // namespace

std::span<const Quantity> quantities() {
  return registry;
}

std::vector<std::string> entities(const RunOutput& run, std::string_view dimension) {
  if (dimension == "site") return run.result.site_series.labels;
  if (dimension == "region") return run.result.region_series.labels;
  if (dimension == "service") return run.result.service_series.labels;
  if (dimension == "cluster") return run.result.cluster_series.labels;
  return {""};
}

std::vector<NamedValue> all_values(const RunOutput& run) {
  std::vector<NamedValue> values;
  for (const auto& quantity : registry) {
    const auto names = entities(run, quantity.dimension);
    for (std::size_t i = 0; i < names.size(); ++i) {
      std::string path(quantity.dimension);
      if (!names[i].empty()) path += "." + names[i];
      values.push_back({path + "." + std::string(quantity.key), quantity.unit, quantity.value(run, i)});
    }
  }
  return values;
}

}  // namespace fleetwatt::analysis
