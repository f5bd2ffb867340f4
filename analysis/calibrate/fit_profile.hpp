// Fits chosen constants of an engine to a measured serving run by replaying the run (replay.hpp): a damped Gauss-Newton
// method on the logarithms of factors, derivatives by finite differences.
//
// Residuals are logarithms of replayed over measured
//   latency and time per output token, a request at a time
//   the mean time to the first token
//   mean power, over up to twenty spans of equal length, where a power log is given
// beyond a tenth by their size, not their square. Requests are compared one by one because two constants can trade
// their errors in means and quantiles and not in requests that met other batches. Single times to the first token are
// left to their mean: a request that need not wait gets its token from the iteration that is next, and which one is
// chance, so their logarithms jump. Leaves out: uncertainties of the constants; whether two of them can be told apart
// is said.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/calibrate/fitted_constants.hpp"
#include "analysis/calibrate/power_log.hpp"
#include "analysis/calibrate/replay.hpp"
#include "analysis/calibrate/serving_log.hpp"
#include "scenarios/schema/scenario.hpp"

namespace fleetwatt::analysis {

struct ProfileTask {
  models::LanguageModel model;
  models::Accelerator accelerator;
  models::Deployment deployment;
  scenarios::EngineEntry engine;  ///< that the fit begins with
  /// On which the engine was calibrated; another than `accelerator`: the fit begins with its power carried over
  /// (models/serving/carried_power.hpp).
  models::Accelerator calibrated_on;
  std::string log_name;  ///< for messages
  ServingLog log;
  std::string power_log_name;
  std::optional<PowerLog> power_log;  ///< all GPUs of the replica; on the clock of the log's arrivals
  std::vector<std::string> fit;       ///< names; empty = default_fit
};

/// A run with its errors against the measured one: replayed/measured - 1. NaN where there is nothing to compare.
struct ReplayErrors {
  MeanTimes mean;
  MeanTimes median_request;  ///< median over requests of the absolute error
  double power = 0.0;
};

struct ProfileReplay {
  Replay replay;
  double power_w = 0.0;  ///< mean where the power log covers; over the span without one
  ReplayErrors errors;
};

struct ProfileFit {
  ServedRun measured;
  double measured_power_w = 0.0;        ///< NaN without a power log
  double power_covered_fraction = 0.0;  ///< of the span
  models::EngineConstants start;        ///< what the fit began with
  ProfileReplay before;                 ///< replayed with it
  ProfileReplay after;                  ///< with constants rounded as they are written
  std::string family;                   ///< whose constants the model is served with
  std::vector<FittedConstant> constants;
  scenarios::EngineEntry engine;        ///< fitted and rounded; its provenance still that of the engine it came from
  std::vector<std::string> indistinct;  ///< pairs of constants, in words, that this run cannot tell apart
};

/// Throws InputError: names that `constants_named` refuses, power constants without a power log, fewer requests than
/// constants, weights that do not fit the memory, a request that the cache can never hold, a power log that covers
/// nothing of the run, constants without effect on the run.
[[nodiscard]] ProfileFit fit_profile(const ProfileTask& task);

/// How long a sample of the log may hold: three times the median step, or a second for a single sample.
[[nodiscard]] double longest_gap_s(const PowerLog& log);

}  // namespace fleetwatt::analysis
