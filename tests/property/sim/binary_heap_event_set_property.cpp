// The binary heap, oracle of the pending event set, against the plainest thing that does the same: a list searched for
// its earliest event.
#include "sim/binary_heap_event_set.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

namespace fleetwatt::sim {

namespace {

struct Listed {
  Event event;
  EventHandle handle;
};

/// In order of scheduling; the earliest of equal times is the first.
class NaiveList {
 public:
  void schedule(const Event& event, EventHandle handle) { listed_.push_back({event, handle}); }

  bool cancel(EventHandle handle) {
    return std::erase_if(listed_, [&](const Listed& l) {
             return l.handle.slot == handle.slot && l.handle.generation == handle.generation;
           }) == 1;
  }

  [[nodiscard]] bool empty() const { return listed_.empty(); }
  [[nodiscard]] std::size_t size() const { return listed_.size(); }
  [[nodiscard]] SimTime next_time() const { return earliest()->event.time; }

  Event pop() {
    const auto found = earliest();
    const Event event = found->event;
    listed_.erase(found);
    return event;
  }

 private:
  [[nodiscard]] std::vector<Listed>::const_iterator earliest() const {
    return std::min_element(listed_.begin(), listed_.end(),
                            [](const Listed& a, const Listed& b) { return a.event.time < b.event.time; });
  }
  std::vector<Listed> listed_;
};

void check_same(BinaryHeapEventSet& set, const NaiveList& naive) {
  RC_ASSERT(set.size() == naive.size());
  RC_ASSERT(set.empty() == naive.empty());
  const auto next = set.next_time();
  RC_ASSERT(next.has_value() == !naive.empty());
  if (next) RC_ASSERT(*next == naive.next_time());
}

void check_same_pop(BinaryHeapEventSet& set, NaiveList& naive) {
  const Event expected = naive.pop();
  const Event found = set.pop();
  RC_ASSERT(found.time == expected.time);
  RC_ASSERT(found.payload == expected.payload);
}

/// Schedules, pops and cancels by the steps' values, with few distinct times so that ties are common. `cancel_weight`
/// of ten steps cancel: many make the set purge itself.
void compare(const std::vector<std::uint32_t>& steps, std::uint32_t cancel_weight) {
  BinaryHeapEventSet set;
  NaiveList naive;
  std::vector<EventHandle> handles;  // of all events that ever were, so that stale handles are tried too
  std::uint64_t payload = 0;
  for (const std::uint32_t step : steps) {
    const std::uint32_t choice = step % 10;
    const std::uint32_t value = step / 10;
    if (choice < cancel_weight && !handles.empty()) {
      const EventHandle handle = handles[value % handles.size()];
      RC_ASSERT(set.cancel(handle) == naive.cancel(handle));
    } else if (choice == 9 && !naive.empty()) {
      check_same_pop(set, naive);
    } else {
      const Event event{SimTime::from_ticks(value % 8), payload++};
      handles.push_back(set.schedule(event));
      naive.schedule(event, handles.back());
    }
    check_same(set, naive);
  }
  while (!naive.empty()) check_same_pop(set, naive);
  RC_ASSERT(set.empty());
}

auto many_steps() {
  return rc::gen::resize(400, rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange(0U, 1'000'000U)));
}

}  // namespace

TEST_CASE("the binary heap does what a naive list does", "[unit][property]") {
  CHECK(rc::check("few cancels", [] { compare(*many_steps(), 2); }));
  CHECK(rc::check("many cancels", [] { compare(*many_steps(), 5); }));
}

TEST_CASE("a full binary heap emptied by cancels does what a naive list does", "[unit][property]") {
  CHECK(rc::check("schedule all, cancel most", [] {
    const auto cancelled =
        *rc::gen::container<std::vector<bool>>(200, rc::gen::weightedElement<bool>({{9, true}, {1, false}}));
    BinaryHeapEventSet set;
    NaiveList naive;
    std::vector<EventHandle> handles;
    for (std::size_t i = 0; i < cancelled.size(); ++i) {
      const Event event{SimTime::from_ticks(static_cast<std::int64_t>(i * 31 % 7)), i};
      handles.push_back(set.schedule(event));
      naive.schedule(event, handles.back());
    }
    for (std::size_t i = 0; i < cancelled.size(); ++i) {
      if (cancelled[i]) RC_ASSERT(set.cancel(handles[i]) && naive.cancel(handles[i]));
    }
    while (!naive.empty()) check_same_pop(set, naive);
    RC_ASSERT(set.empty());
  }));
}

}  // namespace fleetwatt::sim
