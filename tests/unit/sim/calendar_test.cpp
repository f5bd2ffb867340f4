// Calendar: leap days, daylight saving, and the written forms of a time that are read or refused.
#include "sim/calendar.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace fleetwatt::sim {

namespace {

UtcSeconds utc(int year, int month, int day, int hour = 0, int minute = 0, int second = 0) {
  return utc_from_civil({.year = year, .month = month, .day = day, .hour = hour, .minute = minute, .second = second});
}

std::int64_t offset_h4(const std::string& zone, UtcSeconds time) {  // in quarter hours, the finest that zones use today
  return TimeZone::find(zone).value().utc_offset_s(time) / 900;
}

}  // namespace

TEST_CASE("UTC seconds are Unix time", "[unit]") {
  CHECK(utc(1970, 1, 1).value == 0);
  CHECK(utc(2000, 3, 1).value == 951'868'800);              // date -u -d 2000-03-01 +%s (coreutils 9.1)
  CHECK(utc(2024, 2, 29, 12).value == 1'709'208'000);       // date -u -d '2024-02-29 12:00'
  CHECK(utc(2024, 7, 15, 1, 2, 3).value == 1'721'005'323);  // date -u -d '2024-07-15 01:02:03'
  CHECK(utc(1969, 12, 31, 23, 59, 59).value == -1);
}

TEST_CASE("civil time comes back from UTC seconds", "[unit]") {
  for (const std::int64_t second : {-1LL, 0LL, 951'868'799LL, 1'709'208'000LL, 4'102'444'799LL, -2'208'988'800LL}) {
    CHECK(utc_from_civil(civil_from_utc({second})).value == second);
  }
  const CivilTime last = civil_from_utc({-1});
  CHECK(last.year == 1969);
  CHECK(last.month == 12);
  CHECK(last.day == 31);
  CHECK(last.hour == 23);
  CHECK(last.minute == 59);
  CHECK(last.second == 59);
}

TEST_CASE("leap years follow the Gregorian rule", "[unit]") {
  CHECK(is_leap_year(2024));
  CHECK_FALSE(is_leap_year(2023));
  CHECK_FALSE(is_leap_year(1900));
  CHECK_FALSE(is_leap_year(2100));
  CHECK(is_leap_year(2000));
  CHECK(utc(2024, 3, 1).value - utc(2024, 2, 28).value == 2 * 86400);
  CHECK(utc(2023, 3, 1).value - utc(2023, 2, 28).value == 86400);
}

TEST_CASE("the day of the year counts from 0, the leap day included", "[unit]") {
  CHECK(day_of_year({.year = 2024, .month = 1, .day = 1}) == 0);
  CHECK(day_of_year({.year = 2024, .month = 2, .day = 29}) == 59);
  CHECK(day_of_year({.year = 2024, .month = 12, .day = 31}) == 365);
  CHECK(day_of_year({.year = 2023, .month = 12, .day = 31}) == 364);
}

TEST_CASE("weekdays count from Sunday", "[unit]") {
  CHECK(weekday_of(utc(1970, 1, 1)) == 4);       // a Thursday
  CHECK(weekday_of(utc(2024, 7, 14)) == 0);      // a Sunday
  CHECK(weekday_of(utc(2024, 7, 15, 23)) == 1);  // a Monday
  CHECK(weekday_of({-1}) == 3);
}

TEST_CASE("days and times that do not exist are not valid", "[unit]") {
  CHECK(is_valid({.year = 2024, .month = 2, .day = 29}));
  CHECK_FALSE(is_valid({.year = 2023, .month = 2, .day = 29}));
  CHECK_FALSE(is_valid({.year = 2024, .month = 4, .day = 31}));
  CHECK_FALSE(is_valid({.year = 2024, .month = 0, .day = 1}));
  CHECK_FALSE(is_valid({.year = 2024, .month = 13, .day = 1}));
  CHECK_FALSE(is_valid({.year = 2024, .month = 257, .day = 1}));  // 257 is 1 in eight bits
  CHECK_FALSE(is_valid({.year = 2024, .month = 1, .day = 257}));
  CHECK_FALSE(is_valid({.year = 2024, .month = 1, .day = 0}));
  CHECK_FALSE(is_valid({.year = 2024, .month = 1, .day = 1, .hour = 24}));
  CHECK_FALSE(is_valid({.year = 2024, .month = 1, .day = 1, .minute = 60}));
  CHECK_FALSE(is_valid({.year = 2024, .month = 1, .day = 1, .second = 60}));
  CHECK_FALSE(is_valid({.year = 2024, .month = 1, .day = 1, .hour = -1}));
}

TEST_CASE("Berlin changes its clocks at 01:00 UTC in March and October", "[unit]") {  // Directive 2000/84/EC
  CHECK(offset_h4("Europe/Berlin", utc(2024, 3, 31, 0, 59, 59)) == 4);
  CHECK(offset_h4("Europe/Berlin", utc(2024, 3, 31, 1)) == 8);
  CHECK(offset_h4("Europe/Berlin", utc(2024, 10, 27, 0, 59, 59)) == 8);
  CHECK(offset_h4("Europe/Berlin", utc(2024, 10, 27, 1)) == 4);
}

TEST_CASE("Los Angeles changes its clocks at 02:00 local time in March and November", "[unit]") {  // 15 U.S.C. 260a
  CHECK(offset_h4("America/Los_Angeles", utc(2024, 3, 10, 9, 59, 59)) == -32);
  CHECK(offset_h4("America/Los_Angeles", utc(2024, 3, 10, 10)) == -28);
  CHECK(offset_h4("America/Los_Angeles", utc(2024, 11, 3, 8, 59, 59)) == -28);
  CHECK(offset_h4("America/Los_Angeles", utc(2024, 11, 3, 9)) == -32);
}

TEST_CASE("India's half hour holds all year", "[unit]") {
  CHECK(offset_h4("Asia/Kolkata", utc(2024, 1, 15)) == 22);
  CHECK(offset_h4("Asia/Kolkata", utc(2024, 7, 15)) == 22);
}

TEST_CASE("UTC needs no database, and an unknown zone is not found", "[unit]") {
  CHECK(TimeZone::utc().utc_offset_s(utc(2024, 7, 15)) == 0);
  CHECK(TimeZone::utc().name() == "UTC");
  CHECK(TimeZone::find("Europe/Berlin").value().name() == "Europe/Berlin");
  CHECK_FALSE(TimeZone::find("Europe/Atlantis").has_value());
  CHECK_FALSE(TimeZone::find("").has_value());
}

TEST_CASE("a date alone is its midnight", "[unit]") {
  const ParsedTime parsed = parse_time("2024-07-15").value();
  CHECK(parsed.time == utc(2024, 7, 15));
  CHECK(parsed.nanoseconds == 0);
  CHECK_FALSE(parsed.has_offset);
}

TEST_CASE("a time without an offset is read as written", "[unit]") {
  for (const char* text : {"2024-07-15 01:02", "2024-07-15T01:02", "2024-07-15t01:02", "2024-07-15 01:02:00"}) {
    INFO(text);
    const auto parsed = parse_time(text);
    REQUIRE(parsed.has_value());
    CHECK(parsed->time == utc(2024, 7, 15, 1, 2));
    CHECK_FALSE(parsed->has_offset);
  }
}

TEST_CASE("a time with an offset is moved to UTC", "[unit]") {
  for (const char* text :
       {"2024-07-15T01:30Z", "2024-07-15T01:30:00z", "2024-07-15 03:30+02:00", "2024-07-15 03:30+0200",
        "2024-07-15 03:30+02", "2024-07-14 18:30:00-07:00", "2024-07-15T07:00:00+05:30"}) {
    INFO(text);
    const auto parsed = parse_time(text);
    REQUIRE(parsed.has_value());
    CHECK(parsed->time == utc(2024, 7, 15, 1, 30));
    CHECK(parsed->has_offset);
  }
}

TEST_CASE("the fraction of a second is kept to the nanosecond", "[unit]") {
  CHECK(parse_time("2024-07-15 01:02:03.5")->nanoseconds == 500'000'000);
  CHECK(parse_time("2024-07-15 01:02:03.000000001")->nanoseconds == 1);
  CHECK(parse_time("2024-07-15 01:02:03.1234567899Z")->nanoseconds == 123'456'789);
  CHECK(parse_time("2024-07-15 01:02:03.5")->time == utc(2024, 7, 15, 1, 2, 3));
}

TEST_CASE("the leap day is read in leap years only", "[unit]") {
  CHECK(parse_time("2024-02-29").has_value());
  CHECK_FALSE(parse_time("2023-02-29").has_value());
}

TEST_CASE("anything else is refused", "[unit]") {
  for (const char* text : {"",                      // nothing
                           "2024",                  // no month
                           "2024-7-15",             // one digit
                           "2024/07/15",            // other separators
                           "15.07.2024",            //
                           "24-07-15",              //
                           "2024-13-01",            // no such month
                           "2024-04-31",            // no such day
                           "2024-07-15 ",           // a separator and nothing after it
                           "2024-07-15Z",           // an offset without a time
                           "2024-07-15 01",         // no minutes
                           "2024-07-15 1:02",       //
                           "2024-07-15 24:00",      // no such hour
                           "2024-07-15 01:60",      //
                           "2024-07-15 23:59:60",   // leap seconds are not counted
                           "2024-07-15 01:02:",     //
                           "2024-07-15 01:02:03.",  //
                           "2024-07-15 -0:00",      // a sign is no digit
                           "2024-07-15 01:-0",      //
                           "2024-07-15 +1:00",      //
                           "2024-07-15 01:5/",      // the characters next to the digits are none
                           "2024-07-15 01:4:",      //
                           "2024-07-15  01:02",     // two spaces
                           " 2024-07-15",           //
                           "2024-07-15 01:02 Z",    // a space before the offset
                           "2024-07-15 01:02+",     // half an offset
                           "2024-07-15 01:02+2",    //
                           "2024-07-15 01:02+02:",  //
                           "2024-07-15 01:02+02:0",
                           "2024-07-15 01:02+02:60",
                           "2024-07-15 01:02+15:00",  // no zone is that far east
                           "2024-07-15 01:02Zulu",
                           "2024-07-15 01:02:03 UTC",
                           "now"}) {
    INFO('"' << text << '"');
    CHECK_FALSE(parse_time(text).has_value());
  }
}

TEST_CASE("moments are written in two forms", "[unit]") {
  CHECK(to_text(utc(2024, 7, 5, 1, 2, 3)) == "2024-07-05 01:02 UTC");
  CHECK(to_iso8601(utc(2024, 7, 5, 1, 2, 3)) == "2024-07-05T01:02:03Z");
  CHECK(parse_time(to_iso8601(utc(2024, 2, 29, 23, 59, 59)))->time == utc(2024, 2, 29, 23, 59, 59));
}

}  // namespace fleetwatt::sim
