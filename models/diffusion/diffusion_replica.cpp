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
  leaves_waiting_ = !waiting_.empty() && waiting_.front().arrival <= now_;
  idle_meter_.set(now_, 0.0);
  active_meter_.set(now_, entry().energy_j / entry().time.s());
}

void DiffusionReplica::finish_batch(std::vector<sim::Duration>& latencies) {
  now_ = batch_start_ + entry().time;
  for (const auto& request : batch_) latencies.push_back(now_ - request.arrival);
  busy_ += entry().time;
  batch_energy_j_ += entry().energy_j;
  if (leaves_waiting_) {
    standing_ += entry().time;
    standing_done_ += batch_.size();
  }
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

StandingQueue DiffusionReplica::standing_queue() const {
  const bool stands = !batch_.empty() && leaves_waiting_;
  return {standing_.s(), standing_done_, stands ? (now_ - batch_start_).s() : 0.0};
}

std::uint64_t DiffusionReplica::overdue(const std::optional<sim::Duration>& limit) const {
  const auto late = [&](const Request& request) { return limit && now_ - request.arrival > *limit; };
  return static_cast<std::uint64_t>(std::ranges::count_if(waiting_, late) + std::ranges::count_if(batch_, late));
}

double DiffusionReplica::counted_active_j() const {
  if (batch_.empty()) return batch_energy_j_;
  return batch_energy_j_ + entry().energy_j * (now_ - batch_start_).s() / entry().time.s();
}

}  // namespace fleetwatt::models
