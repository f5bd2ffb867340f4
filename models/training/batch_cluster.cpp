#include "models/training/batch_cluster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace fleetwatt::models {

namespace {

double sum_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

double mean_of(double sum, std::int64_t count) {
  return count == 0 ? 0.0 : sum / static_cast<double>(count);
}

double gpu_seconds(int gpus, sim::Duration time) {
  return static_cast<double>(gpus) * time.s();
}

}  // namespace

double bounded_slowdown(sim::Duration wait, sim::Duration run) {
  constexpr double bound_s = 10.0;
  return std::max(1.0, (wait + run).s() / std::max(run.s(), bound_s));
}

BatchCluster::BatchCluster(BatchClusterSpec spec, std::vector<BatchJob> jobs)
    : spec_(std::move(spec)),
      jobs_(std::move(jobs)),
      free_gpus_(spec_.gpus),
      busy_gpus_meter_(sim::SimTime(), spec_.tick),
      idle_gpus_meter_(sim::SimTime(), spec_.tick) {
  check();
  records_.reserve(jobs_.size());
  for (const auto& job : jobs_) {
    records_.push_back({.number = job.number, .submit = job.submit, .start = {}, .end = {}, .gpus = job.gpus});
  }
  idle_gpus_meter_.set(loop_.now(), free_gpus_);
  schedule_next_submission();
}

void BatchCluster::check() const {
  const auto refuse = [&](const std::string& what) {
    throw sim::OutOfRange(fmt::format("batch cluster `{}`: {}", spec_.name, what));
  };
  if (spec_.gpus < 1) refuse(fmt::format("{} GPUs, at least 1 is needed", spec_.gpus));
  if (spec_.tick <= sim::Duration()) refuse("the tick must be longer than 0 s");
  if (spec_.warm_up < sim::Duration() || spec_.warm_up % spec_.tick != sim::Duration())
    refuse("the warm-up must be a whole number of ticks");
  sim::SimTime last;
  for (const auto& job : jobs_) {
    if (job.submit < sim::SimTime()) refuse(fmt::format("job {} is submitted before the run's start", job.number));
    if (job.submit < last) refuse(fmt::format("job {} is submitted before the one listed above it", job.number));
    if (job.gpus < 1) refuse(fmt::format("job {} wants {} GPUs, at least 1 is needed", job.number, job.gpus));
    if (job.run < sim::Duration() || job.estimate < sim::Duration()) {
      refuse(fmt::format("job {} has a run time or an estimate below 0 s", job.number));
    }
    last = job.submit;
  }
}

void BatchCluster::warm_up() {
  if (spec_.warm_up > sim::Duration()) {
    loop_.run_until(figures_from(), [&](const sim::Event& event) { handle(event); });
    begin_figures();
  }
  warm_ = true;
}

void BatchCluster::begin_figures() {
  for (auto* meter : {&busy_gpus_meter_, &idle_gpus_meter_}) {
    meter->advance(loop_.now());
    (void)meter->take_closed();
  }
  idle_gpu_s_before_ = idle_gpus_meter_.total();
  waiting_at_start_ = waiting();
  running_at_start_ = running();
  submitted_ = rejected_ = started_ = done_ = 0;
  wait_sum_s_ = bounded_slowdown_sum_ = done_gpu_s_ = allocated_gpu_s_ = 0.0;
  last_change_ = loop_.now();
}

void BatchCluster::run_until(sim::SimTime run_end) {
  if (!warm_) warm_up();
  const sim::SimTime end = run_end + spec_.warm_up;
  if (end < loop_.now() || end.since_start() % spec_.tick != sim::Duration()) {
    throw std::logic_error("a batch cluster runs forward, by whole ticks");
  }
  loop_.run_until(end, [&](const sim::Event& event) { handle(event); });
  busy_gpus_meter_.advance(end);
  idle_gpus_meter_.advance(end);
  const auto busy = busy_gpus_meter_.take_closed();
  const double busy_gpu_s = sum_of(busy);
  const double idle_gpu_s = sum_of(idle_gpus_meter_.take_closed());
  energy_ += {.active_j = busy_gpu_s * spec_.busy_gpu_w, .idle_j = idle_gpu_s * spec_.idle_gpu_w};
  const double ticks_s = static_cast<double>(busy.size()) * spec_.tick.s();
  mean_busy_gpus_ = busy.empty() ? 0.0 : busy_gpu_s / ticks_s;
}

void BatchCluster::schedule_next_submission() {
  if (next_submission_ == jobs_.size()) return;
  loop_.schedule(sim::Event::make(jobs_[next_submission_].submit, EventKind::submit, next_submission_));
}

void BatchCluster::handle(const sim::Event& event) {
  submit_what_is_due();  // also before an end that came up first
  if (event.kind<EventKind>() == EventKind::submit) return;
  finish(static_cast<std::size_t>(event.subject()));
  start_jobs();
}

void BatchCluster::submit_what_is_due() {
  const std::size_t first = next_submission_;
  while (next_submission_ < jobs_.size() && jobs_[next_submission_].submit == loop_.now()) {
    submit(next_submission_++);
    start_jobs();
  }
  if (next_submission_ > first) schedule_next_submission();
}

void BatchCluster::submit(std::size_t index) {
  ++submitted_;
  if (jobs_[index].gpus > spec_.gpus) {
    ++rejected_;
  } else {
    queue_.push(jobs_[index], index);
  }
}

void BatchCluster::finish(std::size_t index) {
  const auto position = std::ranges::find(running_indexes_, index) - running_indexes_.begin();
  running_.erase(running_.begin() + position);
  running_indexes_.erase(running_indexes_.begin() + position);
  records_[index].end = loop_.now();
  ++done_;
  done_gpu_s_ += gpu_seconds(jobs_[index].gpus, in_figures(index, loop_.now()));
  bounded_slowdown_sum_ += bounded_slowdown(*records_[index].start - jobs_[index].submit, jobs_[index].run);
  change_free_gpus(jobs_[index].gpus);
}

void BatchCluster::start_jobs() {
  if (queue_.size() == 0) return;
  const auto positions = jobs_to_start(spec_.discipline, loop_.now(), free_gpus_, queue_.jobs(), running_);
  for (const std::size_t position : positions) start(queue_.index_at(position));
  queue_.remove(positions);
}

void BatchCluster::start(std::size_t index) {
  const BatchJob& job = jobs_[index];
  const RunningJob planned{end_of(loop_.now(), job.estimate), job.gpus};
  const auto after = std::ranges::upper_bound(running_, planned.planned_end, {}, &RunningJob::planned_end);
  running_indexes_.insert(running_indexes_.begin() + (after - running_.begin()), index);
  running_.insert(after, planned);
  loop_.schedule(sim::Event::make(end_of(loop_.now(), job.run), EventKind::finish, index));
  records_[index].start = loop_.now();
  ++started_;
  wait_sum_s_ += (loop_.now() - job.submit).s();
  change_free_gpus(-job.gpus);
}

void BatchCluster::change_free_gpus(int change) {
  allocated_gpu_s_ = gpu_seconds_allocated();
  last_change_ = loop_.now();
  free_gpus_ += change;
  busy_gpus_meter_.set(loop_.now(), spec_.gpus - free_gpus_);
  idle_gpus_meter_.set(loop_.now(), free_gpus_);
}

double BatchCluster::gpu_seconds_allocated() const {
  return allocated_gpu_s_ + gpu_seconds(spec_.gpus - free_gpus_, loop_.now() - last_change_);
}

/// How much of a started job's time up to `until` lies in the run.
sim::Duration BatchCluster::in_figures(std::size_t index, sim::SimTime until) const {
  return until - std::max(*records_[index].start, figures_from());
}

double BatchCluster::busy_by_job_table() const {
  double sum = done_gpu_s_;
  for (const std::size_t index : running_indexes_)
    sum += gpu_seconds(jobs_[index].gpus, in_figures(index, loop_.now()));
  return sum;
}

double BatchCluster::gpu_seconds_offered() const {
  const sim::SimTime from = figures_from();
  double sum = 0.0;
  for (std::size_t i = 0; i < next_submission_; ++i) {
    const BatchJob& job = jobs_[i];
    if (job.gpus > spec_.gpus) continue;
    const sim::SimTime end = std::min(end_of(job.submit, job.run), loop_.now());
    if (end > from) sum += gpu_seconds(job.gpus, end - std::max(job.submit, from));
  }
  return sum;
}

double BatchCluster::gpu_seconds_waiting() const {
  double sum = 0.0;
  for (std::size_t i = 0; i < next_submission_; ++i) {
    if (!records_[i].start && jobs_[i].gpus <= spec_.gpus) sum += gpu_seconds(jobs_[i].gpus, jobs_[i].run);
  }
  return sum;
}

GpuEnergy BatchCluster::take_tick_energy() {
  return std::exchange(energy_, {});
}

BatchStatistics BatchCluster::statistics() const {
  return {.waiting_at_start = waiting_at_start_,
          .running_at_start = running_at_start_,
          .submitted = submitted_,
          .started = started_,
          .done = done_,
          .running = running(),
          .waiting = waiting(),
          .rejected = rejected_,
          .wait_mean_s = mean_of(wait_sum_s_, started_),
          .bounded_slowdown_mean = mean_of(bounded_slowdown_sum_, done_),
          .gpu_seconds_allocated = gpu_seconds_allocated(),
          .gpu_seconds_busy = busy_by_job_table(),
          .gpu_seconds_idle = idle_gpus_meter_.total() - idle_gpu_s_before_,
          .gpu_seconds_capacity = gpu_seconds(spec_.gpus, loop_.now() - figures_from())};
}

}  // namespace fleetwatt::models
