// The event loop: the clock, the edge of a run, and what handlers may do.
#include "sim/event_loop.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace fleetwatt::sim {

namespace {

SimTime at_s(std::int64_t time_s) {
  return SimTime::at(Duration::from_whole_s(time_s));
}

}  // namespace

TEST_CASE("the clock stands at each event, then at the end", "[unit]") {
  EventLoop loop;
  loop.schedule({at_s(3), 30});
  loop.schedule({at_s(1), 10});
  std::vector<std::uint64_t> seen;
  loop.run_until(at_s(5), [&](const Event& event) {
    CHECK(loop.now() == event.time);
    seen.push_back(event.payload);
  });
  CHECK(seen == std::vector<std::uint64_t>{10, 30});
  CHECK(loop.now() == at_s(5));
  CHECK(loop.handled() == 2);
  CHECK(loop.pending() == 0);
}

TEST_CASE("an event exactly at the end belongs to the next call", "[unit]") {
  EventLoop loop;
  loop.schedule({at_s(5), 1});
  int count = 0;
  const auto handle = [&](const Event&) { ++count; };
  loop.run_until(at_s(5), handle);
  CHECK(count == 0);
  CHECK(loop.now() == at_s(5));
  loop.run_until(at_s(5) + Duration::from_ticks(1), handle);
  CHECK(count == 1);
}

TEST_CASE("a run cut in parts handles the same events as one run", "[unit]") {
  const auto run = [](const std::vector<std::int64_t>& ends_s) {
    EventLoop loop;
    for (std::int64_t i = 0; i < 50; ++i) loop.schedule({at_s(i * 7 % 50), static_cast<std::uint64_t>(i)});
    std::vector<std::uint64_t> seen;
    for (const auto end_s : ends_s) loop.run_until(at_s(end_s), [&](const Event& e) { seen.push_back(e.payload); });
    return seen;
  };
  CHECK(run({60}).size() == 50);
  CHECK(run({10, 10, 23, 49, 60}) == run({60}));
}

TEST_CASE("a handler may schedule at its own moment and later", "[unit]") {
  EventLoop loop;
  loop.schedule({at_s(1), 0});
  loop.schedule({at_s(1), 100});
  std::vector<std::uint64_t> seen;
  loop.run_until(at_s(10), [&](const Event& event) {
    seen.push_back(event.payload);
    if (event.payload == 0) {
      loop.schedule({loop.now(), 1});
      loop.schedule({at_s(10), 2});  // at the end: stays
    }
  });
  CHECK(seen == std::vector<std::uint64_t>{0, 100, 1});
  CHECK(loop.pending() == 1);
}

TEST_CASE("a handler may cancel what is still to come", "[unit]") {
  EventLoop loop;
  loop.schedule({at_s(1), 1});
  const EventHandle later = loop.schedule({at_s(2), 2});
  int count = 0;
  loop.run_until(at_s(10), [&](const Event&) {
    ++count;
    CHECK(loop.cancel(later));
  });
  CHECK(count == 1);
}

TEST_CASE("the past is closed", "[unit]") {
  EventLoop loop;
  loop.run_until(at_s(5), [](const Event&) {});
  CHECK_THROWS_AS(loop.schedule({at_s(4), 0}), std::logic_error);
  CHECK_THROWS_WITH(loop.schedule({at_s(4), 0}), "an event was scheduled in the past");
  CHECK_THROWS_AS(loop.run_until(at_s(4), [](const Event&) {}), std::logic_error);
  CHECK_THROWS_WITH(loop.run_until(at_s(4), [](const Event&) {}), "an event loop was asked to run into the past");
  CHECK(loop.now() == at_s(5));
  CHECK_NOTHROW(loop.schedule({at_s(5), 0}));
}

}  // namespace fleetwatt::sim
