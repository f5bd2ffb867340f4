#include "sim/event_loop.hpp"

#include <stdexcept>

namespace fleetwatt::sim {

EventHandle EventLoop::schedule(const Event& event) {
  if (event.time < now_) throw std::logic_error("an event was scheduled in the past");
  return pending_.schedule(event);
}

void EventLoop::require_not_past(SimTime end) const {
  if (end < now_) throw std::logic_error("an event loop was asked to run into the past");
}

}  // namespace fleetwatt::sim
