// Calendar time, at the edges of the simulation: UTC moments, time zones with daylight saving, leap days. Howard
// Hinnant's date library and the system's tzdata do the work; only calendar.cpp sees them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace fleetwatt::sim {

/// A moment in whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted (Unix time).
struct UtcSeconds {
  std::int64_t value = 0;
  friend auto operator<=>(const UtcSeconds&, const UtcSeconds&) = default;
};

/// A day and time of day on somebody's wall clock (or UTC's).
struct CivilTime {
  int year = 1970;
  int month = 1;  ///< 1..12
  int day = 1;    ///< 1..31
  int hour = 0;   ///< 0..23
  int minute = 0;
  int second = 0;
};

[[nodiscard]] UtcSeconds utc_from_civil(const CivilTime& utc);
[[nodiscard]] CivilTime civil_from_utc(UtcSeconds time);
[[nodiscard]] bool is_valid(const CivilTime& time);
/// 0 = Sunday ... 6 = Saturday.
[[nodiscard]] int weekday_of(UtcSeconds time);
/// 0 on the first of January.
[[nodiscard]] int day_of_year(const CivilTime& time);
[[nodiscard]] bool is_leap_year(int year);

/// A moment as written with fraction of a second and, perhaps, an offset from UTC.
struct ParsedTime {
  UtcSeconds time;               ///< the digits read as UTC, then moved by the offset where there is one
  std::int64_t nanoseconds = 0;  ///< fraction of the second
  bool has_offset = false;
};

/// Reads `2024-07-15`, `2024-07-15 01:00[:00[.123456789]]`, `2024-07-15T01:00Z`, `...+02:00`, `...+0200`, `...+02`; `t`
/// and `z` may be small. Nothing else: nullopt.
[[nodiscard]] std::optional<ParsedTime> parse_time(std::string_view text);

/// `2024-07-15 01:00 UTC`
[[nodiscard]] std::string to_text(UtcSeconds time);
/// `2024-07-15T01:00:00Z`
[[nodiscard]] std::string to_iso8601(UtcSeconds time);

/// A named time zone of the IANA database.
class TimeZone {
 public:
  /// nullopt for a name that the system's tzdata does not know.
  [[nodiscard]] static std::optional<TimeZone> find(const std::string& name);
  [[nodiscard]] static TimeZone utc();

  /// What is added to UTC to read the wall clock at `time`, daylight saving included.
  [[nodiscard]] std::int64_t utc_offset_s(UtcSeconds time) const;
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  TimeZone(std::string name, const void* zone) : name_(std::move(name)), zone_(zone) {}
  std::string name_;
  const void* zone_;  ///< date::time_zone, owned by the library's database
};

}  // namespace fleetwatt::sim
