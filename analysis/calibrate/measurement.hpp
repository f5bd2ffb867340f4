// A measured operating point of a served model.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/serving/deployment.hpp"
#include "models/serving/steady_state.hpp"

namespace fleetwatt::analysis {

/// What the measurements' rows are grouped by when errors are reported.
enum class ModelClass { dense, moe, hybrid };
[[nodiscard]] std::string_view name_of(ModelClass model_class);

struct ServingMeasurement {
  int line = 0;               ///< of its file
  std::string released_name;  ///< the unit of leaving out: "meta-llama/Llama-3.1-8B-Instruct"
  std::string model;          ///< catalogue entry of the shape
  std::string accelerator;    ///< catalogue entry
  std::string task;
  ModelClass model_class = ModelClass::dense;
  models::Deployment deployment;
  models::SteadyLoad load;
  int batch_cap = 0;           ///< `load.sequences` is the mean in flight, which may be below
  double inter_token_s = 0.0;  ///< median
  double tokens_per_s = 0.0;
  double power_w = 0.0;          ///< all GPUs
  std::string left_out;          ///< why the row is neither fitted nor scored; empty for the others
  bool median_is_decode = true;  ///< the median gap is that of an iteration that only decodes

  [[nodiscard]] double mean_step_s() const { return load.sequences / tokens_per_s; }
  [[nodiscard]] double energy_j_per_token() const { return power_w / tokens_per_s; }
};

}  // namespace fleetwatt::analysis
