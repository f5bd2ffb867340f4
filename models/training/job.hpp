// A batch job as the queue sees it, and where jobs come from: a log in the Standard Workload Format or the generator.
// Leaves out failures, checkpoints and preemption: a job that starts runs to its end on the GPUs that it was given.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/workload/job_generator.hpp"
#include "models/workload/swf_log.hpp"
#include "sim/sim_time.hpp"

namespace fleetwatt::models {

struct BatchJob {
  std::int64_t number = 0;
  sim::SimTime submit;
  sim::Duration run;       ///< >= 0: what ends the job
  sim::Duration estimate;  ///< >= 0: what the planner believes; a job that exceeds it runs on
  int gpus = 1;            ///< >= 1, all at once
};

/// The part of a log that a run replays.
struct SwfSelection {
  sim::Duration from;    ///< in the log's time, >= 0: becomes the run's start
  sim::Duration length;  ///< jobs submitted in [from, from + length)
  int gpus_per_processor = 1;
};

/// The selected jobs, by submission, counted from the run's start. Where the log has no requested time the run time
/// stands in. Times above 17 years (the range of simulated time) are cut to it: no run sees their end. Jobs that the
/// real machine was still running at `from` are not carried over: the cluster starts empty. throws  OutOfRange if
/// gpus_per_processor is below 1
[[nodiscard]] std::vector<BatchJob> jobs_from_swf(const SwfLog& log, const SwfSelection& selection);

/// The generator's jobs, numbered from 1.
[[nodiscard]] std::vector<BatchJob> jobs_from_generated(std::span<const GeneratedJob> jobs);

/// start + length, or the end of simulated time where the sum lies beyond it; both >= 0.
[[nodiscard]] sim::SimTime end_of(sim::SimTime start, sim::Duration length);

}  // namespace fleetwatt::models
