// Events: kind and subject share one word and come apart again.
#include "sim/event.hpp"

#include <catch2/catch.hpp>

namespace fleetwatt::sim {

namespace {

enum class Kind : std::uint8_t { arrival, completion, last = 255 };

}  // namespace

TEST_CASE("an event gives back its time, kind and subject", "[unit]") {
  const Event event = Event::make(SimTime::at(one_hour), Kind::completion, 1234);
  CHECK(event.time == SimTime::at(one_hour));
  CHECK(event.kind<Kind>() == Kind::completion);
  CHECK(event.subject() == 1234);
}

TEST_CASE("the largest subject and the last kind do not touch each other", "[unit]") {
  CHECK(Event::max_subject == 4'294'967'295ULL);  // 2^32 - 1
  const Event largest = Event::make(SimTime{}, Kind::arrival, Event::max_subject);
  CHECK(largest.kind<Kind>() == Kind::arrival);
  CHECK(largest.subject() == Event::max_subject);
  const Event last = Event::make(SimTime{}, Kind::last, 0);
  CHECK(last.kind<Kind>() == Kind::last);
  CHECK(last.subject() == 0);
}

}  // namespace fleetwatt::sim
