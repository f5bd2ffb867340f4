// Fits constants of engines to measured times and powers. Everything is linear in the constants but the root in the
// power of arithmetic, whose time is known by the time that power is fitted.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/calibrate/shared_constants.hpp"
#include "models/hardware/accelerator.hpp"
#include "models/serving/deployment.hpp"
#include "models/serving/engine_constants.hpp"

namespace fleetwatt::analysis {

/// Engines by the accelerator that they run on.
using EnginesByAccelerator = std::map<std::string, models::EngineConstants>;

/// A kind of iteration, and its share among those whose mean was measured.
struct SharedLoad {
  models::BatchLoad load;
  double share = 1.0;
};

/// A measured mean time of iterations.
struct TimeRow {
  models::LanguageModel model;
  models::Accelerator accelerator;
  models::Deployment deployment;
  std::vector<SharedLoad> loads;
  double context_tokens = 0.0;
  double window_tokens = 0.0;
  double measured_s = 0.0;
  double weight = 1.0;
};

/// A measured mean power over the same iterations.
struct PowerRow {
  TimeRow time;
  double measured_w = 0.0;  ///< one GPU
};

/// Fits the unknowns; constants that no unknown names keep the values that the engines come with.
void fit_time(const std::vector<TimeRow>& rows, const std::vector<Unknown>& unknowns, EnginesByAccelerator& engines);

/// The same of power, once time is fitted: a row's energy is that at the measured time. Priors are an H100's; other
/// parts' are scaled by `prior_factor`.
void fit_power(const std::vector<PowerRow>& rows, const std::vector<Unknown>& unknowns,
               const std::map<std::string, double>& prior_factor, EnginesByAccelerator& engines);

}  // namespace fleetwatt::analysis
