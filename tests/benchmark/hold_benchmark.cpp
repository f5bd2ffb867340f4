// The hold model of a pending event set: with N events pending, the next is taken and one is scheduled at an
// exponential distance after it. Ours and its oracle, a binary heap, which can also cancel, against
// std::priority_queue on a reserved vector.
//
// Source: Jones (1986), "An empirical comparison of priority-queue and event-set implementations", Commun. ACM 29(4),
// 300
#include <benchmark/benchmark.h>

#include <queue>
#include <vector>

#include "sim/binary_heap_event_set.hpp"
#include "sim/distributions.hpp"
#include "sim/pending_event_set.hpp"
#include "sim/random_stream.hpp"
#include "tests/benchmark/benchmarks.hpp"

namespace fleetwatt::benchmarks {

namespace {

enum class Kind : std::uint8_t { tick };

/// Drawn beforehand, so that the queues alone are timed.
std::vector<sim::Duration> exponential_gaps() {
  constexpr std::size_t count = 1 << 16;
  sim::RandomStream stream(1, "hold", "gaps");
  std::vector<sim::Duration> gaps;
  for (std::size_t i = 0; i < count; ++i) gaps.push_back(sim::Duration::from_s(sim::draw_exponential(stream, 1.0)));
  return gaps;
}

/// push(time, subject), pop() -> time.
template <class Push, class Pop>
void hold(benchmark::State& state, Push push, Pop pop) {
  const auto gaps = exponential_gaps();
  std::size_t next = 0;
  const auto gap = [&] { return gaps[next++ % gaps.size()]; };
  for (std::int64_t i = 0; i < state.range(0); ++i) push(sim::SimTime() + gap(), static_cast<std::uint64_t>(i));
  sim::SimTime now;
  for (auto _ : state) {
    now = pop();
    push(now + gap(), next);
  }
  benchmark::DoNotOptimize(now);
  state.SetItemsProcessed(state.iterations());
}

template <class EventSet>
void hold_events(benchmark::State& state) {
  EventSet pending;
  hold(
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

void hold_std_priority_queue(benchmark::State& state) {
  std::vector<PlainEvent> reserved;
  reserved.reserve(static_cast<std::size_t>(state.range(0)) + 1);
  std::priority_queue<PlainEvent, std::vector<PlainEvent>, std::greater<>> pending({}, std::move(reserved));
  std::uint64_t sequence = 0;
  hold(
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

}  // namespace

void register_hold() {
  for (const int pending : {1000, 100000}) {
    benchmark::RegisterBenchmark("hold/fleetwatt", hold_events<sim::PendingEventSet>)->Arg(pending);
    benchmark::RegisterBenchmark("hold/binary_heap", hold_events<sim::BinaryHeapEventSet>)->Arg(pending);
    benchmark::RegisterBenchmark("hold/std_priority_queue", hold_std_priority_queue)->Arg(pending);
  }
}

}  // namespace fleetwatt::benchmarks
