// Engines fitted to benchmark rows: first time (rows of the mean step, and of the median gap where that is decoding
// alone), then power at the measured time.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/calibrate/engine_fit.hpp"
#include "analysis/calibrate/measurement.hpp"
#include "models/serving/steady_state.hpp"
#include "scenarios/schema/scenario.hpp"

namespace fleetwatt::analysis {

struct FitPlan {
  const std::vector<Unknown>& time;
  const std::vector<Unknown>& power;
};

/// Fits `engines` to the rows that are not left out; models and accelerators are the catalogue's. What no unknown names
/// is kept.
[[nodiscard]] EnginesByAccelerator fit_engines(const std::vector<ServingMeasurement>& rows,
                                               const scenarios::Catalog& catalog, const FitPlan& plan,
                                               EnginesByAccelerator engines);

/// The mean iteration of a row, its two kinds by their shares.
[[nodiscard]] TimeRow mean_step_row(const ServingMeasurement& row, const scenarios::Catalog& catalog);

/// By how much priors of power, which are an H100's, are scaled: by the TDP.
[[nodiscard]] std::map<std::string, double> prior_factors(const scenarios::Catalog& catalog,
                                                          const EnginesByAccelerator& engines);

/// What the product's own model says of a row: the fit is judged through the path that simulations take.
[[nodiscard]] models::SteadyState predict(const ServingMeasurement& row, const scenarios::Catalog& catalog,
                                          const EnginesByAccelerator& engines);

/// Predictions of every row, each by a fit that saw no row of its group (its model, or its backbone).
[[nodiscard]] std::vector<models::SteadyState> predict_left_out(
    const std::vector<ServingMeasurement>& rows, const scenarios::Catalog& catalog, const FitPlan& plan,
    const EnginesByAccelerator& engines, const std::function<std::string(const ServingMeasurement&)>& group);

}  // namespace fleetwatt::analysis
