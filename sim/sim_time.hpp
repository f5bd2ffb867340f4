// Simulated time: whole ticks of 2^-34 s in 64 bits. Whole seconds are exact, sums do not depend on their grouping, and
// the range is 17 years to either side of the run's start. Calendar time is another matter (sim/calendar.hpp).
#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>

#include "sim/error.hpp"

namespace fleetwatt::sim {

/// A length of simulated time.
class Duration {
 public:
  static constexpr int tick_bits = 34;
  static constexpr std::int64_t ticks_per_s = std::int64_t{1} << tick_bits;
  static constexpr std::int64_t max_whole_s = std::numeric_limits<std::int64_t>::max() >> tick_bits;

  constexpr Duration() = default;
  [[nodiscard]] static constexpr Duration from_ticks(std::int64_t ticks) { return Duration(ticks); }

  /// Whole seconds, exactly. |whole_s| at most `max_whole_s` (17 years), otherwise OutOfRange.
  [[nodiscard]] static constexpr Duration from_whole_s(std::int64_t whole_s) {
    if (whole_s > max_whole_s || whole_s < -max_whole_s) throw OutOfRange("a duration is longer than 17 years");
    return Duration(whole_s * ticks_per_s);
  }

  /// The nearest tick. Throws OutOfRange for what is not finite or longer than 17 years.
  [[nodiscard]] static Duration from_s(double value_s) {
    if (!(std::fabs(value_s) <= static_cast<double>(max_whole_s))) {
      throw OutOfRange("a duration is not finite or longer than 17 years");
    }
    return Duration(std::llround(value_s * static_cast<double>(ticks_per_s)));
  }

  [[nodiscard]] constexpr std::int64_t ticks() const { return ticks_; }
  [[nodiscard]] constexpr double s() const { return static_cast<double>(ticks_) / static_cast<double>(ticks_per_s); }
  /// Seconds, rounded down.
  [[nodiscard]] constexpr std::int64_t whole_s() const { return ticks_ >> tick_bits; }

  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return Duration(a.ticks_ + b.ticks_); }
  friend constexpr Duration operator-(Duration a, Duration b) { return Duration(a.ticks_ - b.ticks_); }
  friend constexpr Duration operator*(Duration a, std::int64_t count) { return Duration(a.ticks_ * count); }
  /// How many whole `b` there are in `a`; both positive.
  friend constexpr std::int64_t operator/(Duration a, Duration b) { return a.ticks_ / b.ticks_; }
  friend constexpr Duration operator%(Duration a, Duration b) { return Duration(a.ticks_ % b.ticks_); }
  constexpr Duration& operator+=(Duration other) {
    ticks_ += other.ticks_;
    return *this;
  }

 private:
  constexpr explicit Duration(std::int64_t ticks) : ticks_(ticks) {}
  std::int64_t ticks_ = 0;
};

/// A moment of simulated time, counted from the run's start.
class SimTime {
 public:
  constexpr SimTime() = default;
  [[nodiscard]] static constexpr SimTime from_ticks(std::int64_t ticks) { return SimTime(Duration::from_ticks(ticks)); }
  [[nodiscard]] static constexpr SimTime at(Duration since_start) { return SimTime(since_start); }
  [[nodiscard]] static constexpr SimTime max() { return from_ticks(std::numeric_limits<std::int64_t>::max()); }

  [[nodiscard]] constexpr std::int64_t ticks() const { return since_start_.ticks(); }
  [[nodiscard]] constexpr Duration since_start() const { return since_start_; }
  [[nodiscard]] constexpr double s() const { return since_start_.s(); }

  friend constexpr auto operator<=>(const SimTime&, const SimTime&) = default;
  friend constexpr SimTime operator+(SimTime t, Duration d) { return SimTime(t.since_start_ + d); }
  friend constexpr SimTime operator-(SimTime t, Duration d) { return SimTime(t.since_start_ - d); }
  friend constexpr Duration operator-(SimTime a, SimTime b) { return a.since_start_ - b.since_start_; }
  constexpr SimTime& operator+=(Duration d) {
    since_start_ += d;
    return *this;
  }

 private:
  constexpr explicit SimTime(Duration since_start) : since_start_(since_start) {}
  Duration since_start_;
};

inline constexpr Duration one_hour = Duration::from_whole_s(3600);
inline constexpr Duration one_day = Duration::from_whole_s(86400);

}  // namespace fleetwatt::sim
