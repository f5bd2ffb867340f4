// What batches of each size take, worked out once for a pool.
#pragma once

#include <vector>

#include "models/diffusion/batch_cost.hpp"
#include "models/serving/pace.hpp"
#include "sim/sim_time.hpp"

namespace fleetwatt::models {

struct BatchTableEntry {
  sim::Duration time;
  double energy_j = 0.0;  ///< of all GPUs of the replica
};

/// A model as one service runs it.
struct DiffusionDeployment {
  DiffusionModel model;
  Accelerator accelerator;
  DiffusionEngine engine;
  DiffusionLayout layout;
  MediaSize size;
  int batch_limit = 1;
};

/// Entry i is of i + 1 items. Throws OutOfRange as batch_cost does, and where a batch outruns the simulation's clock.
[[nodiscard]] std::vector<BatchTableEntry> batch_table(const DiffusionDeployment& deployment);

/// Items a second of one replica with a standing queue.
[[nodiscard]] double capacity_per_s(const DiffusionDeployment& deployment);

/// From idle to full batches; an iteration is a batch. Below what batches of one serve, each item is a batch.
[[nodiscard]] std::vector<PacePoint> pace_by_load(const std::vector<BatchTableEntry>& table);

/// Where a deployment leaves the measurements behind its engine's constants: one sentence for each way.
[[nodiscard]] std::vector<std::string> beyond_calibration(const DiffusionDeployment& deployment);

}  // namespace fleetwatt::models
