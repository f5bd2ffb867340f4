// Why a diffusion model on an accelerator takes the time and power that it does: batch by batch, and what the time of a
// batch is made of.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/results/screen.hpp"
#include "models/diffusion/batch_table.hpp"

namespace fleetwatt::analysis {

struct ExplainedBatch {
  int items = 1;
  models::BatchCost cost;  ///< its parts as shares of the time: they add up to it
  double power_w = 0.0;    ///< of all GPUs
};

struct ExplainedMedia {
  models::DiffusionDeployment deployment;
  std::string engine_basis;
  std::vector<ExplainedBatch> batches;
  std::vector<std::string> notes;  ///< where it leaves the measurements
};

/// `batches` empty: 1, 2, 4, 8. Throws OutOfRange as batch_cost does.
[[nodiscard]] ExplainedMedia explain_media(const models::DiffusionDeployment& deployment, std::vector<int> batches);

[[nodiscard]] std::string media_text(const ExplainedMedia& explained, const Screen& screen = {});
[[nodiscard]] nlohmann::ordered_json media_json(const ExplainedMedia& explained);

}  // namespace fleetwatt::analysis
