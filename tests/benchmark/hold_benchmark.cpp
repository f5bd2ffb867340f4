// The hold model of a pending event set: with N events pending, the next is taken and one is scheduled at an
// exponential distance after it (or at distances with many ties, or of two sizes). Ours and its oracle, a binary heap,
// which can also cancel, against std::priority_queue on a reserved vector.
//
// Source: Jones (1986), "An empirical comparison of priority-queue and event-set implementations", Commun. ACM 29(4),
// 300
#include <benchmark/benchmark.h>

#include <cmath>
#include <queue>
#include <string>
#include <vector>

#include "sim/binary_heap_event_set.hpp"
#include "sim/pending_event_set.hpp"
#include "tests/benchmark/benchmarks.hpp"

namespace fleetwatt::benchmarks {

namespace {

enum class Kind : std::uint8_t { tick };

/// Uniform on (0, 1); the same cheap generator for all, so that the queues weigh most.
class Uniform {
 public:
  double operator()() {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 7U;
    state_ ^= state_ << 17U;
    return (static_cast<double>(state_ >> 11U) + 0.5) * 0x1.0p-53;
  }

 private:
  std::uint64_t state_ = 88172645463325252ULL;
};

sim::Duration ticks(double seconds) {
  return sim::Duration::from_ticks(
      static_cast<std::int64_t>(seconds * static_cast<double>(sim::Duration::ticks_per_s)));
}

struct Exponential {
  Uniform uniform;
  sim::Duration operator()() { return ticks(-std::log(uniform())); }
};
/// 0, 1, 2 or 3 s: most events share their time with many.
struct Ties {
  Uniform uniform;
  sim::Duration operator()() { return sim::Duration::from_whole_s(static_cast<std::int64_t>(4.0 * uniform())); }
};
/// Nine in ten after a millisecond or so, one after seconds.
struct Bimodal {
  Uniform uniform;
  sim::Duration operator()() { return ticks(-std::log(uniform()) * (uniform() < 0.9 ? 1e-3 : 8.0)); }
};

/// push(time, subject), pop() -> time.
template <class Gap, class Push, class Pop>
void hold(benchmark::State& state, Push push, Pop pop) {
  Gap gap;
  for (std::int64_t i = 0; i < state.range(0); ++i) push(sim::SimTime() + gap(), static_cast<std::uint64_t>(i));
  sim::SimTime now;
  for (auto _ : state) {
    now = pop();
    push(now + gap(), 1);
  }
  benchmark::DoNotOptimize(now);
  state.SetItemsProcessed(state.iterations());
}

template <class EventSet, class Gap>
void hold_events(benchmark::State& state) {
  EventSet pending;
  hold<Gap>(
      state,
      [&](sim::SimTime time, std::uint64_t subject) { pending.schedule(sim::Event::make(time, Kind::tick, subject)); },
      [&] { return pending.pop().time; });
}

/// What anyone would write first: 24 bytes, equal times in order of insertion.
struct PlainEvent {
  sim::SimTime time;
  std::uint64_t sequence = 0;
  std::uint64_t payload = 0;

  bool operator>(const PlainEvent& other) const {
    return time != other.time ? time > other.time : sequence > other.sequence;
  }
};
static_assert(sizeof(PlainEvent) == 24);

template <class Gap>
void hold_std_priority_queue(benchmark::State& state) {
  std::vector<PlainEvent> reserved;
  reserved.reserve(static_cast<std::size_t>(state.range(0)) + 1);
  std::priority_queue<PlainEvent, std::vector<PlainEvent>, std::greater<>> pending({}, std::move(reserved));
  std::uint64_t sequence = 0;
  hold<Gap>(
      state,
      [&](sim::SimTime time, std::uint64_t subject) {
        pending.push({time, sequence++, subject});
      },
      [&] {
        const sim::SimTime time = pending.top().time;
        pending.pop();
        return time;
      });
}

/// Filling a set with ten million events; bytes held for each.
void memory(benchmark::State& state) {
  for (auto _ : state) {
    sim::PendingEventSet pending;
    Exponential gap;
    for (std::int64_t i = 0; i < state.range(0); ++i)
      pending.schedule(sim::Event::make(sim::SimTime() + gap(), Kind::tick, 1));
    state.counters["bytes_per_event"] =
        static_cast<double>(pending.allocated_bytes()) / static_cast<double>(state.range(0));
  }
}

template <class Gap>
void register_gap(const std::string& name, std::initializer_list<int> sizes) {
  for (const int pending : sizes) {
    benchmark::RegisterBenchmark((name + "/fleetwatt").c_str(), hold_events<sim::PendingEventSet, Gap>)->Arg(pending);
    benchmark::RegisterBenchmark((name + "/binary_heap").c_str(), hold_events<sim::BinaryHeapEventSet, Gap>)
        ->Arg(pending);
    benchmark::RegisterBenchmark((name + "/std_priority_queue").c_str(), hold_std_priority_queue<Gap>)->Arg(pending);
  }
}

}  // namespace

void register_hold() {
  register_gap<Exponential>("hold", {1000, 100000, 1000000});
  register_gap<Ties>("hold_ties", {100000, 1000000});
  register_gap<Bimodal>("hold_bimodal", {100000, 1000000});
  benchmark::RegisterBenchmark("pending_memory", memory)->Arg(10'000'000)->Iterations(1)->Unit(benchmark::kMillisecond);
}

}  // namespace fleetwatt::benchmarks
