// The pending event set: events by time, equal times in the order in which they were scheduled. A monotone radix heap
// on the integer time: what is scheduled is never earlier than what was popped last.
//
//   base       no pending event is earlier; its digits (4 bits each) are the yardstick
//   buckets    an event stands in bucket (d, v), d the highest digit in which its time differs from the base, v that
//   digit's value.
//              When the base moves, only the bucket that the base moves into changes, so equal times always share a
//              bucket and stay in order without a sequence number.
//   bottom     the next events, sorted; it holds all events before `bottom_end`
//
// When the bottom is empty, the first bucket of the lowest digit becomes the new bottom if it is small, else it is
// dealt out to lower digits; never a bucket that begins at or after the bound of `pop_before`, so that an event may
// still be scheduled before the next pending one. Cancelling is lazy: a dead event is dropped when it is met, and all
// are purged when they are half.
//
// Costs: each event is moved at most once a digit (two or three times in practice); 16 bytes an event and 4 for its
// slot. Ahuja, Mehlhorn, Orlin, Tarjan (1990), "Faster algorithms for the shortest path problem", J. ACM 37(2),
// doi:10.1145/77600.77615
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "sim/event_slots.hpp"

namespace fleetwatt::sim {

class PendingEventSet {
 public:
  PendingEventSet();

  /// Amortised O(1). Throws std::logic_error for a time before one that was popped, std::length_error above 2^24
  /// pending events.
  EventHandle schedule(const Event& event);

  /// Whether the event was still pending. Amortised O(1).
  bool cancel(EventHandle handle);

  [[nodiscard]] bool empty() const { return live_ == 0; }
  [[nodiscard]] std::size_t size() const { return live_; }

  /// The next event, if it is before `bound`.
  [[nodiscard]] std::optional<Event> pop_before(SimTime bound);
  /// Removes and returns the next event; the set must not be empty.
  Event pop() { return *pop_before(SimTime::max()); }
  /// The time of the next event; nullopt when empty. O(events of one bucket): for tests and for looking ahead, not for
  /// the loop.
  [[nodiscard]] std::optional<SimTime> next_time();

  /// Bytes held, for tests and benchmarks.
  [[nodiscard]] std::size_t allocated_bytes() const;

 private:
  static constexpr int digit_bits = 4;
  static constexpr std::uint64_t digit_mask = (std::uint64_t{1} << digit_bits) - 1;
  static constexpr std::size_t values = std::size_t{1} << digit_bits;
  static constexpr std::size_t digits = (63 + digit_bits - 1) / digit_bits;
  static constexpr std::size_t sorted_at_most = 48;                  ///< events that become the bottom at once
  static constexpr std::size_t bottom_at_most = 4 * sorted_at_most;  ///< beyond it the later events go back to buckets

  struct Entry {
    std::uint64_t time = 0;
    std::uint64_t payload = 0;  ///< the event's, and its slot in the upper bits
    [[nodiscard]] std::uint32_t slot() const { return static_cast<std::uint32_t>(payload >> Event::payload_bits); }
  };
  /// Buckets are lists of chunks out of one pool.
  struct Chunk {
    static constexpr std::size_t capacity = 31;
    Chunk* next = nullptr;
    std::size_t size = 0;
    std::array<Entry, capacity> entries;
  };
  struct Bucket {
    Chunk* first = nullptr;
    Chunk* last = nullptr;
  };

  [[nodiscard]] Bucket& bucket(std::size_t digit, std::size_t value) { return buckets_[digit * values + value]; }
  [[nodiscard]] static std::size_t digit_of(std::uint64_t difference) {
    return static_cast<std::size_t>(63 - std::countl_zero(difference | 1U)) / digit_bits;
  }
  void insert_into_bottom(const Entry& entry);
  void shrink_bottom();
  void append_to_bucket(const Entry& entry);
  void append(Bucket& list, const Entry& entry);
  Chunk* take_chunk();
  /// Puts a chunk back into the pool; returns the one after it.
  Chunk* drop_chunk(Chunk* chunk);
  void grow_pool();
  /// Fills the bottom with events before `bound`; false when there are none.
  bool refill(std::uint64_t bound);
  void make_bottom(Bucket list, std::size_t events);
  void sort_bottom();
  [[nodiscard]] static std::size_t count(const Bucket& list, std::size_t enough);
  [[nodiscard]] static std::uint64_t least_time(const Bucket& list);
  void purge();

  std::vector<Bucket> buckets_;
  std::array<std::uint64_t, digits> occupied_{};  ///< one bit a value
  std::uint32_t occupied_digits_ = 0;             ///< one bit a digit
  static constexpr std::size_t chunks_a_block = 64;
  std::vector<std::unique_ptr<Chunk[]>> pool_;
  Chunk* free_chunks_ = nullptr;

  std::vector<Entry> bottom_;  ///< sorted; those before `bottom_front_` have left
  std::size_t bottom_front_ = 0;
  std::uint64_t bottom_end_ = 0;  ///< exclusive
  std::uint64_t base_ = 0;
  std::uint64_t popped_ = 0;  ///< time of the last event popped

  EventSlots slots_;
  std::size_t live_ = 0;
  std::size_t dead_ = 0;
};

inline PendingEventSet::Chunk* PendingEventSet::take_chunk() {
  if (free_chunks_ == nullptr) grow_pool();
  Chunk* taken = free_chunks_;
  free_chunks_ = std::exchange(taken->next, nullptr);
  taken->size = 0;
  return taken;
}

inline PendingEventSet::Chunk* PendingEventSet::drop_chunk(Chunk* chunk) {
  Chunk* next = std::exchange(chunk->next, free_chunks_);
  free_chunks_ = chunk;
  return next;
}

inline void PendingEventSet::append(Bucket& list, const Entry& entry) {
  Chunk* last = list.last;
  if (last == nullptr || last->size == Chunk::capacity) {
    Chunk* added = take_chunk();
    (last == nullptr ? list.first : last->next) = added;
    list.last = last = added;
  }
  last->entries[last->size++] = entry;
}

inline void PendingEventSet::append_to_bucket(const Entry& entry) {
  const std::size_t digit = digit_of(entry.time ^ base_);
  const std::size_t value = (entry.time >> (digit * digit_bits)) & digit_mask;
  occupied_[digit] |= std::uint64_t{1} << value;
  occupied_digits_ |= std::uint32_t{1} << digit;
  append(bucket(digit, value), entry);
}

inline void PendingEventSet::insert_into_bottom(const Entry& entry) {
  if (bottom_front_ == bottom_.size()) {
    bottom_.clear();
    bottom_front_ = 0;
  }
  auto place = bottom_.end();
  const auto front = bottom_.begin() + static_cast<std::ptrdiff_t>(bottom_front_);
  while (place != front && (place - 1)->time > entry.time) --place;
  bottom_.insert(place, entry);
  if (bottom_.size() > bottom_at_most) shrink_bottom();
}

inline EventHandle PendingEventSet::schedule(const Event& event) {
  const auto time = static_cast<std::uint64_t>(event.time.ticks());
  if (time < popped_ || event.time < SimTime())
    throw std::logic_error("an event was scheduled before one that has happened");
  const EventHandle handle = slots_.take();
  const Entry entry{time, event.payload | (std::uint64_t{handle.slot} << Event::payload_bits)};
  if (time < bottom_end_)
    insert_into_bottom(entry);
  else
    append_to_bucket(entry);
  ++live_;
  return handle;
}

inline bool PendingEventSet::cancel(EventHandle handle) {
  if (!slots_.kill(handle)) return false;
  --live_;
  ++dead_;
  if (dead_ > live_ + 64) purge();
  return true;
}

inline std::optional<Event> PendingEventSet::pop_before(SimTime bound) {
  const auto limit = static_cast<std::uint64_t>(bound.ticks());
  while (true) {
    if (bottom_front_ == bottom_.size() && !refill(limit)) return std::nullopt;
    const Entry entry = bottom_[bottom_front_];
    if (entry.time >= limit) return std::nullopt;
    ++bottom_front_;
    if (slots_.release(entry.slot())) {
      --live_;
      popped_ = entry.time;
      constexpr std::uint64_t own_bits = (std::uint64_t{1} << Event::payload_bits) - 1;
      return Event{SimTime::from_ticks(static_cast<std::int64_t>(entry.time)), entry.payload & own_bits};
    }
    --dead_;
  }
}

}  // namespace fleetwatt::sim
