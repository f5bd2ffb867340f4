#include "sim/calendar.hpp"

#include <date/date.h>
#include <date/tz.h>
#include <fmt/format.h>

#include <stdexcept>

#include "sim/units.hpp"

namespace fleetwatt::sim {

namespace {

constexpr std::int64_t seconds_a_day = 86400;

date::sys_seconds sys_time(UtcSeconds time) {
  return date::sys_seconds{std::chrono::seconds{time.value}};
}

date::year_month_day ymd(const CivilTime& t) {
  return date::year{t.year} / date::month{static_cast<unsigned>(t.month)} / date::day{static_cast<unsigned>(t.day)};
}

/// Eats `digits` decimal digits from the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take_char(std::string_view& text, std::string_view one_of) {
  if (text.empty() || one_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text, CivilTime& out) {
  const auto year = take_number(text, 4);
  if (!year || !take_char(text, "-")) return false;
  const auto month = take_number(text, 2);
  if (!month || !take_char(text, "-")) return false;
  const auto day = take_number(text, 2);
  if (!day) return false;
  out.year = *year, out.month = *month, out.day = *day;
  return true;
}

/// The fraction after a dot, as nanoseconds; digits beyond the ninth are dropped.
std::optional<std::int64_t> take_fraction(std::string_view& text) {
  std::int64_t nanoseconds = 0;
  std::int64_t weight = 100'000'000;
  bool any = false;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    nanoseconds += (text.front() - '0') * weight;
    weight /= 10;
    any = true;
    text.remove_prefix(1);
  }
  if (!any) return std::nullopt;
  return nanoseconds;
}

bool take_time_of_day(std::string_view& text, CivilTime& out, std::int64_t& nanoseconds) {
  const auto hour = take_number(text, 2);
  if (!hour || !take_char(text, ":")) return false;
  const auto minute = take_number(text, 2);
  if (!minute) return false;
  out.hour = *hour, out.minute = *minute;
  if (!take_char(text, ":")) return true;
  const auto second = take_number(text, 2);
  if (!second) return false;
  out.second = *second;
  if (!take_char(text, ".")) return true;
  const auto fraction = take_fraction(text);
  if (!fraction) return false;
  nanoseconds = *fraction;
  return true;
}

/// `Z`, `+HH:MM`, `+HHMM` or `+HH` (or with `-`), in seconds east of UTC.
std::optional<std::int64_t> take_offset_s(std::string_view& text) {
  if (take_char(text, "Zz")) return 0;
  const bool west = !text.empty() && text.front() == '-';
  if (!take_char(text, "+-")) return std::nullopt;
  const auto hours = take_number(text, 2);
  if (!hours || *hours > 14) return std::nullopt;
  const bool colon = take_char(text, ":");
  const auto minutes = text.empty() && !colon ? std::optional<int>{0} : take_number(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const std::int64_t offset_s = *hours * std::int64_t{3600} + *minutes * std::int64_t{60};
  return west ? -offset_s : offset_s;
}

}  // namespace

UtcSeconds utc_from_civil(const CivilTime& utc) {
  const date::sys_days day{ymd(utc)};
  return {day.time_since_epoch().count() * seconds_a_day + utc.hour * std::int64_t{3600} +
          utc.minute * std::int64_t{60} + utc.second};
}

CivilTime civil_from_utc(UtcSeconds time) {
  const auto day = date::floor<date::days>(sys_time(time));
  const date::year_month_day date{day};
  const date::hh_mm_ss<std::chrono::seconds> clock{sys_time(time) - day};
  return {.year = int{date.year()},
          .month = static_cast<int>(unsigned{date.month()}),
          .day = static_cast<int>(unsigned{date.day()}),
          .hour = static_cast<int>(clock.hours().count()),
          .minute = static_cast<int>(clock.minutes().count()),
          .second = static_cast<int>(clock.seconds().count())};
}

bool is_valid(const CivilTime& t) {
  return t.month >= 1 && t.month <= 12 && t.day >= 1 && t.day <= 31 && ymd(t).ok() && t.hour >= 0 && t.hour < 24 &&
         t.minute >= 0 && t.minute < 60 && t.second >= 0 && t.second < 60;
}

int weekday_of(UtcSeconds time) {
  return static_cast<int>(date::weekday{date::floor<date::days>(sys_time(time))}.c_encoding());
}

int day_of_year(const CivilTime& time) {
  const date::sys_days first{date::year{time.year} / date::January / 1};
  return static_cast<int>((date::sys_days{ymd(time)} - first).count());
}

bool is_leap_year(int year) {
  return date::year{year}.is_leap();
}

std::optional<ParsedTime> parse_time(std::string_view text) {
  CivilTime civil;
  ParsedTime parsed;
  if (!take_date(text, civil)) return std::nullopt;
  if (!text.empty()) {
    if (!take_char(text, "Tt ") || !take_time_of_day(text, civil, parsed.nanoseconds)) return std::nullopt;
  }
  if (!is_valid(civil)) return std::nullopt;
  parsed.time = utc_from_civil(civil);
  if (text.empty()) return parsed;
  const auto offset_s = take_offset_s(text);
  if (!offset_s || !text.empty()) return std::nullopt;
  parsed.time.value -= *offset_s;
  parsed.has_offset = true;
  return parsed;
}

std::string to_text(UtcSeconds time) {
  const CivilTime t = civil_from_utc(time);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", t.year, t.month, t.day, t.hour, t.minute);
}

std::string to_iso8601(UtcSeconds time) {
  const CivilTime t = civil_from_utc(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", t.year, t.month, t.day, t.hour, t.minute, t.second);
}

std::optional<TimeZone> TimeZone::find(const std::string& name) {
  try {
    return TimeZone(name, date::locate_zone(name));
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

TimeZone TimeZone::utc() {
  return TimeZone("UTC", nullptr);
}

std::int64_t TimeZone::utc_offset_s(UtcSeconds time) const {
  if (zone_ == nullptr) return 0;
  return static_cast<const date::time_zone*>(zone_)->get_info(sys_time(time)).offset.count();
}

}  // namespace fleetwatt::sim
