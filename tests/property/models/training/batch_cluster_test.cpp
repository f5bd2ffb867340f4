// A batch cluster against a naive oracle: second by second, planning by counting GPUs at each future second, searching
// the queue anew after each start; and the laws that hold for any list of jobs.
#include "models/training/batch_cluster.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <optional>
#include <vector>

namespace {

using fleetwatt::models::AnyQueueDiscipline;
using fleetwatt::models::BatchCluster;
using fleetwatt::models::BatchJob;
using fleetwatt::models::EasyBackfill;
using fleetwatt::models::Fcfs;
using fleetwatt::sim::Duration;
using fleetwatt::sim::SimTime;

struct SecondsJob {
  int submit_s, run_s, estimate_s, gpus;
};

std::ostream& operator<<(std::ostream& out, const SecondsJob& job) {
  return out << "{submit " << job.submit_s << ", run " << job.run_s << ", estimate " << job.estimate_s << ", gpus "
             << job.gpus << "}";
}

/// What the planner knows of a job's run time.
enum class Estimates { exact, above, any };

struct Workload {
  int gpus = 1;
  std::vector<SecondsJob> jobs;
};

/// first .. last, the whole range from the first case on.
int draw(int first, int last) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(first, last + 1));
}

/// Times are multiples of 3 s and short, so that many are equal.
Workload draw_workload(Estimates estimates) {
  Workload workload;
  workload.gpus = draw(1, 12);
  const int count = draw(0, 40);
  int submit_s = 0;
  for (int i = 0; i < count; ++i) {
    submit_s += 3 * draw(0, 2);
    const int run_s = 3 * draw(0, 8);
    const int other_s = 3 * draw(0, 12);
    const int estimate_s = estimates == Estimates::exact   ? run_s
                           : estimates == Estimates::above ? run_s + other_s
                                                           : other_s;
    workload.jobs.push_back({submit_s, run_s, estimate_s, draw(1, workload.gpus + 1)});  // some are too large
  }
  return workload;
}

/// Long enough for every job of a workload to end: 40 submissions 6 s apart, then 40 runs of 24 s one after the other.
constexpr int horizon_s = 1260;

struct Fate {
  int start_s = -1, end_s = -1;
  int promised_s = -1;  ///< shadow time when it first headed the queue without fitting
};

class Oracle {
 public:
  Oracle(const Workload& workload, bool backfill)
      : workload_(workload), backfill_(backfill), fates_(workload.jobs.size()) {}

  std::vector<Fate> run() {
    for (int t = 0; t < horizon_s; ++t) {
      for (std::size_t i = 0; i < workload_.jobs.size(); ++i) {
        if (workload_.jobs[i].submit_s != t) continue;
        if (workload_.jobs[i].gpus <= workload_.gpus) waiting_.push_back(i);
        plan(t);  // also where the job was too large
      }
      end_all_due(t);  // after the submissions, one at a time, in the order of their starts
    }
    return fates_;
  }

 private:
  const SecondsJob& job(std::size_t i) const { return workload_.jobs[i]; }

  void end_all_due(int t) {
    for (std::size_t k = 0; k < running_.size();) {
      if (fates_[running_[k]].start_s + job(running_[k]).run_s > t) {
        ++k;
        continue;
      }
      fates_[running_[k]].end_s = t;
      running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(k));
      plan(t);
      k = 0;  // the plan may have started a job of no length
    }
  }

  /// GPUs not planned to be in use at `later`, if nothing else starts.
  int free_at(int later, int now) const {
    int free = workload_.gpus;
    for (const std::size_t i : running_) {
      const int planned_end_s = std::max(fates_[i].start_s + job(i).estimate_s, now);
      const bool in_use = later == now ? true : planned_end_s > later;
      if (in_use) free -= job(i).gpus;
    }
    return free;
  }

  /// The first second at which the planned ends leave room for `gpus`; ends at `now` itself count.
  int shadow_s(int gpus, int now) const {
    int overdue_free = workload_.gpus;
    for (const std::size_t i : running_) {
      if (fates_[i].start_s + job(i).estimate_s > now) overdue_free -= job(i).gpus;
    }
    if (overdue_free >= gpus) return now;
    int later = now + 1;
    while (free_at(later, now) < gpus) ++later;
    return later;
  }

  /// GPUs planned to be in use at `later` by what runs, ends at `later` counted as ended.
  int planned_in_use(int later) const {
    int in_use = 0;
    for (const std::size_t i : running_) in_use += fates_[i].start_s + job(i).estimate_s > later ? job(i).gpus : 0;
    return in_use;
  }

  bool delays_head(std::size_t candidate, std::size_t head, int now) const {
    const int shadow = shadow_s(job(head).gpus, now);
    const int candidate_in_use = now + job(candidate).estimate_s > shadow ? job(candidate).gpus : 0;
    return planned_in_use(shadow) + candidate_in_use + job(head).gpus > workload_.gpus;
  }

  void begin(std::size_t position, int t) {
    const std::size_t i = waiting_[position];
    fates_[i].start_s = t;
    running_.push_back(i);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(position));
  }

  bool start_one(int t) {
    if (waiting_.empty()) return false;
    const std::size_t head = waiting_.front();
    if (job(head).gpus <= free_at(t, t)) {
      begin(0, t);
      return true;
    }
    if (fates_[head].promised_s < 0) fates_[head].promised_s = shadow_s(job(head).gpus, t);
    for (std::size_t k = 1; backfill_ && k < waiting_.size(); ++k) {
      if (job(waiting_[k]).gpus > free_at(t, t) || delays_head(waiting_[k], head, t)) continue;
      begin(k, t);
      return true;
    }
    return false;
  }

  void plan(int t) {
    while (start_one(t)) {
    }
  }

  Workload workload_;
  bool backfill_;
  std::vector<Fate> fates_;
  std::vector<std::size_t> waiting_, running_;
};

BatchCluster make_cluster(const Workload& workload, AnyQueueDiscipline discipline, int tick_s) {
  std::vector<BatchJob> jobs;
  for (const auto& job : workload.jobs) {
    jobs.push_back({.number = static_cast<std::int64_t>(jobs.size()),
                    .submit = SimTime::at(Duration::from_whole_s(job.submit_s)),
                    .run = Duration::from_whole_s(job.run_s),
                    .estimate = Duration::from_whole_s(job.estimate_s),
                    .gpus = job.gpus});
  }
  return BatchCluster({.name = "c",
                       .gpus = workload.gpus,
                       .busy_gpu_w = 630,
                       .idle_gpu_w = 70,
                       .discipline = discipline,
                       .tick = Duration::from_whole_s(tick_s)},
                      jobs);
}

SimTime at(int time_s) {
  return SimTime::at(Duration::from_whole_s(time_s));
}

BatchCluster run_cluster(const Workload& workload, AnyQueueDiscipline discipline) {
  BatchCluster cluster = make_cluster(workload, discipline, horizon_s);
  cluster.run_until(at(horizon_s));
  return cluster;
}

int whole_s(const std::optional<SimTime>& time) {
  return time ? static_cast<int>(time->since_start().whole_s()) : -1;
}

AnyQueueDiscipline draw_discipline() {
  return *rc::gen::arbitrary<bool>() ? AnyQueueDiscipline(EasyBackfill{}) : AnyQueueDiscipline(Fcfs{});
}

bool agree(double a, double b) {
  return std::fabs(a - b) <= 1e-12 * std::max(std::fabs(a), std::fabs(b));
}

}  // namespace

TEST_CASE("every start and end is the oracle's") {
  CHECK(rc::check("cluster = oracle", [] {
    const Workload workload = draw_workload(*rc::gen::element(Estimates::exact, Estimates::above, Estimates::any));
    const bool backfill = *rc::gen::arbitrary<bool>();
    const auto expected = Oracle(workload, backfill).run();
    const BatchCluster cluster =
        run_cluster(workload, backfill ? AnyQueueDiscipline(EasyBackfill{}) : AnyQueueDiscipline(Fcfs{}));
    RC_CLASSIFY(backfill);
    RC_LOG() << "gpus " << workload.gpus << ", jobs " << rc::toString(workload.jobs);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      RC_ASSERT(whole_s(cluster.records()[i].start) == expected[i].start_s);
      RC_ASSERT(whole_s(cluster.records()[i].end) == expected[i].end_s);
    }
  }));
}

TEST_CASE("no moment sees more GPUs in use than there are") {
  CHECK(rc::check("capacity", [] {
    const Workload workload = draw_workload(Estimates::any);
    const BatchCluster cluster = run_cluster(workload, draw_discipline());
    for (const auto& starter : cluster.records()) {
      if (!starter.start) continue;
      int in_use = 0;
      for (const auto& other : cluster.records()) {
        if (other.start && *other.start <= *starter.start && *starter.start < *other.end) in_use += other.gpus;
      }
      RC_ASSERT(in_use <= workload.gpus);
      RC_ASSERT(*starter.start >= starter.submit);
    }
  }));
}

TEST_CASE("EASY never starts the head after the shadow time of its reservation, where no estimate is too short") {
  CHECK(rc::check("reservation", [] {
    const Workload workload = draw_workload(*rc::gen::element(Estimates::exact, Estimates::above));
    const auto fates = Oracle(workload, true).run();  // computes each head's shadow time by counting
    const BatchCluster cluster = run_cluster(workload, EasyBackfill{});
    for (std::size_t i = 0; i < fates.size(); ++i) {
      if (fates[i].promised_s >= 0) RC_ASSERT(whole_s(cluster.records()[i].start) <= fates[i].promised_s);
    }
  }));
}

TEST_CASE("first come, first served starts jobs in the order of submission") {
  CHECK(rc::check("order", [] {
    const BatchCluster cluster = run_cluster(draw_workload(Estimates::any), Fcfs{});
    SimTime last;
    for (const auto& record : cluster.records()) {
      if (!record.start) continue;
      RC_ASSERT(*record.start >= last);
      last = *record.start;
    }
  }));
}

TEST_CASE("where every job wants the whole cluster, EASY is first come, first served") {
  CHECK(rc::check("whole cluster", [] {
    Workload workload = draw_workload(Estimates::above);
    for (auto& job : workload.jobs) job.gpus = workload.gpus;
    const BatchCluster easy = run_cluster(workload, EasyBackfill{});
    const BatchCluster fcfs = run_cluster(workload, Fcfs{});
    for (std::size_t i = 0; i < workload.jobs.size(); ++i)
      RC_ASSERT(easy.records()[i].start == fcfs.records()[i].start);
  }));
}

TEST_CASE("jobs and GPU time are conserved at any moment") {
  CHECK(rc::check("conservation", [] {
    const Workload workload = draw_workload(Estimates::any);
    BatchCluster cluster = make_cluster(workload, draw_discipline(), 1);
    const int until_s = *rc::gen::inRange(0, 300);
    cluster.run_until(at(until_s));
    const auto s = cluster.statistics();
    RC_ASSERT(s.submitted == s.rejected + s.waiting + s.started);
    RC_ASSERT(s.started == s.running + s.done);
    RC_ASSERT(cluster.running() == s.running);
    RC_ASSERT(cluster.waiting() == s.waiting);
    RC_ASSERT(cluster.gpu_seconds_allocated() == s.gpu_seconds_allocated);
    RC_ASSERT(agree(s.gpu_seconds_busy, s.gpu_seconds_allocated));
    RC_ASSERT(agree(s.gpu_seconds_allocated + s.gpu_seconds_idle, s.gpu_seconds_capacity));
    RC_ASSERT(s.gpu_seconds_capacity == 1.0 * workload.gpus * until_s);
    double from_records = 0.0;  // a third sum: spans of the job table, cut at now
    for (const auto& record : cluster.records()) {
      if (record.start) from_records += record.gpus * (record.end.value_or(at(until_s)) - *record.start).s();
    }
    RC_ASSERT(agree(from_records, s.gpu_seconds_allocated));
    const auto energy = cluster.take_tick_energy();
    RC_ASSERT(agree(energy.active_j, s.gpu_seconds_allocated * 630));
    RC_ASSERT(agree(energy.idle_j, s.gpu_seconds_idle * 70));
  }));
}

TEST_CASE("given time, every job that fits is done") {
  CHECK(rc::check("all done", [] {
    const BatchCluster cluster = run_cluster(draw_workload(Estimates::any), draw_discipline());
    RC_ASSERT(cluster.statistics().done == cluster.statistics().submitted - cluster.statistics().rejected);
    RC_ASSERT(cluster.statistics().submitted == static_cast<std::int64_t>(cluster.records().size()));
  }));
}

TEST_CASE("a run split into ticks is the whole run, to the bit") {
  CHECK(rc::check("split", [] {
    const Workload workload = draw_workload(Estimates::any);
    const AnyQueueDiscipline discipline = draw_discipline();
    const int tick_s = *rc::gen::element(1, 3, 7, 20);
    const int ticks = *rc::gen::inRange(1, 60);
    BatchCluster whole = make_cluster(workload, discipline, tick_s);
    BatchCluster split = make_cluster(workload, discipline, tick_s);
    whole.run_until(at(ticks * tick_s));
    fleetwatt::models::GpuEnergy split_energy;
    double busy_gpu_s = 0.0;
    for (int tick = 1; tick <= ticks; ++tick) {
      split.run_until(at(tick * tick_s));
      split_energy += split.take_tick_energy();
      busy_gpu_s += split.mean_busy_gpus() * tick_s;
    }
    const auto a = whole.statistics();
    const auto b = split.statistics();
    RC_ASSERT(a.submitted == b.submitted);
    RC_ASSERT(a.done == b.done);
    RC_ASSERT(a.waiting == b.waiting);
    RC_ASSERT(a.wait_mean_s == b.wait_mean_s);
    RC_ASSERT(a.bounded_slowdown_mean == b.bounded_slowdown_mean);
    RC_ASSERT(a.gpu_seconds_allocated == b.gpu_seconds_allocated);
    RC_ASSERT(a.gpu_seconds_busy == b.gpu_seconds_busy);
    RC_ASSERT(a.gpu_seconds_idle == b.gpu_seconds_idle);
    RC_ASSERT(agree(whole.take_tick_energy().total_j(), split_energy.total_j()));  // sums of ticks, in another grouping
    RC_ASSERT(agree(busy_gpu_s, b.gpu_seconds_allocated));
    for (std::size_t i = 0; i < workload.jobs.size(); ++i) {
      RC_ASSERT(whole.records()[i].start == split.records()[i].start);
      RC_ASSERT(whole.records()[i].end == split.records()[i].end);
    }
  }));
}
