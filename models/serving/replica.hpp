// One replica of a service: continuous batching, iteration by iteration.
//
//   at the start of an iteration   admit waiting requests, first come first served, while the batch limit and the cache
//   allow
//                                  (a request is admitted when its prompt and its output fit); give prompt tokens to
//                                  admitted requests, oldest first, up to the limit an iteration less one for each
//                                  decoding sequence
//   at its end                     each decoding sequence has one token more; a request whose prompt is done has its
//   first token
//
// A replica runs alone from tick to tick on its own clock (iteration_model.hpp). This is the plain version, an
// iteration at a time. Leaves out: preemption (never needed, since the whole output is reserved), prefix caching,
// speculative decoding.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "models/hardware/gpu_energy.hpp"
#include "models/serving/fine_sum.hpp"
#include "models/serving/iteration_model.hpp"
#include "models/serving/latency_target.hpp"
#include "models/serving/standing_queue.hpp"
#include "models/serving/window_tokens.hpp"
#include "models/workload/request.hpp"
#include "sim/meter.hpp"

namespace fleetwatt::models {

/// How a request fared.
struct CompletedRequest {
  Request request;
  sim::Duration time_to_first_token;
  sim::Duration latency;  ///< arrival to the last token
  /// (last token - first token) / (tokens - 1); empty for a single token
  std::optional<sim::Duration> time_per_output_token;
};

struct ReplicaSpec {
  double idle_w = 0.0;  ///< all its GPUs with nothing to do
  sim::Duration tick;   ///< > 0, below six days: the replica's clock counts from the tick's start
};

class Replica {
 public:
  Replica(const IterationModel& model, const ReplicaSpec& spec);

  /// A request that arrives in the coming tick; calls come by arrival time. False (and counted as rejected) when it can
  /// never fit the cache.
  bool submit(const Request& request);

  /// Runs one tick, [end - tick, end). Completed requests are appended to `completed`.
  void run_until(sim::SimTime end, std::vector<CompletedRequest>& completed);

  /// Metered energy of the tick just run.
  [[nodiscard]] GpuEnergy take_tick_energy();

  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  [[nodiscard]] std::size_t running() const { return prefilling_.size() + decoding_.size(); }
  [[nodiscard]] std::uint64_t rejected() const { return rejected_; }
  [[nodiscard]] std::uint64_t iterations() const { return iterations_; }
  /// Time spent in iterations so far.
  [[nodiscard]] double busy_s() const;
  /// Of them, time spent in finished iterations whose batch was at the limit.
  [[nodiscard]] double at_batch_limit_s() const { return at_batch_limit_.s(); }
  /// Finished iterations that began with requests left waiting, and what they brought to its end: what a replica can do
  /// is their ratio.
  [[nodiscard]] StandingQueue standing_queue() const;
  /// Of the requests that wait or run, those that miss the target whatever comes.
  [[nodiscard]] std::uint64_t overdue(const LatencyTarget& target) const;
  /// Energy summed over iterations (the one in progress in proportion), not over the meter's bins: the audit's other
  /// side.
  [[nodiscard]] double counted_active_j() const;

 private:
  struct Prefilling {
    Request request;
    std::int32_t done_tokens = 0;
    std::int32_t chunk_tokens = 0;  ///< of the iteration in progress
  };
  struct Decoding {
    std::uint64_t last_iteration = 0;  ///< the count of decode iterations at whose end it has its last token
    Request request;
    sim::SimTime first_token;
  };
  struct InProgress {
    FineTime start = 0;
    FineTime end = 0;
    double energy_j = 0.0;
    bool leaves_waiting = false;  ///< requests that had arrived found no place in it
  };

  static bool finishes_later(const Decoding& a, const Decoding& b) {
    return a.last_iteration != b.last_iteration ? a.last_iteration > b.last_iteration : a.request.id > b.request.id;
  }
  void admit();
  [[nodiscard]] Batch plan_batch();
  void start_iteration();
  void finish_iteration(std::vector<CompletedRequest>& completed);
  void finish_decoding(sim::SimTime now, std::vector<CompletedRequest>& completed);
  void finish_prefill(sim::SimTime now, std::vector<CompletedRequest>& completed);
  void start_idling();
  [[nodiscard]] bool has_arrived(const Request& request) const {
    return request.arrival <= tick_start_ || fine_from(request.arrival - tick_start_) <= now_;
  }
  [[nodiscard]] sim::SimTime at(FineTime fine) const { return tick_start_ + coarse_from(fine); }

  const IterationModel* model_;
  ReplicaSpec spec_;
  sim::SimTime tick_start_;
  FineTime now_ = 0;  ///< since the tick's start

  std::deque<Request> waiting_;        ///< arrived or to arrive in this tick
  std::deque<Prefilling> prefilling_;  ///< admitted, prompt not done, oldest first
  std::vector<Decoding> decoding_;     ///< heap: next to finish on top
  std::optional<InProgress> in_progress_;
  std::int64_t context_tokens_ = 0;   ///< of decoding sequences
  WindowTokens window_;               ///< of them, those inside the window
  std::int64_t reserved_tokens_ = 0;  ///< of all admitted
  std::uint64_t decode_iterations_ = 0;

  sim::Meter active_w_;
  sim::Meter idle_w_;
  std::uint64_t iterations_ = 0;
  std::uint64_t rejected_ = 0;
  FineSum busy_;
  FineSum at_batch_limit_;
  FineSum standing_;
  std::uint64_t standing_done_ = 0;
  double iteration_energy_j_ = 0.0;
};

}  // namespace fleetwatt::models
