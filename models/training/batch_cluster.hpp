// A batch cluster: jobs are submitted, wait in one queue, run on GPUs that are theirs alone, and end. A pool: it has
// its own event loop and shares nothing, so clusters run in parallel between fleet ticks.
//
//   submit:  reject a job larger than the cluster, queue any other; then start what the discipline says
//   finish:  free the job's GPUs; then start what the discipline says
//
// At one time submissions come before ends: those submitted in the order of the list, then those that end in the order
// of their starts. Events are handled one at a time, with a scheduling pass after each; an end that meets a submission
// due at the same moment steps behind it. (Batching the events of a moment, or ends first, moves single starts under
// backfill.) A cluster may start warm: it runs some time before the run begins, of which no figure knows. Power of a
// GPU is one of two levels: allocated or not. Leaves out placement, failures, checkpoints, preemption and the swings of
// power inside a job.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/hardware/gpu_energy.hpp"
#include "models/training/job.hpp"
#include "models/training/job_queue.hpp"
#include "models/training/queue_discipline.hpp"
#include "sim/event_loop.hpp"
#include "sim/meter.hpp"

namespace fleetwatt::models {

struct BatchClusterSpec {
  std::string name;
  int gpus = 0;             ///< >= 1
  double busy_gpu_w = 0.0;  ///< of a GPU that belongs to a running job
  double idle_gpu_w = 0.0;  ///< of any other
  AnyQueueDiscipline discipline;
  sim::Duration tick;          ///< > 0: bin of the meters
  sim::Duration warm_up = {};  ///< >= 0, whole ticks: how long it runs before the run's start
};

/// Counts and times from the run's start until now. submitted + waiting at the start = rejected + waiting + started;
/// started + running at the start = running + done.
struct BatchStatistics {
  std::int64_t waiting_at_start = 0;  ///< of the run, after the warm-up
  std::int64_t running_at_start = 0;
  std::int64_t submitted = 0;
  std::int64_t started = 0;
  std::int64_t done = 0;
  std::int64_t running = 0;
  std::int64_t waiting = 0;
  std::int64_t rejected = 0;  ///< larger than the cluster
  double wait_mean_s = 0.0;   ///< submission to start, over the jobs that have started; 0 without any
  double bounded_slowdown_mean =
      0.0;  ///< max(1, (wait + run) / max(run, 10 s)), over the jobs that are done; 0 without any
  double gpu_seconds_allocated = 0.0;  ///< integral of the GPUs not free, from event to event
  double gpu_seconds_busy = 0.0;  ///< from the job table: GPUs x run of what is done, GPUs x (now - start) of what runs
  double gpu_seconds_idle = 0.0;  ///< from the meter of the free GPUs
  double gpu_seconds_capacity = 0.0;  ///< GPUs x time: allocated + idle, within rounding
};

/// One job's fate.
struct JobRecord {
  std::int64_t number = 0;
  sim::SimTime submit;
  std::optional<sim::SimTime> start;  ///< none: it waits, was rejected or is not yet submitted
  std::optional<sim::SimTime> end;    ///< none: not yet
  int gpus = 1;
};

class BatchCluster {
 public:
  /// jobs  by submission; their times, as those of the records, count from the start of the warm-up
  /// throws  OutOfRange for a cluster without GPUs or tick, a warm-up that is no whole number of ticks, and for jobs
  /// out
  ///         of order, before the start, of negative length or without GPUs
  BatchCluster(BatchClusterSpec spec, std::vector<BatchJob> jobs);

  /// Runs to `end`, counted from the run's start, a whole number of ticks after the run's start and not before now
  /// (std::logic_error otherwise). What happens exactly at `end` belongs to the next call. Called once a tick, or for
  /// many ticks at once: the course is the same.
  void run_until(sim::SimTime end);

  /// Energy of the ticks that have been run since the last call.
  [[nodiscard]] GpuEnergy take_tick_energy();
  /// Mean allocated GPUs over the ticks of the last `run_until`; 0 if it ran none.
  [[nodiscard]] double mean_busy_gpus() const { return mean_busy_gpus_; }

  // Now, each in O(1): cheap enough for each tick.
  [[nodiscard]] std::int64_t running() const { return static_cast<std::int64_t>(running_.size()); }
  [[nodiscard]] std::int64_t waiting() const { return static_cast<std::int64_t>(queue_.size()); }
  /// Integral of the GPUs not free, from the run's start until now.
  [[nodiscard]] double gpu_seconds_allocated() const;

  /// Goes through the jobs that run.
  [[nodiscard]] BatchStatistics statistics() const;
  /// What jobs would have taken of the run until now had each started when it was submitted: the same for any scheduler
  /// and, but for jobs longer than it, any warm-up. Goes through the job table: for the end of a run.
  [[nodiscard]] double gpu_seconds_offered() const;
  /// What the jobs that wait will take.
  [[nodiscard]] double gpu_seconds_waiting() const;
  /// All jobs, in the order given.
  [[nodiscard]] const std::vector<JobRecord>& records() const { return records_; }
  [[nodiscard]] const BatchClusterSpec& spec() const { return spec_; }
  /// What is submitted, in the order given.
  [[nodiscard]] const std::vector<BatchJob>& jobs() const { return jobs_; }

 private:
  enum class EventKind : std::uint8_t { submit, finish };

  void check() const;
  void warm_up();
  void begin_figures();
  [[nodiscard]] sim::SimTime figures_from() const { return sim::SimTime::at(spec_.warm_up); }
  [[nodiscard]] sim::Duration in_figures(std::size_t index, sim::SimTime until) const;
  void schedule_next_submission();
  void submit_what_is_due();
  void handle(const sim::Event& event);
  void submit(std::size_t index);
  void finish(std::size_t index);
  void start_jobs();
  void start(std::size_t index);
  void change_free_gpus(int change);
  [[nodiscard]] double busy_by_job_table() const;

  BatchClusterSpec spec_;
  std::vector<BatchJob> jobs_;
  std::vector<JobRecord> records_;
  std::size_t next_submission_ = 0;  ///< into `jobs_`
  sim::EventLoop loop_;
  JobQueue queue_;
  std::vector<RunningJob> running_;           ///< by planned end
  std::vector<std::size_t> running_indexes_;  ///< into `jobs_`, beside the entries of `running_`
  int free_gpus_;

  sim::Meter busy_gpus_meter_;
  sim::Meter idle_gpus_meter_;
  GpuEnergy energy_;  ///< of closed ticks, not yet taken
  double mean_busy_gpus_ = 0.0;

  bool warm_ = false;  ///< the warm-up is over
  std::int64_t waiting_at_start_ = 0;
  std::int64_t running_at_start_ = 0;
  std::int64_t submitted_ = 0;
  std::int64_t rejected_ = 0;
  std::int64_t started_ = 0;
  std::int64_t done_ = 0;
  double wait_sum_s_ = 0.0;
  double bounded_slowdown_sum_ = 0.0;
  double done_gpu_s_ = 0.0;       ///< of jobs that are done
  double allocated_gpu_s_ = 0.0;  ///< up to `last_change_`
  sim::SimTime last_change_;
  double idle_gpu_s_before_ = 0.0;  ///< on the meter when the run began
};

/// max(1, (wait + run) / max(run, 10 s)); both >= 0.
/// source  Feitelson et al. (1997), "Theory and practice in parallel job scheduling", JSSPP: slowdown bounded at 10 s
[[nodiscard]] double bounded_slowdown(sim::Duration wait, sim::Duration run);

}  // namespace fleetwatt::models
