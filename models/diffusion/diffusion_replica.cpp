#include "models/diffusion/diffusion_replica.hpp"

#include <algorithm>

namespace fleetwatt::models {

DiffusionReplica::DiffusionReplica(const std::vector<BatchTableEntry>& table, double idle_w, sim::Duration tick)
    : table_(&table), idle_w_(idle_w), active_meter_(sim::SimTime(), tick), idle_meter_(sim::SimTime(), tick) {
  idle_meter_.set(sim::SimTime(), idle_w_);
}

void DiffusionReplica::run_until(sim::SimTime end, std::vector<sim::Duration>& latencies) {
  while (true) {
    if (!batch_.empty()) {
      if (batch_start_ + entry().time > end) break;
      finish_batch(latencies);
    }
    if (waiting_.empty()) break;
    now_ = std::max(now_, waiting_.front().arrival);
    if (now_ >= end) break;
    start_batch();
  }
  active_meter_.advance(end);
  idle_meter_.advance(end);
  now_ = std::max(now_, end);
}

void DiffusionReplica::start_batch() {
  while (!waiting_.empty() && waiting_.front().arrival <= now_ && batch_.size() < table_->size()) {
    batch_.push_back(waiting_.front());
    waiting_.pop_front();
  }
  batch_start_ = now_;
  idle_meter_.set(now_, 0.0);
  active_meter_.set(now_, entry().energy_j / entry().time.s());
}

void DiffusionReplica::finish_batch(std::vector<sim::Duration>& latencies) {
  now_ = batch_start_ + entry().time;
  for (const auto& request : batch_) latencies.push_back(now_ - request.arrival);
  busy_ += entry().time;
  batch_energy_j_ += entry().energy_j;
  ++batches_;
  batch_.clear();
  active_meter_.set(now_, 0.0);
  idle_meter_.set(now_, idle_w_);
}

GpuEnergy DiffusionReplica::take_tick_energy() {
  return {active_meter_.take_bin(), idle_meter_.take_bin()};
}

double DiffusionReplica::busy_s() const {
  return batch_.empty() ? busy_.s() : busy_.s() + (now_ - batch_start_).s();
}

double DiffusionReplica::counted_active_j() const {
  if (batch_.empty()) return batch_energy_j_;
  return batch_energy_j_ + entry().energy_j * (now_ - batch_start_).s() / entry().time.s();
}

}  // namespace fleetwatt::models
