#include "analysis/results/variables.hpp"

#include <algorithm>
#include <array>

namespace fleetwatt::analysis {

namespace {

constexpr std::array registry = {
    Variable{"fleet_load_mw", "", "MW", "load of the whole fleet on the grid", "time: mean"},
    Variable{"site_load_mw", "site", "MW", "load on the grid, at the utility meter", "time: mean"},
    Variable{"site_it_load_mw", "site", "MW", "power of the servers", "time: mean"},
    Variable{"site_cooling_load_mw", "site", "MW", "power of the cooling plant", "time: mean"},
    Variable{"site_loss_mw", "site", "MW", "losses of the power chain", "time: mean"},
    Variable{"site_pue", "site", "1", "facility energy over IT energy of the hour", "time: mean"},
    Variable{"site_water_m3", "site", "m3", "make-up water: evaporation, drift and blowdown", "time: sum"},
    Variable{"site_outdoor_c", "site", "degC", "outdoor dry-bulb temperature", "time: mean"},
    Variable{"site_wet_bulb_c", "site", "degC", "outdoor wet-bulb temperature", "time: mean"},
    Variable{"region_load_mw", "region", "MW", "load of the region's sites", "time: mean"},
    Variable{"region_co2_t", "region", "t", "CO2, location-based: energy times average intensity of the hour",
             "time: sum"},
    Variable{"region_carbon_intensity_g_per_kwh", "region", "g/kWh", "average carbon intensity of the grid",
             "time: mean"},
    Variable{"region_price_usd_per_mwh", "region", "USD/MWh", "price of electricity", "time: mean"},
    Variable{"region_cost_usd", "region", "USD", "energy at the hour's price, no demand charge", "time: sum"},
    Variable{"region_water_m3", "region", "m3", "make-up water of the region's sites", "time: sum"},
    Variable{"service_requests", "service", "1", "requests that arrived", "time: sum"},
    Variable{"service_requests_done", "service", "1", "requests that were completed", "time: sum"},
    Variable{"service_output_tokens", "service", "1", "tokens of completed requests", "time: sum"},
    Variable{"service_ttft_p50_s", "service", "s", "time to first token, median of requests completed in the hour",
             "time: median"},
    Variable{"service_ttft_p99_s", "service", "s", "time to first token, 99th percentile", "time: maximum"},
    Variable{"service_tpot_p50_s", "service", "s", "time per output token, median of requests completed in the hour",
             "time: median"},
    Variable{"service_tpot_p99_s", "service", "s", "time per output token, 99th percentile", "time: maximum"},
    Variable{"service_latency_p50_s", "service", "s",
             "arrival to the finished answer, image or video, median of requests completed in the hour",
             "time: median"},
    Variable{"service_latency_p99_s", "service", "s", "arrival to the finished answer, image or video, 99th percentile",
             "time: maximum"},
    Variable{"service_energy_mwh", "service", "MWh", "energy of the service's GPUs, idle included", "time: sum"},
    Variable{"service_requests_waiting", "service", "1", "requests that wait at the end of the hour", "time: point"},
    Variable{"cluster_gpus_busy", "cluster", "1", "GPUs at work or allocated to jobs", "time: mean"},
    Variable{"cluster_energy_mwh", "cluster", "MWh", "energy of the cluster's servers", "time: sum"},
    Variable{"cluster_jobs_running", "cluster", "1", "jobs that run at the end of the hour", "time: point"},
    Variable{"cluster_jobs_waiting", "cluster", "1", "jobs that wait at the end of the hour", "time: point"}};

}  // namespace

std::span<const Variable> variables() {
  return registry;
}

const Variable* find_variable(std::string_view name) {
  const auto found = std::ranges::find(registry, name, &Variable::name);
  return found == registry.end() ? nullptr : found;
}

}  // namespace fleetwatt::analysis
