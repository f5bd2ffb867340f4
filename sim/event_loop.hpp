// The heart of a pool: a clock and its pending events. A model schedules; `run_until` hands it each event in order.
//
//   while the next pending event is before `end`:  now = its time; handle(event)      (handle may schedule and cancel)
//   now = end
//
// An event exactly at `end` belongs to the next call, so that consecutive calls join without a gap or a double.
#pragma once

#include "sim/pending_event_set.hpp"

namespace fleetwatt::sim {

class EventLoop {
 public:
  [[nodiscard]] SimTime now() const { return now_; }

  /// Throws std::logic_error when the event lies in the past.
  EventHandle schedule(const Event& event);
  bool cancel(EventHandle handle) { return pending_.cancel(handle); }
  [[nodiscard]] std::size_t pending() const { return pending_.size(); }
  [[nodiscard]] std::uint64_t handled() const { return handled_; }

  /// Throws std::logic_error when `end` lies in the past.
  template <class Handler>
  void run_until(SimTime end, Handler&& handle) {
    require_not_past(end);
    while (const auto event = pending_.pop_before(end)) {
      now_ = event->time;
      ++handled_;
      handle(*event);
    }
    now_ = end;
  }

 private:
  void require_not_past(SimTime end) const;

  PendingEventSet pending_;
  SimTime now_;
  std::uint64_t handled_ = 0;
};

}  // namespace fleetwatt::sim
