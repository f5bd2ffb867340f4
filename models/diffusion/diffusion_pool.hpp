// The replicas of one image or video service at one cluster: a pool, as ServicePool is of language models.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/diffusion/diffusion_replica.hpp"
#include "models/serving/request_router.hpp"
#include "models/serving/service_pool.hpp"
#include "models/workload/arrival_process.hpp"
#include "models/workload/demand_curve.hpp"

namespace fleetwatt::models {

class DiffusionPool {
 public:
  /// Of the spec, the context limit and the targets of tokens mean nothing here.
  DiffusionPool(ServicePoolSpec spec, std::vector<BatchTableEntry> table, AnyArrivals arrivals, DemandCurve curve);

  /// Runs one tick, [end - tick, end).
  void run_until(sim::SimTime end);

  /// Metered energy of the tick just run.
  [[nodiscard]] GpuEnergy take_tick_energy();
  /// Counts since the last call (an hour's, when called on the hour).
  [[nodiscard]] ServiceCounts take_counts();

  [[nodiscard]] std::uint64_t waiting() const;
  [[nodiscard]] std::uint64_t running() const;
  /// Batches.
  [[nodiscard]] std::uint64_t iterations() const;
  [[nodiscard]] double busy_s() const;            ///< over replicas
  [[nodiscard]] double counted_active_j() const;  ///< by batches, not by meters
  [[nodiscard]] StandingQueue standing_queue() const;
  /// Of the requests that wait or are being made, those that miss the target whatever comes.
  [[nodiscard]] std::uint64_t overdue() const;
  [[nodiscard]] int replicas() const { return spec_.replicas; }

 private:
  void count(sim::Duration latency);

  ServicePoolSpec spec_;
  std::unique_ptr<const std::vector<BatchTableEntry>> table_;  ///< replicas point to it
  AnyArrivals arrivals_;
  DemandCurve curve_;
  RequestRouter router_;
  std::vector<DiffusionReplica> replicas_;
  sim::SimTime now_;
  ServiceCounts counts_;
  std::vector<Request> arriving_;         ///< reused
  std::vector<sim::Duration> latencies_;  ///< reused
};

}  // namespace fleetwatt::models
