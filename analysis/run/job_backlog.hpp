// How many jobs of a batch cluster will wait, roughly and at once: work flows in as jobs are submitted and out as fast
// as all GPUs can do it; what is beyond the work of the jobs on the GPUs waits. Leaves out packing and the order of the
// queue, so a discipline that lets small jobs pass has somewhat fewer waiting.
#pragma once

#include <span>

#include "models/training/job.hpp"

namespace fleetwatt::analysis {

struct JobBacklog {
  double most_waiting = 0.0;
  /// Sum over submissions and ends of the jobs that wait then: how many a pass over the queue would look at, over the
  /// run.
  double waiting_seen = 0.0;
};

/// jobs by submission; gpus >= 1. Jobs larger than the cluster are left out.
[[nodiscard]] JobBacklog expected_backlog(std::span<const models::BatchJob> jobs, int gpus);

}  // namespace fleetwatt::analysis
