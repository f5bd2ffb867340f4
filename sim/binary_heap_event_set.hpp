// The oracle of the pending event set (sim/pending_event_set.hpp): the same promises, kept in the plainest way. A
// binary heap on (time, sequence number); cancelling is lazy and the dead are purged when they are half. Any order of
// times may be scheduled.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/event.hpp"

namespace fleetwatt::sim {

class BinaryHeapEventSet {
 public:
  /// O(log n).
  EventHandle schedule(const Event& event);
  /// Whether the event was still pending. O(1), amortised.
  bool cancel(EventHandle handle);

  [[nodiscard]] bool empty() const { return live_ == 0; }
  [[nodiscard]] std::size_t size() const { return live_; }
  /// The time of the next event; nullopt when empty.
  [[nodiscard]] std::optional<SimTime> next_time();
  /// Removes and returns the next event; the set must not be empty.
  Event pop();

 private:
  struct Entry {
    Event event;
    std::uint64_t sequence;
    EventHandle handle;
  };
  static bool later(const Entry& a, const Entry& b) {
    return a.event.time != b.event.time ? a.event.time > b.event.time : a.sequence > b.sequence;
  }
  [[nodiscard]] bool is_dead(const Entry& entry) const {
    return generations_[entry.handle.slot] != entry.handle.generation;
  }
  void drop_dead_top();
  void purge();
  void release(std::uint32_t slot);

  std::vector<Entry> heap_;
  std::vector<std::uint32_t> generations_;
  std::vector<std::uint32_t> free_slots_;
  std::uint64_t next_sequence_ = 0;
  std::size_t live_ = 0;
};

}  // namespace fleetwatt::sim
