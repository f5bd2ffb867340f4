#include "models/serving/service_pool.hpp"

#include <numeric>

namespace fleetwatt::models {

void ServiceCounts::merge(const ServiceCounts& other) {
  arrived += other.arrived;
  done += other.done;
  rejected += other.rejected;
  truncated += other.truncated;
  met_target += other.met_target;
  prompt_tokens += other.prompt_tokens;
  output_tokens += other.output_tokens;
  time_to_first_token.merge(other.time_to_first_token);
  time_per_output_token.merge(other.time_per_output_token);
  latency.merge(other.latency);
}

ServicePool::ServicePool(ServicePoolSpec spec, std::shared_ptr<const IterationModel> model, AnyArrivals arrivals,
                         DemandCurve curve)
    : spec_(std::move(spec)),
      model_(std::move(model)),
      arrivals_(std::move(arrivals)),
      curve_(std::move(curve)),
      router_(spec_.router, static_cast<std::size_t>(spec_.replicas)) {
  for (int i = 0; i < spec_.replicas; ++i)
    replicas_.emplace_back(*model_, ReplicaSpec{spec_.replica_idle_w, spec_.tick});
}

void ServicePool::run_until(sim::SimTime end) {
  arriving_.clear();
  append_tick(arrivals_, curve_, spec_.run_start, now_, end, arriving_);
  for (auto& request : arriving_) admit(request);

  completed_.clear();
  for (auto& replica : replicas_) replica.run_until(end, completed_);
  for (const auto& completed : completed_) count(completed);
  now_ = end;
}

void ServicePool::admit(Request& request) {
  ++counts_.arrived;
  attach(spec_.attachments, request);
  const LengthVerdict verdict = apply_limit(spec_.context_limit, request);
  if (verdict == LengthVerdict::rejected) {
    ++counts_.rejected;
    ++over_length_;
    return;
  }
  if (verdict == LengthVerdict::truncated) ++counts_.truncated;
  if (!replicas_[router_.replica_for(request)].submit(request)) ++counts_.rejected;
}

void ServicePool::count(const CompletedRequest& completed) {
  ++counts_.done;
  counts_.prompt_tokens += static_cast<std::uint64_t>(completed.request.prompt_tokens);
  counts_.output_tokens += static_cast<std::uint64_t>(completed.request.output_tokens);
  counts_.time_to_first_token.add(completed.time_to_first_token);
  counts_.latency.add(completed.latency);
  bool met = completed.time_to_first_token <= spec_.target.time_to_first_token.value_or(completed.time_to_first_token);
  met = met && completed.latency <= spec_.target.latency.value_or(completed.latency);
  if (completed.time_per_output_token) {
    counts_.time_per_output_token.add(*completed.time_per_output_token);
    met = met && *completed.time_per_output_token <=
                     spec_.target.time_per_output_token.value_or(*completed.time_per_output_token);
  }
  if (met) ++counts_.met_target;
}

GpuEnergy ServicePool::take_tick_energy() {
  GpuEnergy energy;
  for (auto& replica : replicas_) energy += replica.take_tick_energy();
  return energy;
}

ServiceCounts ServicePool::take_counts() {
  return std::exchange(counts_, {});
}

namespace {

template <class Value, class Get>
Value sum_over(const std::vector<Replica>& replicas, Get get) {
  return std::accumulate(replicas.begin(), replicas.end(), Value{},
                         [&](Value sum, const Replica& replica) { return sum + get(replica); });
}

}  // namespace

std::uint64_t ServicePool::waiting() const {
  return sum_over<std::uint64_t>(replicas_, [](const Replica& r) { return r.waiting(); });
}
std::uint64_t ServicePool::running() const {
  return sum_over<std::uint64_t>(replicas_, [](const Replica& r) { return r.running(); });
}
std::uint64_t ServicePool::rejected() const {
  return over_length_ + sum_over<std::uint64_t>(replicas_, [](const Replica& r) { return r.rejected(); });
}
std::uint64_t ServicePool::iterations() const {
  return sum_over<std::uint64_t>(replicas_, [](const Replica& r) { return r.iterations(); });
}
double ServicePool::busy_s() const {
  return sum_over<double>(replicas_, [](const Replica& r) { return r.busy_s(); });
}
double ServicePool::counted_active_j() const {
  return sum_over<double>(replicas_, [](const Replica& r) { return r.counted_active_j(); });
}
StandingQueue ServicePool::standing_queue() const {
  StandingQueue sum;
  for (const auto& replica : replicas_) sum += replica.standing_queue();
  return sum;
}
std::uint64_t ServicePool::overdue() const {
  return sum_over<std::uint64_t>(replicas_, [&](const Replica& r) { return r.overdue(spec_.target); });
}

}  // namespace fleetwatt::models
