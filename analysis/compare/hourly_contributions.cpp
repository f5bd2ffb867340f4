#include "analysis/compare/hourly_contributions.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

namespace fleetwatt::analysis {

namespace {

enum class Kind {
  sum,    ///< of the numerator over the hours
  mean,   ///< of the numerator
  ratio,  ///< numerator over denominator, or over a constant where there is none; in the total's unit
};

struct Rule {
  std::string_view total;
  Kind kind;
  std::string_view numerator;
  std::string_view denominator = "";
};

// A mean power over an hour, in MW, is the hour's energy in MWh. A total of the fleet is that of all entities together.
constexpr std::array rules = {
    Rule{"fleet_energy_total_mwh", Kind::sum, "fleet_load_mw"},
    Rule{"fleet_load_mean_mw", Kind::mean, "fleet_load_mw"},
    Rule{"fleet_pue_mean", Kind::ratio, "site_load_mw", "site_it_load_mw"},
    Rule{"fleet_co2_total_t", Kind::sum, "region_co2_t"},
    Rule{"fleet_carbon_intensity_mean_g_per_kwh", Kind::ratio, "region_co2_t", "region_load_mw"},
    Rule{"fleet_cost_total_usd", Kind::sum, "region_cost_usd"},
    Rule{"fleet_water_total_m3", Kind::sum, "region_water_m3"},
    Rule{"fleet_cooling_energy_total_mwh", Kind::sum, "site_cooling_load_mw"},
    Rule{"fleet_loss_energy_total_mwh", Kind::sum, "site_loss_mw"},
    Rule{"site_energy_total_mwh", Kind::sum, "site_load_mw"},
    Rule{"site_it_energy_total_mwh", Kind::sum, "site_it_load_mw"},
    Rule{"site_load_mean_mw", Kind::mean, "site_load_mw"},
    Rule{"site_pue_mean", Kind::ratio, "site_load_mw", "site_it_load_mw"},
    Rule{"site_water_total_m3", Kind::sum, "site_water_m3"},
    Rule{"site_wue_mean_l_per_kwh", Kind::ratio, "site_water_m3", "site_it_load_mw"},
    Rule{"region_energy_total_mwh", Kind::sum, "region_load_mw"},
    Rule{"region_load_mean_mw", Kind::mean, "region_load_mw"},
    Rule{"region_co2_total_t", Kind::sum, "region_co2_t"},
    Rule{"region_carbon_intensity_mean_g_per_kwh", Kind::ratio, "region_co2_t", "region_load_mw"},
    Rule{"region_cost_total_usd", Kind::sum, "region_cost_usd"},
    Rule{"region_water_total_m3", Kind::sum, "region_water_m3"},
    Rule{"service_requests_total", Kind::sum, "service_requests"},
    Rule{"service_requests_done_total", Kind::sum, "service_requests_done"},
    Rule{"service_output_tokens_total", Kind::sum, "service_output_tokens"},
    Rule{"service_gpu_energy_total_mwh", Kind::sum, "service_energy_mwh"},
    Rule{"service_gpu_energy_per_request_wh", Kind::ratio, "service_energy_mwh", "service_requests_done"},
    Rule{"service_gpu_energy_per_token_j", Kind::ratio, "service_energy_mwh", "service_output_tokens"},
    Rule{"cluster_energy_total_mwh", Kind::sum, "cluster_energy_mwh"},
    Rule{"cluster_gpus_busy_fraction", Kind::ratio, "cluster_gpus_busy"}};

/// The hours of one entity; of all together where the total is the fleet's.
std::vector<double> series_of(const ResultsFile& file, const StoredVariable& variable, bool all, std::size_t entity) {
  const auto& values = file.values(variable);
  const std::size_t entities = file.labels(variable.dimension).size();
  std::vector<double> series;
  for (auto hour = values.begin(); hour != values.end(); hour += static_cast<std::ptrdiff_t>(entities))
    series.push_back(all ? std::accumulate(hour, hour + static_cast<std::ptrdiff_t>(entities), 0.0)
                         : *(hour + static_cast<std::ptrdiff_t>(entity)));
  return series;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::optional<std::vector<double>> hourly_contributions(const ResultsFile& file, const std::string& variable,
                                                        std::size_t entity, double value) {
  const auto rule = std::ranges::find(rules, variable, &Rule::total);
  if (rule == rules.end()) return std::nullopt;
  const StoredVariable* numerator = file.find_hourly(rule->numerator);
  const StoredVariable* denominator = file.find_hourly(rule->denominator);
  if (numerator == nullptr || (denominator == nullptr && !rule->denominator.empty())) return std::nullopt;
  const bool of_fleet = variable.starts_with("fleet_");
  auto series = series_of(file, *numerator, of_fleet, entity);
  if (rule->kind == Kind::mean) return series;
  if (rule->kind == Kind::sum) {
    for (double& x : series) x *= static_cast<double>(series.size());
    return series;
  }
  const double mean = series.empty() ? 0.0 : mean_of(series);
  if (mean == 0.0) return std::vector<double>(series.size(), value);
  for (double& x : series) x /= mean;
  if (denominator != nullptr) {
    const auto below = series_of(file, *denominator, of_fleet, entity);
    const double mean_below = mean_of(below);
    if (mean_below == 0.0) return std::nullopt;
    for (std::size_t hour = 0; hour < series.size(); ++hour) series[hour] += 1.0 - below[hour] / mean_below;
  }
  for (double& x : series) x *= value;
  return series;
}

}  // namespace fleetwatt::analysis
