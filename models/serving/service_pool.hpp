// The replicas of one service at one cluster: a pool, which runs from fleet tick to fleet tick on its own streams and
// shares nothing meanwhile.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/serving/context_limit.hpp"
#include "models/serving/replica.hpp"
#include "models/serving/request_router.hpp"
#include "models/workload/arrival_process.hpp"
#include "models/workload/attachments.hpp"
#include "models/workload/demand_curve.hpp"
#include "sim/quantile_histogram.hpp"

namespace fleetwatt::models {

struct ServicePoolSpec {
  std::string name;  ///< keys nothing: the arrivals bring their own streams
  int replicas = 1;
  double replica_idle_w = 0.0;
  RouterPolicy router = RouterPolicy::round_robin;
  LatencyTarget target;
  ContextLimit context_limit = {};
  Attachments attachments = {};
  sim::Duration tick;
  sim::UtcSeconds run_start;
};

/// What passed through a pool, over an hour or over the run.
struct ServiceCounts {
  std::uint64_t arrived = 0;
  std::uint64_t done = 0;
  std::uint64_t rejected = 0;   ///< could never fit the cache or the model's context
  std::uint64_t truncated = 0;  ///< outputs cut at the context limit
  std::uint64_t met_target = 0;
  std::uint64_t prompt_tokens = 0;  ///< of done requests
  std::uint64_t output_tokens = 0;  ///< of done requests
  sim::QuantileHistogram time_to_first_token;
  sim::QuantileHistogram time_per_output_token;
  sim::QuantileHistogram latency;  ///< arrival to the finished answer, image or video

  void merge(const ServiceCounts& other);
};

class ServicePool {
 public:
  ServicePool(ServicePoolSpec spec, std::shared_ptr<const IterationModel> model, AnyArrivals arrivals,
              DemandCurve curve);

  /// Runs one tick, [end - tick, end).
  void run_until(sim::SimTime end);

  /// Metered energy of the tick just run.
  [[nodiscard]] GpuEnergy take_tick_energy();
  /// Counts since the last call (an hour's, when called on the hour).
  [[nodiscard]] ServiceCounts take_counts();

  [[nodiscard]] std::uint64_t waiting() const;
  [[nodiscard]] std::uint64_t running() const;
  [[nodiscard]] std::uint64_t rejected() const;
  [[nodiscard]] std::uint64_t iterations() const;
  [[nodiscard]] double busy_s() const;            ///< over replicas
  [[nodiscard]] double counted_active_j() const;  ///< by iterations, not by meters
  [[nodiscard]] StandingQueue standing_queue() const;
  /// Of the requests that wait or run, those that miss the target whatever comes.
  [[nodiscard]] std::uint64_t overdue() const;
  [[nodiscard]] const std::string& name() const { return spec_.name; }
  [[nodiscard]] int replicas() const { return spec_.replicas; }

 private:
  void admit(Request& request);
  void count(const CompletedRequest& completed);

  ServicePoolSpec spec_;
  std::shared_ptr<const IterationModel> model_;
  AnyArrivals arrivals_;
  DemandCurve curve_;
  RequestRouter router_;
  std::vector<Replica> replicas_;
  sim::SimTime now_;
  ServiceCounts counts_;
  std::uint64_t over_length_ = 0;            ///< rejected for their length before any replica saw them
  std::vector<Request> arriving_;            ///< reused
  std::vector<CompletedRequest> completed_;  ///< reused
};

}  // namespace fleetwatt::models
