#include "sim/pending_event_set.hpp"

#include <limits>

namespace fleetwatt::sim {

PendingEventSet::PendingEventSet() : buckets_(digits * values) {
  bottom_.reserve(2 * sorted_at_most);
}

void PendingEventSet::grow_pool() {
  Chunk* block = pool_.emplace_back(std::make_unique<Chunk[]>(chunks_a_block)).get();
  for (std::size_t i = chunks_a_block; i-- > 0;) drop_chunk(block + i);
}

std::size_t PendingEventSet::count(const Bucket& list, std::size_t enough) {
  std::size_t events = 0;
  for (const Chunk* chunk = list.first; chunk != nullptr && events <= enough; chunk = chunk->next)
    events += chunk->size;
  return events;
}

std::uint64_t PendingEventSet::least_time(const Bucket& list) {
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  for (const Chunk* chunk = list.first; chunk != nullptr; chunk = chunk->next) {
    for (std::size_t i = 0; i < chunk->size; ++i) least = std::min(least, chunk->entries[i].time);
  }
  return least;
}

bool PendingEventSet::refill(std::uint64_t bound) {
  while (occupied_digits_ != 0) {
    const auto digit = static_cast<std::size_t>(std::countr_zero(occupied_digits_));
    const auto value = static_cast<std::size_t>(std::countr_zero(occupied_[digit]));
    Bucket& place = bucket(digit, value);
    const int shift = static_cast<int>(digit) * digit_bits;
    const std::uint64_t width = std::uint64_t{1} << shift;
    const std::uint64_t start = (((base_ >> shift) & ~digit_mask) | value) << shift;
    if (start >= bound) return false;
    if (start + width > bound && least_time(place) >= bound)
      return false;  // nothing of it is due: leave the base where it is

    const Bucket list = std::exchange(place, {});
    occupied_[digit] &= ~(std::uint64_t{1} << value);
    if (occupied_[digit] == 0) occupied_digits_ &= ~(std::uint32_t{1} << digit);
    base_ = start;
    const std::size_t events = count(list, sorted_at_most);
    if (digit == 0 || events <= sorted_at_most) {
      bottom_end_ = start + width;
      make_bottom(list, events);
      return true;
    }
    bottom_end_ = start;
    for (Chunk* chunk = list.first; chunk != nullptr; chunk = drop_chunk(chunk)) {
      for (std::size_t i = 0; i < chunk->size; ++i) append_to_bucket(chunk->entries[i]);
    }
  }
  return false;
}

void PendingEventSet::make_bottom(Bucket list, std::size_t events) {
  bottom_.clear();
  bottom_front_ = 0;
  for (Chunk* chunk = list.first; chunk != nullptr; chunk = drop_chunk(chunk)) {
    bottom_.insert(bottom_.end(), chunk->entries.begin(),
                   chunk->entries.begin() + static_cast<std::ptrdiff_t>(chunk->size));
  }
  if (events > sorted_at_most) return;  // of one time
  sort_bottom();
}

void PendingEventSet::sort_bottom() {
  // Each event's rank by counting, without a branch that could be guessed wrong; an earlier place wins a tie.
  const std::size_t events = bottom_.size();
  std::array<std::uint8_t, sorted_at_most> ranks{};
  for (std::size_t i = 1; i < events; ++i) {
    const std::uint64_t time = bottom_[i].time;
    std::uint8_t rank = 0;
    for (std::size_t j = 0; j < i; ++j) {
      const std::uint8_t after = bottom_[j].time > time ? 1 : 0;
      ranks[j] = static_cast<std::uint8_t>(ranks[j] + after);
      rank = static_cast<std::uint8_t>(rank + 1 - after);
    }
    ranks[i] = rank;
  }
  std::array<Entry, sorted_at_most> sorted;
  for (std::size_t i = 0; i < events; ++i) sorted[ranks[i]] = bottom_[i];
  std::copy_n(sorted.begin(), events, bottom_.begin());
}

void PendingEventSet::shrink_bottom() {
  if (2 * bottom_front_ >= bottom_.size()) {
    bottom_.erase(bottom_.begin(), bottom_.begin() + static_cast<std::ptrdiff_t>(bottom_front_));
    bottom_front_ = 0;
  }
  // Events of one time stay together: the cut is at an event later than the first.
  const std::uint64_t first_time = bottom_[bottom_front_].time;
  if (bottom_.size() - bottom_front_ <= bottom_at_most || bottom_.back().time == first_time) return;
  const std::uint64_t cut = std::max(bottom_[bottom_front_ + sorted_at_most / 2].time, first_time + 1);
  const auto later = std::lower_bound(bottom_.begin() + static_cast<std::ptrdiff_t>(bottom_front_), bottom_.end(), cut,
                                      [](const Entry& entry, std::uint64_t time) { return entry.time < time; });
  for (auto entry = later; entry != bottom_.end(); ++entry) append_to_bucket(*entry);
  bottom_.erase(later, bottom_.end());
  bottom_end_ = cut;
}

std::optional<SimTime> PendingEventSet::next_time() {
  while (bottom_front_ != bottom_.size() && slots_.is_dead(bottom_[bottom_front_].slot())) {
    slots_.release(bottom_[bottom_front_++].slot());
    --dead_;
  }
  if (bottom_front_ != bottom_.size())
    return SimTime::from_ticks(static_cast<std::int64_t>(bottom_[bottom_front_].time));
  if (live_ == 0) return std::nullopt;
  if (dead_ > 0) purge();
  const auto digit = static_cast<std::size_t>(std::countr_zero(occupied_digits_));
  const auto value = static_cast<std::size_t>(std::countr_zero(occupied_[digit]));
  return SimTime::from_ticks(static_cast<std::int64_t>(least_time(bucket(digit, value))));
}

void PendingEventSet::purge() {
  const auto drop = [this](const Entry& entry) {
    if (!slots_.is_dead(entry.slot())) return false;
    slots_.release(entry.slot());
    return true;
  };
  bottom_.erase(bottom_.begin(), bottom_.begin() + static_cast<std::ptrdiff_t>(bottom_front_));
  bottom_front_ = 0;
  std::erase_if(bottom_, drop);
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    const Bucket list = std::exchange(buckets_[i], {});
    for (Chunk* chunk = list.first; chunk != nullptr; chunk = drop_chunk(chunk)) {
      for (std::size_t entry = 0; entry < chunk->size; ++entry) {
        if (!drop(chunk->entries[entry])) append(buckets_[i], chunk->entries[entry]);
      }
    }
    if (list.first == nullptr || buckets_[i].first != nullptr) continue;
    const std::size_t digit = i / values;
    occupied_[digit] &= ~(std::uint64_t{1} << (i % values));
    if (occupied_[digit] == 0) occupied_digits_ &= ~(std::uint32_t{1} << digit);
  }
  dead_ = 0;
}

std::size_t PendingEventSet::allocated_bytes() const {
  return buckets_.capacity() * sizeof(Bucket) + pool_.size() * chunks_a_block * sizeof(Chunk) +
         bottom_.capacity() * sizeof(Entry) + slots_.allocated_bytes();
}

}  // namespace fleetwatt::sim
