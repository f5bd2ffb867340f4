// Which scheduled events still stand. Each has a slot until it leaves its set, dead or alive; a handle carries the
// slot's generation, so that a handle of an event that has left cancels nothing. Four bytes a pending event.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "sim/event.hpp"

namespace fleetwatt::sim {

class EventSlots {
 public:
  static constexpr int slot_bits = 64 - Event::payload_bits;
  static constexpr std::uint32_t max_slots = std::uint32_t{1} << slot_bits;

  [[nodiscard]] EventHandle take() {
    if (free_.empty()) return grow();
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return {slot, words_[slot] >> 1U};
  }

  /// Whether the handle's event was pending and is now dead.
  bool kill(EventHandle handle) {
    if (handle.slot >= words_.size() || words_[handle.slot] != handle.generation << 1U) return false;
    words_[handle.slot] |= 1U;
    return true;
  }

  /// The event of that slot leaves its set; whether it was alive.
  bool release(std::uint32_t slot) {
    const bool alive = (words_[slot] & 1U) == 0;
    words_[slot] = (words_[slot] & ~std::uint32_t{1}) + 2U;
    free_.push_back(slot);
    return alive;
  }

  [[nodiscard]] std::size_t allocated_bytes() const {
    return (words_.capacity() + free_.capacity()) * sizeof(std::uint32_t);
  }

  [[nodiscard]] bool is_dead(std::uint32_t slot) const { return (words_[slot] & 1U) != 0; }

 private:
  EventHandle grow() {
    if (words_.size() == max_slots) throw std::length_error("more than 16,777,216 events are pending");
    if (words_.size() == words_.capacity()) words_.reserve(words_.size() + words_.size() / 4 + 64);
    words_.push_back(0);
    return {static_cast<std::uint32_t>(words_.size() - 1), 0};
  }

  std::vector<std::uint32_t> words_;  ///< generation, and whether dead in the lowest bit
  std::vector<std::uint32_t> free_;
};

}  // namespace fleetwatt::sim
