// What waits in the pending event set: a moment and a payload, 16 bytes. The payload's low bits are the event's kind,
// the rest is whatever the model needs to find its subject (usually an index); dispatch is a `switch` on the kind. The
// upper 24 bits belong to the set that the event waits in.
#pragma once

#include <cstdint>

#include "sim/sim_time.hpp"

namespace fleetwatt::sim {

struct Event {
  static constexpr int kind_bits = 8;
  static constexpr int subject_bits = 32;
  static constexpr int payload_bits = kind_bits + subject_bits;
  static constexpr std::uint64_t max_subject = (std::uint64_t{1} << subject_bits) - 1;

  SimTime time;
  std::uint64_t payload = 0;

  /// Kind is any enumeration with at most 256 values; subject is at most `max_subject`.
  template <class Kind>
  [[nodiscard]] static constexpr Event make(SimTime time, Kind kind, std::uint64_t subject) {
    return {time, (subject << kind_bits) | static_cast<std::uint64_t>(kind)};
  }

  template <class Kind>
  [[nodiscard]] constexpr Kind kind() const {
    return static_cast<Kind>(payload & ((std::uint64_t{1} << kind_bits) - 1));
  }
  [[nodiscard]] constexpr std::uint64_t subject() const { return (payload >> kind_bits) & max_subject; }
};

static_assert(sizeof(Event) == 16);

/// Names a scheduled event, to cancel it. A handle of an event that has left its set is harmless.
struct EventHandle {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
};

}  // namespace fleetwatt::sim
