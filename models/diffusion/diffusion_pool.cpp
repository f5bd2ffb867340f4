#include "models/diffusion/diffusion_pool.hpp"

#include <utility>

namespace fleetwatt::models {

DiffusionPool::DiffusionPool(ServicePoolSpec spec, std::vector<BatchTableEntry> table, AnyArrivals arrivals,
                             DemandCurve curve)
    : spec_(std::move(spec)),
      table_(std::make_unique<const std::vector<BatchTableEntry>>(std::move(table))),
      arrivals_(std::move(arrivals)),
      curve_(std::move(curve)),
      router_(spec_.router, static_cast<std::size_t>(spec_.replicas)) {
  for (int i = 0; i < spec_.replicas; ++i) replicas_.emplace_back(*table_, spec_.replica_idle_w, spec_.tick);
}

void DiffusionPool::run_until(sim::SimTime end) {
  arriving_.clear();
  append_tick(arrivals_, curve_, spec_.run_start, now_, end, arriving_);
  for (const auto& request : arriving_) replicas_[router_.replica_for(request)].submit(request);
  counts_.arrived += arriving_.size();

  latencies_.clear();
  for (auto& replica : replicas_) replica.run_until(end, latencies_);
  for (const auto latency : latencies_) count(latency);
  now_ = end;
}

void DiffusionPool::count(sim::Duration latency) {
  ++counts_.done;
  counts_.latency.add(latency);
  if (latency <= spec_.target.latency.value_or(latency)) ++counts_.met_target;
}

GpuEnergy DiffusionPool::take_tick_energy() {
  GpuEnergy energy;
  for (auto& replica : replicas_) energy += replica.take_tick_energy();
  return energy;
}

ServiceCounts DiffusionPool::take_counts() {
  return std::exchange(counts_, {});
}

std::uint64_t DiffusionPool::waiting() const {
  std::uint64_t sum = 0;
  for (const auto& replica : replicas_) sum += replica.waiting();
  return sum;
}

std::uint64_t DiffusionPool::running() const {
  std::uint64_t sum = 0;
  for (const auto& replica : replicas_) sum += replica.running();
  return sum;
}

std::uint64_t DiffusionPool::iterations() const {
  std::uint64_t sum = 0;
  for (const auto& replica : replicas_) sum += replica.batches();
  return sum;
}

double DiffusionPool::busy_s() const {
  double sum = 0.0;
  for (const auto& replica : replicas_) sum += replica.busy_s();
  return sum;
}

double DiffusionPool::counted_active_j() const {
  double sum = 0.0;
  for (const auto& replica : replicas_) sum += replica.counted_active_j();
  return sum;
}

StandingQueue DiffusionPool::standing_queue() const {
  StandingQueue sum;
  for (const auto& replica : replicas_) sum += replica.standing_queue();
  return sum;
}

std::uint64_t DiffusionPool::overdue() const {
  std::uint64_t sum = 0;
  for (const auto& replica : replicas_) sum += replica.overdue(spec_.target.latency);
  return sum;
}

}  // namespace fleetwatt::models
