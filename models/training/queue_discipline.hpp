// Which waiting jobs start now. Disciplines plan with estimated ends; true run times are unknown to them.
// Sources: Lifka (1995), "The ANL/IBM SP scheduling system", JSSPP; Mu'alem and Feitelson (2001), IEEE TPDS 12(6), 529
// (EASY). Leaves out priorities, fair share, preemption and where in the cluster a job lands: GPUs are alike and any of
// them will do.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "models/training/job.hpp"

namespace fleetwatt::models {

struct RunningJob {
  sim::SimTime planned_end;  ///< start + estimate; in the past for a job that exceeds its estimate
  int gpus = 0;
};

/// What a discipline may look at.
struct QueueView {
  sim::SimTime now;
  int free_gpus = 0;
  std::span<const BatchJob> queue;      ///< by submission; none wants more GPUs than the cluster has
  std::span<const RunningJob> running;  ///< in any order; quickest by planned end
};

/// Start the head of the queue while it fits; else wait.
struct Fcfs {
  [[nodiscard]] std::vector<std::size_t> jobs_to_start(const QueueView& view) const;
};

/// First come, first served, and one reservation for the head that does not fit: at the *shadow time*, the first at
/// which the planned ends free enough GPUs for it; those free then beyond its need are *extra*. A later job that fits
/// now starts if it ends by the shadow time, or on extra GPUs alone. A running job beyond its estimate counts as ending
/// now. One pass in order of submission finds what a new search after each start would: a start leaves the shadow time
/// where it is, and takes from the extra GPUs only what it holds beyond that time.
struct EasyBackfill {
  [[nodiscard]] std::vector<std::size_t> jobs_to_start(const QueueView& view) const;
};

template <class D>
concept QueueDiscipline = std::copyable<D> && requires(const D& discipline, const QueueView& view) {
  { discipline.jobs_to_start(view) } -> std::same_as<std::vector<std::size_t>>;
};
static_assert(QueueDiscipline<Fcfs> && QueueDiscipline<EasyBackfill>);

using AnyQueueDiscipline = std::variant<Fcfs, EasyBackfill>;

struct QueueDisciplineEntry {
  std::string_view name;
  std::string_view meaning;
  AnyQueueDiscipline discipline;
};

inline constexpr std::array queue_disciplines = {
    QueueDisciplineEntry{"fcfs", "first come, first served: a job that does not fit holds up all behind it", Fcfs{}},
    QueueDisciplineEntry{"easy-backfill", "later jobs start early where that does not delay the first in the queue",
                         EasyBackfill{}}};
static_assert(queue_disciplines.size() == std::variant_size_v<AnyQueueDiscipline>);

/// Indexes into `queue` of the jobs to start at `now`, in the order in which they start.
[[nodiscard]] std::vector<std::size_t> jobs_to_start(const AnyQueueDiscipline& discipline, sim::SimTime now,
                                                     int free_gpus, std::span<const BatchJob> queue,
                                                     std::span<const RunningJob> running);

}  // namespace fleetwatt::models
