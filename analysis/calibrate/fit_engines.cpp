#include "analysis/calibrate/fit_engines.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "scenarios/loader/catalog_lookup.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr double median_weight = 0.6;  // of a row of the median gap against one of the mean step

TimeRow median_gap_row(const ServingMeasurement& row, TimeRow time) {
  time.loads = {{time.loads.front().load, 1.0}};
  time.measured_s = row.inter_token_s;
  time.weight = median_weight;
  return time;
}

}  // namespace

TimeRow mean_step_row(const ServingMeasurement& row, const scenarios::Catalog& catalog) {
  TimeRow time;
  time.model = scenarios::model_from(catalog, row.model);
  time.accelerator = scenarios::accelerator_from(catalog, row.accelerator);
  time.deployment = row.deployment;
  const auto iterations = models::steady_iterations(time.model, row.load);
  time.context_tokens = iterations.context_tokens;
  time.window_tokens = iterations.window_tokens;
  time.loads = {{iterations.decode, iterations.decode_share}, {iterations.with_prompts, 1.0 - iterations.decode_share}};
  time.measured_s = row.mean_step_s();
  return time;
}

std::map<std::string, double> prior_factors(const scenarios::Catalog& catalog, const EnginesByAccelerator& engines) {
  constexpr double h100_tdp_w = 700.0;
  std::map<std::string, double> factors;
  for (const auto& [accelerator, engine] : engines)
    factors[accelerator] = catalog.accelerator.at(accelerator).tdp_w / h100_tdp_w;
  return factors;
}

EnginesByAccelerator fit_engines(const std::vector<ServingMeasurement>& rows, const scenarios::Catalog& catalog,
                                 const FitPlan& plan, EnginesByAccelerator engines) {
  std::vector<TimeRow> times;
  std::vector<PowerRow> powers;
  for (const auto& row : rows) {
    if (!row.left_out.empty()) continue;
    const TimeRow mean = mean_step_row(row, catalog);
    times.push_back(mean);
    if (row.median_is_decode) times.push_back(median_gap_row(row, mean));
    powers.push_back({mean, row.power_w / models::gpus(row.deployment)});
  }
  fit_time(times, plan.time, engines);
  fit_power(powers, plan.power, prior_factors(catalog, engines), engines);
  return engines;
}

models::SteadyState predict(const ServingMeasurement& row, const scenarios::Catalog& catalog,
                            const EnginesByAccelerator& engines) {
  const models::IterationModel model(scenarios::model_from(catalog, row.model),
                                     scenarios::accelerator_from(catalog, row.accelerator), engines.at(row.accelerator),
                                     row.deployment);
  return models::steady_state(model, row.load);
}

std::vector<models::SteadyState> predict_left_out(const std::vector<ServingMeasurement>& rows,
                                                  const scenarios::Catalog& catalog, const FitPlan& plan,
                                                  const EnginesByAccelerator& engines,
                                                  const std::function<std::string(const ServingMeasurement&)>& group) {
  std::set<std::string> groups;
  for (const auto& row : rows) groups.insert(group(row));
  std::vector<models::SteadyState> predictions(rows.size());
  for (const auto& left_out : groups) {
    std::vector<ServingMeasurement> seen;
    std::ranges::copy_if(rows, std::back_inserter(seen), [&](const auto& row) { return group(row) != left_out; });
    const auto fitted = fit_engines(seen, catalog, plan, engines);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (group(rows[i]) == left_out) predictions[i] = predict(rows[i], catalog, fitted);
    }
  }
  return predictions;
}

}  // namespace fleetwatt::analysis
