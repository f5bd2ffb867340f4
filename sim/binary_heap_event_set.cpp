#include "sim/binary_heap_event_set.hpp"

#include <algorithm>
#include <cassert>

namespace fleetwatt::sim {

EventHandle BinaryHeapEventSet::schedule(const Event& event) {
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<std::uint32_t>(generations_.size()));
    generations_.push_back(0);
  }
  const std::uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  const EventHandle handle{slot, generations_[slot]};
  heap_.push_back({event, next_sequence_++, handle});
  std::push_heap(heap_.begin(), heap_.end(), later);
  ++live_;
  return handle;
}

bool BinaryHeapEventSet::cancel(EventHandle handle) {
  if (handle.slot >= generations_.size() || generations_[handle.slot] != handle.generation) return false;
  release(handle.slot);
  if (heap_.size() > 2 * live_ + 16) purge();
  return true;
}

std::optional<SimTime> BinaryHeapEventSet::next_time() {
  drop_dead_top();
  if (heap_.empty()) return std::nullopt;
  return heap_.front().event.time;
}

Event BinaryHeapEventSet::pop() {
  drop_dead_top();
  assert(!heap_.empty());
  std::pop_heap(heap_.begin(), heap_.end(), later);
  const Entry entry = heap_.back();
  heap_.pop_back();
  release(entry.handle.slot);
  return entry.event;
}

void BinaryHeapEventSet::drop_dead_top() {
  while (!heap_.empty() && is_dead(heap_.front())) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    heap_.pop_back();
  }
}

void BinaryHeapEventSet::purge() {
  std::erase_if(heap_, [this](const Entry& entry) { return is_dead(entry); });
  std::make_heap(heap_.begin(), heap_.end(), later);
}

void BinaryHeapEventSet::release(std::uint32_t slot) {
  ++generations_[slot];  // the old handle, and a dead entry in the heap, no longer match
  free_slots_.push_back(slot);
  --live_;
}

}  // namespace fleetwatt::sim
