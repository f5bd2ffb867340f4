// One replica of a service of images or videos: static batches. When it is free it takes the requests that wait, first
// come first served, up to the batch limit, and makes them together; those that arrive meanwhile wait for the next. One
// request is one image or video.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "models/diffusion/batch_table.hpp"
#include "models/hardware/gpu_energy.hpp"
#include "models/serving/standing_queue.hpp"
#include "models/workload/request.hpp"
#include "sim/meter.hpp"

namespace fleetwatt::models {

class DiffusionReplica {
 public:
  /// `table` outlives the replica.
  DiffusionReplica(const std::vector<BatchTableEntry>& table, double idle_w, sim::Duration tick);

  /// A request that arrives in the coming tick; calls come by arrival time.
  void submit(const Request& request) { waiting_.push_back(request); }

  /// Runs one tick. The time from arrival to the finished batch of each completed request is appended to `latencies`.
  void run_until(sim::SimTime end, std::vector<sim::Duration>& latencies);

  /// Metered energy of the tick just run.
  [[nodiscard]] GpuEnergy take_tick_energy();

  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  [[nodiscard]] std::size_t running() const { return batch_.size(); }
  [[nodiscard]] std::uint64_t batches() const { return batches_; }
  [[nodiscard]] double busy_s() const;
  /// Finished batches that began with requests left waiting, and the requests in them.
  [[nodiscard]] StandingQueue standing_queue() const;
  /// Of the requests that wait or are being made, those that take longer than `limit` whatever comes.
  [[nodiscard]] std::uint64_t overdue(const std::optional<sim::Duration>& limit) const;
  /// Energy summed over batches (the one in progress in proportion), not over the meter's bins: the audit's other side.
  [[nodiscard]] double counted_active_j() const;

 private:
  void start_batch();
  void finish_batch(std::vector<sim::Duration>& latencies);
  [[nodiscard]] const BatchTableEntry& entry() const { return (*table_)[batch_.size() - 1]; }

  const std::vector<BatchTableEntry>* table_;
  double idle_w_;
  std::deque<Request> waiting_;  ///< arrived or to arrive in this tick
  std::vector<Request> batch_;   ///< being made; empty while idle
  sim::SimTime now_;             ///< up to which all is decided: the end of a batch, an arrival or a tick
  sim::SimTime batch_start_;
  sim::Meter active_meter_;
  sim::Meter idle_meter_;
  std::uint64_t batches_ = 0;
  sim::Duration busy_;           ///< of finished batches
  bool leaves_waiting_ = false;  ///< requests that had arrived found no place in the batch
  sim::Duration standing_;
  std::uint64_t standing_done_ = 0;
  double batch_energy_j_ = 0.0;
};

}  // namespace fleetwatt::models
