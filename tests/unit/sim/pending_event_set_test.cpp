// The pending event set: order, ties, cancelling, the reuse of handles, memory. tests/property compares it with its
// oracle.
#include "sim/pending_event_set.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace fleetwatt::sim {

namespace {

Event at_s(std::int64_t time_s, std::uint64_t payload) {
  return {SimTime::at(Duration::from_whole_s(time_s)), payload};
}

std::vector<std::uint64_t> drain(PendingEventSet& set) {
  std::vector<std::uint64_t> payloads;
  while (!set.empty()) payloads.push_back(set.pop().payload);
  return payloads;
}

}  // namespace

TEST_CASE("a new set is empty", "[unit]") {
  PendingEventSet set;
  CHECK(set.empty());
  CHECK(set.size() == 0);
  CHECK_FALSE(set.next_time().has_value());
}

TEST_CASE("events leave by time, whatever the order in which they came", "[unit]") {
  PendingEventSet set;
  for (const std::int64_t time_s : {5, 1, 4, 2, 3}) set.schedule(at_s(time_s, static_cast<std::uint64_t>(time_s)));
  CHECK(set.next_time() == SimTime::at(Duration::from_whole_s(1)));
  CHECK(set.size() == 5);
  CHECK(drain(set) == std::vector<std::uint64_t>{1, 2, 3, 4, 5});
}

TEST_CASE("equal times leave in the order in which they were scheduled", "[unit]") {
  PendingEventSet set;
  std::vector<std::uint64_t> expected;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    set.schedule(at_s(7, 1000 - i));  // falling payloads: nothing but the order of scheduling may count
    expected.push_back(1000 - i);
  }
  CHECK(drain(set) == expected);
}

TEST_CASE("ties keep their order when others leave and are cancelled between", "[unit]") {
  PendingEventSet set;
  set.schedule(at_s(1, 100));
  set.schedule(at_s(7, 1));
  const EventHandle second = set.schedule(at_s(7, 2));
  CHECK(set.pop().payload == 100);
  set.schedule(at_s(7, 3));  // takes the slot of the event that left
  CHECK(set.cancel(second));
  set.schedule(at_s(7, 4));  // takes the slot of the one that was cancelled
  CHECK(drain(set) == std::vector<std::uint64_t>{1, 3, 4});
}

TEST_CASE("a cancelled event does not come", "[unit]") {
  PendingEventSet set;
  const EventHandle first = set.schedule(at_s(1, 1));
  set.schedule(at_s(2, 2));
  CHECK(set.cancel(first));
  CHECK(set.size() == 1);
  CHECK(set.next_time() == SimTime::at(Duration::from_whole_s(2)));
  CHECK(drain(set) == std::vector<std::uint64_t>{2});
}

TEST_CASE("a set whose events were all cancelled is empty", "[unit]") {
  PendingEventSet set;
  const EventHandle only = set.schedule(at_s(1, 1));
  CHECK(set.cancel(only));
  CHECK(set.empty());
  CHECK_FALSE(set.next_time().has_value());
}

TEST_CASE("cancelling twice, or after the event left, does nothing", "[unit]") {
  PendingEventSet set;
  const EventHandle cancelled = set.schedule(at_s(1, 1));
  const EventHandle left = set.schedule(at_s(2, 2));
  set.schedule(at_s(3, 3));
  CHECK(set.cancel(cancelled));
  CHECK_FALSE(set.cancel(cancelled));
  CHECK(set.pop().payload == 2);
  CHECK_FALSE(set.cancel(left));
  CHECK(set.size() == 1);
  CHECK_FALSE(set.cancel({.slot = 99, .generation = 0}));  // never given out
}

TEST_CASE("an old handle cannot cancel the event that took its slot", "[unit]") {
  PendingEventSet set;
  const EventHandle old = set.schedule(at_s(1, 1));
  set.pop();
  const EventHandle young = set.schedule(at_s(2, 2));
  REQUIRE(young.slot == old.slot);
  CHECK_FALSE(set.cancel(old));
  CHECK(set.size() == 1);
  CHECK(set.cancel(young));
}

TEST_CASE("a purge of many cancelled events loses none of the others", "[unit]") {
  PendingEventSet set;
  std::vector<EventHandle> handles;
  for (std::uint64_t i = 0; i < 1000; ++i) handles.push_back(set.schedule(at_s(static_cast<std::int64_t>(i % 10), i)));
  for (std::size_t i = 0; i < handles.size(); ++i) {
    if (i % 100 != 0) CHECK(set.cancel(handles[i]));
  }
  CHECK(set.size() == 10);
  CHECK(drain(set) == std::vector<std::uint64_t>{0, 100, 200, 300, 400, 500, 600, 700, 800, 900});
}

TEST_CASE("after a bounded run an event may be scheduled before the next pending one", "[unit]") {
  PendingEventSet set;
  set.schedule(at_s(100, 1));
  CHECK_FALSE(set.pop_before(SimTime::at(Duration::from_whole_s(50))).has_value());
  set.schedule(at_s(60, 2));
  set.schedule(at_s(50, 3));
  CHECK(drain(set) == std::vector<std::uint64_t>{3, 2, 1});
}

TEST_CASE("an event exactly at the bound waits for the next run", "[unit]") {
  PendingEventSet set;
  set.schedule(at_s(5, 1));
  CHECK_FALSE(set.pop_before(SimTime::at(Duration::from_whole_s(5))).has_value());
  CHECK(set.pop_before(SimTime::at(Duration::from_whole_s(6)))->payload == 1);
}

TEST_CASE("an event before one that has happened is refused", "[unit]") {
  PendingEventSet set;
  set.schedule(at_s(5, 1));
  set.pop();
  CHECK_THROWS_WITH(set.schedule(at_s(4, 2)), "an event was scheduled before one that has happened");
}

TEST_CASE("a pending event takes at most 24 bytes when they are many", "[unit]") {
  PendingEventSet set;
  constexpr std::size_t events = 1'000'000;
  for (std::size_t i = 0; i < events; ++i)
    set.schedule(Event{SimTime::from_ticks(static_cast<std::int64_t>(i * 7919 % events) << 14), 0});
  CHECK(static_cast<double>(set.allocated_bytes()) / events < 24.0);
}

}  // namespace fleetwatt::sim
