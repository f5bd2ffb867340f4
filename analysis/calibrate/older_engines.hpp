// Measurements of two earlier generations of the engine, and their fits. Both had launches and scheduling on the host
// that took longer than the GPU's work, so the GPU idles in between; what the GPU does is taken from the 2025 fit.
//
//   2024  vLLM 0.5 on H100 and A100 40 GB: the ML.ENERGY benchmark's second version (`ml-energy-v2-llm.csv`). Rows of
//         Llama 3.1 8B and 405B, of CodeLlama 70B (short answers, which tell the cost of a prompt) and of Mixtral 8x7B:
//         mean iteration (batch over throughput) and power, both of the window in which requests still wait. Its time
//         per output token is not fitted: that mean also counts the tail, in which the batch drains (its script
//         aggregate_leaderboard_data.py), and so lies 2 to 60 % below. Prompts ran in iterations of their own (no
//         chunked prefill), so an iteration that takes prompts pays its launches twice.
//   2023  Llama 2 70B on DGX A100 80 GB and DGX H100 (`splitwise-llama2-70b.csv`): token times and prompt
//         times by prompt length, batch and tensor-parallel degree; rows of the same configuration are one, with their
//         median. Two GPUs at a batch of 64 left out: their prompt times are below those of a batch of 4, so the cache
//         cannot have held the batch. Rows with a power cap are left out (not measured: exact multiples of the others).
#pragma once

#include <string>
#include <vector>

#include "analysis/calibrate/fit_engines.hpp"

namespace fleetwatt::analysis {

[[nodiscard]] const FitPlan& plan_2024();
[[nodiscard]] const FitPlan& plan_2023();

/// Rows of those models, `inter_token_s` being the mean time per output token, drain included.
[[nodiscard]] std::vector<ServingMeasurement> read_ml_energy_2024(const std::string& text,
                                                                  const std::string& file_name);

/// Fits the engines of 2024 to those rows; `engines` come with the constants of the GPU's own work.
[[nodiscard]] EnginesByAccelerator fit_engines_2024(const std::vector<ServingMeasurement>& rows,
                                                    const scenarios::Catalog& catalog, EnginesByAccelerator engines);

/// One configuration of the prompt and token measurements.
struct PhaseMeasurement {
  std::string accelerator;
  int tensor_parallel = 1;
  int batch = 1;
  int prompt_tokens = 0;
  int output_tokens = 0;
  double prompt_s = 0.0;
  double token_s = 0.0;
};

[[nodiscard]] std::vector<PhaseMeasurement> read_phases(const std::string& text, const std::string& file_name);

[[nodiscard]] EnginesByAccelerator fit_engines_2023(const std::vector<PhaseMeasurement>& rows,
                                                    const scenarios::Catalog& catalog, EnginesByAccelerator engines);

struct PhasePrediction {
  double prompt_s = 0.0;
  double token_s = 0.0;
};
[[nodiscard]] PhasePrediction predict_phases(const PhaseMeasurement& row, const scenarios::Catalog& catalog,
                                             const EnginesByAccelerator& engines);

}  // namespace fleetwatt::analysis
