// The pending event set (a radix heap) against its oracle (a binary heap with sequence numbers): the same events in the
// same order, on random, bimodal and many-tie times, with cancels, and with pushes below the next pending time after a
// bounded run.
#include "sim/pending_event_set.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include <vector>

#include "sim/binary_heap_event_set.hpp"

namespace fleetwatt::sim {

namespace {

enum class Gaps { random, bimodal, ties };

/// Ticks from now to a new event. `value` is uniform on 0..999,999.
std::int64_t gap_ticks(Gaps gaps, std::uint32_t value) {
  switch (gaps) {
    case Gaps::random:
      return std::int64_t{value} * 37'123;  // up to 2 s
    case Gaps::bimodal:
      return value % 10 == 0 ? std::int64_t{value} << 27 : std::int64_t{value} % 5'000;  // hours, or microseconds
    case Gaps::ties:
      return (std::int64_t{value} % 3) << Duration::tick_bits;  // 0, 1 or 2 s
  }
  return 0;
}

/// Both sets side by side; every step is taken by both.
class Pair {
 public:
  void schedule(SimTime time) {
    const Event event = Event::make(time, 0, next_subject_++ % Event::max_subject);
    handles_.push_back({set_.schedule(event), heap_.schedule(event)});
    check_sizes();
  }

  void cancel(std::size_t which) {
    if (handles_.empty()) return;
    const auto& [in_set, in_heap] = handles_[which % handles_.size()];  // stale ones are tried too
    RC_ASSERT(set_.cancel(in_set) == heap_.cancel(in_heap));
    check_sizes();
  }

  /// Pops everything before `bound`, and schedules a follower for each event by `follow`.
  template <class Follow>
  void run_until(SimTime bound, Follow follow) {
    while (const auto found = set_.pop_before(bound)) {
      RC_ASSERT(heap_.next_time().has_value());
      const Event expected = heap_.pop();
      RC_ASSERT(found->time == expected.time);
      RC_ASSERT(found->payload == expected.payload);
      RC_ASSERT(found->time < bound);
      follow(found->time);
    }
    RC_ASSERT(heap_.empty() || *heap_.next_time() >= bound);
  }

  void check_next() { RC_ASSERT(set_.next_time() == heap_.next_time()); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }

 private:
  void check_sizes() { RC_ASSERT(set_.size() == heap_.size()); }

  PendingEventSet set_;
  BinaryHeapEventSet heap_;
  std::vector<std::pair<EventHandle, EventHandle>> handles_;
  std::uint64_t next_subject_ = 0;
};

/// Rounds of: schedule some, cancel some, run to a bound that may lie between pending events, schedule from there on.
void compare(Gaps gaps, const std::vector<std::uint32_t>& steps) {
  Pair pair;
  SimTime now;
  for (const std::uint32_t step : steps) {
    const std::uint32_t value = step / 8;
    switch (step % 8) {
      case 0:
        pair.cancel(value);
        break;
      case 1: {
        const SimTime bound = now + Duration::from_ticks(gap_ticks(gaps, value) / 3);
        pair.run_until(bound, [](SimTime) {});
        now = bound;
        break;
      }
      case 2:
        pair.check_next();
        break;
      default:
        pair.schedule(now + Duration::from_ticks(gap_ticks(gaps, value)));
        break;
    }
  }
  pair.run_until(SimTime::max(), [](SimTime) {});
  RC_ASSERT(pair.size() == 0U);
}

auto many_steps() {
  return rc::gen::resize(600, rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange(0U, 8'000'000U)));
}

/// The hold model: N pending, each event schedules its follower; then all are drained.
void hold(Gaps gaps, std::size_t pending, std::size_t events, std::uint32_t seed) {
  Pair pair;
  std::uint32_t state = seed | 1U;
  const auto draw = [&] {
    state = state * 1'664'525U + 1'013'904'223U;
    return (state >> 8U) % 1'000'000U;
  };
  for (std::size_t i = 0; i < pending; ++i) pair.schedule(SimTime::from_ticks(gap_ticks(gaps, draw())));
  std::size_t followers = events;
  pair.run_until(SimTime::max(), [&](SimTime now) {
    if (followers == 0) return;
    --followers;
    pair.schedule(now + Duration::from_ticks(gap_ticks(gaps, draw())));
    if (draw() % 50 == 0) pair.cancel(draw());
  });
}

}  // namespace

TEST_CASE("the pending event set pops what its oracle pops", "[unit][property]") {
  CHECK(rc::check("random gaps", [] { compare(Gaps::random, *many_steps()); }));
  CHECK(rc::check("bimodal gaps", [] { compare(Gaps::bimodal, *many_steps()); }));
  CHECK(rc::check("many ties", [] { compare(Gaps::ties, *many_steps()); }));
}

TEST_CASE("the pending event set pops what its oracle pops in the hold model", "[unit][property]") {
  for (const Gaps gaps : {Gaps::random, Gaps::bimodal, Gaps::ties}) {
    for (const std::size_t pending : {1U, 40U, 700U, 20'000U}) hold(gaps, pending, 30'000, 7);
  }
}

TEST_CASE("most events of a pending event set cancelled, the rest in order", "[unit][property]") {
  CHECK(rc::check("schedule all, cancel most", [] {
    const auto values =
        *rc::gen::resize(800, rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange(0U, 1'000'000U)));
    Pair pair;
    for (const std::uint32_t value : values) pair.schedule(SimTime::from_ticks(gap_ticks(Gaps::bimodal, value)));
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] % 8 != 0) pair.cancel(i);
    }
    pair.run_until(SimTime::max(), [](SimTime) {});
    RC_ASSERT(pair.size() == 0U);
  }));
}

}  // namespace fleetwatt::sim
