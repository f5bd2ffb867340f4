// Rows of the ML.ENERGY benchmark, third version (2025: vLLM 0.11 on H100 and B200): `ml-energy-llm.csv` as the
// leaderboard's model files list them. The rule for rows that are left out stands here and was written down before any
// fit:
//
//   not text       tasks with images or video: their prompts' tokens are not known
//   starved        B200, one GPU: slower than an H100 at the same batch and 300 to 400 W, so the host held it up. All
//   such rows
//                  but those of gpt-oss-120b, Qwen3-32B and gemma-3-12b and Qwen3-30B-A3B-Instruct on lm-arena-chat,
//                  and Qwen3-Coder-30B; of these, Qwen3-30B-A3B-Instruct at a cap of 768 and more is starved too
//   data parallel  ranks run in lock-step; scored apart
//
// The median gap is scored where it is that of an iteration that only decodes: fewer than 0.7 prompts an iteration, and
// the mean batch at least 0.93 of its cap (below it the cache was full and requests were preempted). Throughput and
// energy are scored on all rows.
#pragma once

#include <string>
#include <vector>

#include "analysis/calibrate/measurement.hpp"

namespace fleetwatt::analysis {

/// What a task asks: one prompt length, and how much a running request has generated on average (steady_state.hpp).
/// Neither is in the rows; both are round figures at which the fit is best.
struct Task {
  std::string_view name;
  double prompt_tokens;
  double generated_share;
};
inline constexpr std::array tasks = {Task{"lm-arena-chat", 270.0, 0.70}, Task{"gpqa", 290.0, 0.45},
                                     Task{"sourcegraph-fim", 970.0, 0.50}};

/// All rows of text tasks, those left out with the reason. `text` is the file's. Throws InputError naming lines and
/// columns at fault, and models that the catalogue lacks.
[[nodiscard]] std::vector<ServingMeasurement> read_ml_energy(const std::string& text, const std::string& file_name);

}  // namespace fleetwatt::analysis
