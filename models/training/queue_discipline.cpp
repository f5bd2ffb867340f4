#include "models/training/queue_discipline.hpp"

#include <algorithm>

namespace fleetwatt::models {

namespace {

struct Reservation {
  sim::SimTime shadow_time = sim::SimTime::max();
  int extra_gpus = 0;
};

/// The head's reservation, given what is free and what runs, the jobs just started included.
Reservation reserve(int head_gpus, int free_gpus, std::vector<RunningJob> running, sim::SimTime now) {
  for (auto& job : running) job.planned_end = std::max(job.planned_end, now);
  const auto by_end = [](const RunningJob& a, const RunningJob& b) { return a.planned_end < b.planned_end; };
  if (!std::ranges::is_sorted(running, by_end)) std::ranges::sort(running, by_end);
  Reservation reservation;
  int freed_gpus = free_gpus;
  for (const auto& job : running) {
    if (job.planned_end > reservation.shadow_time) break;
    freed_gpus += job.gpus;
    if (freed_gpus >= head_gpus) {  // all that end at the shadow time count
      reservation.shadow_time = job.planned_end;
      reservation.extra_gpus = freed_gpus - head_gpus;
    }
  }
  return reservation;
}

struct Starts {
  std::vector<std::size_t> indexes;
  int free_gpus = 0;
};

/// The longest run of jobs at the front of the queue that fit together.
Starts start_in_order(const QueueView& view) {
  Starts starts{{}, view.free_gpus};
  for (const auto& job : view.queue) {
    if (job.gpus > starts.free_gpus) break;
    starts.free_gpus -= job.gpus;
    starts.indexes.push_back(starts.indexes.size());
  }
  return starts;
}

Reservation reserve_for_head(const QueueView& view, const Starts& starts) {
  std::vector<RunningJob> running(view.running.begin(), view.running.end());
  for (const std::size_t index : starts.indexes) {
    running.push_back({end_of(view.now, view.queue[index].estimate), view.queue[index].gpus});
  }
  return reserve(view.queue[starts.indexes.size()].gpus, starts.free_gpus, std::move(running), view.now);
}

bool any_fits(std::span<const BatchJob> jobs, int free_gpus) {
  return free_gpus > 0 && std::ranges::any_of(jobs, [&](const BatchJob& job) { return job.gpus <= free_gpus; });
}

}  // namespace

std::vector<std::size_t> Fcfs::jobs_to_start(const QueueView& view) const {
  return start_in_order(view).indexes;
}

std::vector<std::size_t> EasyBackfill::jobs_to_start(const QueueView& view) const {
  Starts starts = start_in_order(view);
  const std::size_t head = starts.indexes.size();
  if (head == view.queue.size() || !any_fits(view.queue.subspan(head + 1), starts.free_gpus)) return starts.indexes;
  Reservation reservation = reserve_for_head(view, starts);
  for (std::size_t i = head + 1; i < view.queue.size() && starts.free_gpus > 0; ++i) {
    const BatchJob& job = view.queue[i];
    if (job.gpus > starts.free_gpus) continue;
    const bool ends_in_time = end_of(view.now, job.estimate) <= reservation.shadow_time;
    if (!ends_in_time && job.gpus > reservation.extra_gpus) continue;
    if (!ends_in_time) reservation.extra_gpus -= job.gpus;
    starts.free_gpus -= job.gpus;
    starts.indexes.push_back(i);
  }
  return starts.indexes;
}

std::vector<std::size_t> jobs_to_start(const AnyQueueDiscipline& discipline, sim::SimTime now, int free_gpus,
                                       std::span<const BatchJob> queue, std::span<const RunningJob> running) {
  const QueueView view{now, free_gpus, queue, running};
  return std::visit([&](const auto& chosen) { return chosen.jobs_to_start(view); }, discipline);
}

}  // namespace fleetwatt::models
