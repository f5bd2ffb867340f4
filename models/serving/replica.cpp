#include "models/serving/replica.hpp"

#include <algorithm>
#include <utility>

namespace fleetwatt::models {

namespace {

std::int64_t reserved_tokens(const Request& request) {
  return std::int64_t{request.prompt_tokens} + request.output_tokens;
}

}  // namespace

Replica::Replica(const IterationModel& model, const ReplicaSpec& spec)
    : model_(&model),
      spec_(spec),
      window_(model.model().window_layers > 0 ? model.model().window_tokens : 0),
      active_w_(sim::SimTime(), spec.tick),
      idle_w_(sim::SimTime(), spec.tick) {
  idle_w_.set(sim::SimTime(), spec_.idle_w);
}

bool Replica::submit(const Request& request) {
  if (reserved_tokens(request) > model_->kv_capacity()) {
    ++rejected_;
    return false;
  }
  waiting_.push_back(request);
  return true;
}

void Replica::run_until(sim::SimTime end, std::vector<CompletedRequest>& completed) {
  const FineTime tick_end = fine_from(end - tick_start_);
  while (true) {
    if (in_progress_) {
      if (in_progress_->end > tick_end) break;
      finish_iteration(completed);
    }
    admit();
    if (running() > 0) {
      if (now_ >= tick_end) break;
      start_iteration();
      continue;
    }
    start_idling();
    if (waiting_.empty()) break;
    now_ = fine_from(waiting_.front().arrival - tick_start_);
  }
  // Times are kept relative to the tick, which ends here.
  if (in_progress_) {
    in_progress_->start -= tick_end;
    in_progress_->end -= tick_end;
  }
  now_ = std::max<FineTime>(now_ - tick_end, 0);
  tick_start_ = end;
  active_w_.advance(end);
  idle_w_.advance(end);
}

void Replica::admit() {
  while (!waiting_.empty() && has_arrived(waiting_.front()) &&
         static_cast<int>(running()) < model_->deployment().batch_limit &&
         reserved_tokens_ + reserved_tokens(waiting_.front()) <= model_->kv_capacity()) {
    reserved_tokens_ += reserved_tokens(waiting_.front());
    prefilling_.push_back({waiting_.front()});
    waiting_.pop_front();
  }
}

Batch Replica::plan_batch() {
  Batch batch;
  batch.sequences = static_cast<int>(decoding_.size());
  batch.context_tokens = context_tokens_;
  batch.window_tokens = window_.tokens();
  const double window = window_.size();
  std::int32_t budget = std::max(model_->deployment().prefill_tokens_per_iteration - batch.sequences, 1);
  for (auto& prompt : prefilling_) {
    if (budget == 0) break;
    prompt.chunk_tokens = std::min(budget, prompt.request.prompt_tokens - prompt.done_tokens);
    budget -= prompt.chunk_tokens;
    if (prompt.done_tokens == 0 && prompt.request.has_attachment) ++batch.attachments;
    batch.prompt_tokens += prompt.chunk_tokens;
    const double attended = prompt.done_tokens + 0.5 * prompt.chunk_tokens;
    batch.prompt_pairs += prompt.chunk_tokens * attended;
    batch.prompt_window_pairs += prompt.chunk_tokens * std::min(attended, window);
    if (prompt.done_tokens + prompt.chunk_tokens == prompt.request.prompt_tokens) ++batch.prompts;
  }
  return batch;
}

void Replica::start_iteration() {
  const IterationCost cost = model_->cost(plan_batch());
  const bool leaves_waiting = !waiting_.empty() && has_arrived(waiting_.front());
  in_progress_ = InProgress{now_, now_ + cost.time, cost.energy_j, leaves_waiting};
  if (idle_w_.value() != 0.0) idle_w_.set(at(now_), 0.0);
  active_w_.set(at(now_), cost.energy_j / s_from_fine(cost.time));
}

void Replica::start_idling() {
  active_w_.set(at(now_), 0.0);
  idle_w_.set(at(now_), spec_.idle_w);
}

void Replica::finish_iteration(std::vector<CompletedRequest>& completed) {
  const InProgress done = *std::exchange(in_progress_, std::nullopt);
  const std::size_t done_before = completed.size();
  now_ = done.end;
  busy_.add(done.end - done.start);
  if (static_cast<int>(running()) == model_->deployment().batch_limit) at_batch_limit_.add(done.end - done.start);
  iteration_energy_j_ += done.energy_j;
  ++iterations_;
  if (!decoding_.empty()) {
    ++decode_iterations_;
    context_tokens_ += static_cast<std::int64_t>(decoding_.size());
    window_.grow(decode_iterations_);
    finish_decoding(at(now_), completed);
  }
  finish_prefill(at(now_), completed);
  if (!done.leaves_waiting) return;
  standing_.add(done.end - done.start);
  standing_done_ += completed.size() - done_before;
}

void Replica::finish_decoding(sim::SimTime now, std::vector<CompletedRequest>& completed) {
  while (!decoding_.empty() && decoding_.front().last_iteration == decode_iterations_) {
    std::ranges::pop_heap(decoding_, finishes_later);
    const Decoding& done = decoding_.back();
    const auto gaps = static_cast<std::int64_t>(done.request.output_tokens) - 1;
    completed.push_back({done.request, done.first_token - done.request.arrival, now - done.request.arrival,
                         sim::Duration::from_ticks((now - done.first_token).ticks() / gaps)});
    context_tokens_ -= reserved_tokens(done.request);
    window_.leave(reserved_tokens(done.request), decode_iterations_);
    reserved_tokens_ -= reserved_tokens(done.request);
    decoding_.pop_back();
  }
}

void Replica::finish_prefill(sim::SimTime now, std::vector<CompletedRequest>& completed) {
  for (auto& prompt : prefilling_) {
    if (prompt.chunk_tokens == 0) break;  // the budget went to the older ones
    prompt.done_tokens += std::exchange(prompt.chunk_tokens, 0);
  }
  while (!prefilling_.empty() && prefilling_.front().done_tokens == prefilling_.front().request.prompt_tokens) {
    const Request request = prefilling_.front().request;
    prefilling_.pop_front();
    if (request.output_tokens == 1) {
      completed.push_back({request, now - request.arrival, now - request.arrival, std::nullopt});
      reserved_tokens_ -= reserved_tokens(request);
      continue;
    }
    context_tokens_ += request.prompt_tokens + 1;
    window_.enter(request.prompt_tokens + 1, decode_iterations_);
    decoding_.push_back({decode_iterations_ + static_cast<std::uint64_t>(request.output_tokens) - 1, request, now});
    std::ranges::push_heap(decoding_, finishes_later);
  }
}

GpuEnergy Replica::take_tick_energy() {
  return {active_w_.take_bin(), idle_w_.take_bin()};
}

double Replica::busy_s() const {
  return busy_.s() + (in_progress_ ? s_from_fine(now_ - in_progress_->start) : 0.0);
}

StandingQueue Replica::standing_queue() const {
  const bool stands = in_progress_ && in_progress_->leaves_waiting;
  return {standing_.s(), standing_done_, stands ? s_from_fine(now_ - in_progress_->start) : 0.0};
}

std::uint64_t Replica::overdue(const LatencyTarget& target) const {
  const sim::SimTime now = at(now_);
  const auto missed = [now](const std::optional<sim::Duration>& limit, const Request& request) {
    return limit && now - request.arrival > *limit;
  };
  const auto without_token = [&](const Request& request) {
    return missed(target.time_to_first_token, request) || missed(target.latency, request);
  };
  const auto with_token = [&](const Decoding& decoding) {
    return missed(target.latency, decoding.request) ||
           (target.time_to_first_token &&
            decoding.first_token - decoding.request.arrival > *target.time_to_first_token);
  };
  return static_cast<std::uint64_t>(std::ranges::count_if(waiting_, without_token) +
                                    std::ranges::count_if(prefilling_, without_token, &Prefilling::request) +
                                    std::ranges::count_if(decoding_, with_token));
}

double Replica::counted_active_j() const {
  if (!in_progress_) return iteration_energy_j_;
  const auto elapsed = static_cast<double>(now_ - in_progress_->start);
  return iteration_energy_j_ +
         in_progress_->energy_j * elapsed / static_cast<double>(in_progress_->end - in_progress_->start);
}

}  // namespace fleetwatt::models
