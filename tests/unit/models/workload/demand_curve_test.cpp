#include "models/workload/demand_curve.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "sim/sim_time.hpp"
#include "sim/units.hpp"

using namespace fleetwatt;
using Catch::Matchers::WithinAbs;
using models::DemandCurve;
using models::DemandShape;

namespace {

sim::UtcSeconds utc(int year, int month, int day, int hour = 0, int minute = 0) {
  return sim::utc_from_civil({.year = year, .month = month, .day = day, .hour = hour, .minute = minute});
}

sim::UtcSeconds after(sim::UtcSeconds time, std::int64_t later_s) {
  return {time.value + later_s};
}

constexpr std::int64_t hour_s = sim::one_hour.whole_s();
constexpr std::int64_t day_s = sim::one_day.whole_s();

DemandCurve curve(DemandShape shape, const char* zone) {
  return {shape, *sim::TimeZone::find(zone)};
}

double hour_mean(const DemandCurve& curve, sim::UtcSeconds begin) {
  return curve.mean_over(begin, after(begin, hour_s));
}

/// The factor at a moment of the day.
double at_hour(DemandShape shape, double hour) {
  const double half_width_h = 1e-3;
  return models::daily_factor(shape, hour - half_width_h, hour + half_width_h);
}

// Office hours over their mean of 0.9 (21.6 / 24), from the table of the model.
constexpr double office_10_h = 2.00 / 0.9;
constexpr double office_9_h = 1.80 / 0.9;
constexpr double office_night = 0.15 / 0.9;
constexpr double office_weekday = 1.28;
constexpr double office_weekend = 0.30;

}  // namespace

TEST_CASE("consumer chat: peak 1.476 at 17 h, trough 0.346 at 3 h on whole hours", "[unit]") {
  CHECK_THAT(at_hour(DemandShape::consumer_chat, 17),
             WithinAbs(1.476, 0.0005));  // 1 + 0.55 cos 30 deg + 0.12 cos 90 deg
  CHECK_THAT(at_hour(DemandShape::consumer_chat, 3), WithinAbs(0.346, 0.0005));  // 1 - 0.55 - 0.12 cos 30 deg
  for (int hour = 1; hour < 24; ++hour) {
    INFO(hour);
    CHECK(at_hour(DemandShape::consumer_chat, hour) <= at_hour(DemandShape::consumer_chat, 17));
    CHECK(at_hour(DemandShape::consumer_chat, hour) >= at_hour(DemandShape::consumer_chat, 3));
    const double pi = std::acos(-1.0);
    const double law = 1 + 0.55 * std::cos(2 * pi * (hour - 15) / 24) + 0.12 * std::cos(4 * pi * (hour - 20) / 24);
    CHECK_THAT(at_hour(DemandShape::consumer_chat, hour), WithinAbs(law, 1e-7));  // the window is 0.002 h wide
  }
}

TEST_CASE("every shape has mean 1 over a day, at any whole division of it", "[unit]") {
  for (const auto& entry : models::demand_shapes) {
    for (const int parts : {1, 2, 3, 7, 24, 96, 288}) {
      double sum = 0.0;
      for (int i = 0; i < parts; ++i)
        sum += models::daily_factor(entry.shape, 24.0 * i / parts, 24.0 * (i + 1) / parts);
      INFO(entry.name << " in " << parts);
      CHECK_THAT(sum / parts, WithinAbs(1.0, 1e-12));
    }
  }
}

TEST_CASE("every shape has mean 1 over a week, whatever the zone, start and tick", "[unit]") {
  for (const auto& entry : models::demand_shapes) {
    for (const char* zone : {"UTC", "America/Chicago", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Eucla"}) {
      const DemandCurve c = curve(entry.shape, zone);
      const auto start = utc(2024, 6, 5, 13);  // no change of clocks in this week
      INFO(entry.name << " in " << zone);
      CHECK_THAT(c.mean_over(start, after(start, 7 * day_s)), WithinAbs(1.0, 1e-12));
      for (const std::int64_t tick_s : {std::int64_t{300}, hour_s}) {
        double sum = 0.0;
        for (std::int64_t t = 0; t < 7 * day_s; t += tick_s)
          sum += c.mean_over(after(start, t), after(start, t + tick_s));
        CHECK_THAT(sum * static_cast<double>(tick_s) / static_cast<double>(7 * day_s), WithinAbs(1.0, 1e-12));
      }
    }
  }
}

TEST_CASE("weekends and weekdays", "[unit]") {
  for (const int weekday : {0, 6}) {
    CHECK(models::weekly_factor(DemandShape::consumer_chat, weekday) == 0.85);  // workload figures: weekend 0.85
    CHECK(models::weekly_factor(DemandShape::office, weekday) == 0.30);
  }
  for (const int weekday : {1, 2, 3, 4, 5}) {
    CHECK(models::weekly_factor(DemandShape::consumer_chat, weekday) == 1.06);
    CHECK(models::weekly_factor(DemandShape::office, weekday) == 1.28);
  }
  const DemandCurve c = curve(DemandShape::consumer_chat, "UTC");
  CHECK_THAT(c.mean_over(utc(2024, 6, 8), utc(2024, 6, 9)), WithinAbs(0.85, 1e-12));    // a Saturday
  CHECK_THAT(c.mean_over(utc(2024, 6, 10), utc(2024, 6, 11)), WithinAbs(1.06, 1e-12));  // a Monday
}

TEST_CASE("office hours follow the wall clock on the days on which clocks change", "[unit]") {
  const DemandCurve c = curve(DemandShape::office, "America/New_York");
  // Sunday 10 March 2024: 23 h, 02:00-03:00 does not exist. It begins at 05:00 UTC.
  const auto spring = utc(2024, 3, 10, 5);
  CHECK_THAT(c.mean_over(spring, after(spring, 23 * hour_s)),
             WithinAbs((24.0 - office_night) / 23.0 * office_weekend, 1e-12));
  CHECK_THAT(hour_mean(c, utc(2024, 3, 9, 15)), WithinAbs(office_10_h * office_weekend, 1e-12));   // 10 h EST
  CHECK_THAT(hour_mean(c, utc(2024, 3, 10, 14)), WithinAbs(office_10_h * office_weekend, 1e-12));  // 10 h EDT
  CHECK_THAT(hour_mean(c, utc(2024, 3, 11, 14)), WithinAbs(office_10_h * office_weekday, 1e-12));
  // Sunday 3 November 2024: 25 h, 01:00-02:00 comes twice. It begins at 04:00 UTC.
  const auto autumn = utc(2024, 11, 3, 4);
  CHECK_THAT(c.mean_over(autumn, after(autumn, 25 * hour_s)),
             WithinAbs((24.0 + office_night) / 25.0 * office_weekend, 1e-12));
  CHECK_THAT(hour_mean(c, utc(2024, 11, 3, 15)), WithinAbs(office_10_h * office_weekend, 1e-12));  // 10 h EST
  // Monday begins at 05:00 UTC, not 04:00.
  CHECK_THAT(hour_mean(c, utc(2024, 11, 4, 4)), WithinAbs(office_night * office_weekend, 1e-12));
  CHECK_THAT(hour_mean(c, utc(2024, 11, 4, 5)), WithinAbs(office_night * office_weekday, 1e-12));
}

TEST_CASE("clocks that change by half an hour", "[unit]") {
  // Lord Howe, Sunday 6 October 2024: at 02:00 +10:30 (15:30 UTC on Saturday) clocks go to 02:30 +11:00.
  const DemandCurve c = curve(DemandShape::consumer_chat, "Australia/Lord_Howe");
  const double before = models::daily_factor(DemandShape::consumer_chat, 1.5, 2.0);
  const double then = models::daily_factor(DemandShape::consumer_chat, 2.5, 3.0);
  CHECK_THAT(hour_mean(c, utc(2024, 10, 5, 15)), WithinAbs((before + then) / 2 * 0.85, 1e-12));
}

TEST_CASE("zones off the hour: a tick of an hour spans two hours of the table", "[unit]") {
  const DemandCurve kolkata = curve(DemandShape::office, "Asia/Kolkata");  // +05:30
  CHECK_THAT(hour_mean(kolkata, utc(2024, 6, 5, 4)),
             WithinAbs((office_9_h + office_10_h) / 2 * office_weekday, 1e-12));  // 09:30-10:30
  CHECK_THAT(hour_mean(kolkata, utc(2024, 6, 5, 4, 30)), WithinAbs(office_10_h * office_weekday, 1e-12));
  const DemandCurve kathmandu = curve(DemandShape::office, "Asia/Kathmandu");  // +05:45
  CHECK_THAT(hour_mean(kathmandu, utc(2024, 6, 5, 4)),
             WithinAbs((office_9_h + 3 * office_10_h) / 4 * office_weekday, 1e-12));  // 09:45-10:45
  // Midnight from Friday to Saturday within the tick: 18:30 UTC.
  CHECK_THAT(hour_mean(kolkata, utc(2024, 6, 7, 18)),
             WithinAbs(office_night * (office_weekday + office_weekend) / 2, 1e-12));
}

TEST_CASE("the mean over an hour is the mean of its ticks, also of odd ones", "[unit]") {
  for (const auto& entry : models::demand_shapes) {
    const DemandCurve c = curve(entry.shape, "Europe/Berlin");
    for (const std::int64_t tick_s : {1, 60, 100, 450}) {
      const auto start = utc(2024, 3, 31, 0, 30);  // the hour in which clocks go forward
      double sum = 0.0;
      for (std::int64_t t = 0; t < hour_s; t += tick_s) sum += c.mean_over(after(start, t), after(start, t + tick_s));
      INFO(entry.name << ", ticks of " << tick_s << " s");
      CHECK_THAT(sum * static_cast<double>(tick_s) / static_cast<double>(hour_s),
                 WithinAbs(hour_mean(c, start), 1e-10));  // a window of 1 s loses 4 digits to cancellation
    }
  }
}

TEST_CASE("moments before 1970 have a local hour too", "[unit]") {
  CHECK_THAT(hour_mean(curve(DemandShape::office, "UTC"), utc(1969, 12, 31, 10)),  // a Wednesday
             WithinAbs(office_10_h * office_weekday, 1e-12));
}

TEST_CASE("a flat demand is 1 everywhere, and a curve knows its zone", "[unit]") {
  const DemandCurve c = curve(DemandShape::flat, "Asia/Tokyo");
  CHECK(hour_mean(c, utc(2024, 6, 8, 3)) == 1.0);
  CHECK(c.zone().name() == "Asia/Tokyo");
}

TEST_CASE("the office shape keeps to its assumed range", "[unit]") {
  double peak = 0.0;
  for (int hour = 0; hour < 24; ++hour)
    peak = std::max(peak, models::daily_factor(DemandShape::office, hour, hour + 1));
  CHECK(peak >= 2.2);  // workload figures: peak to mean of a day 2.2-2.6
  CHECK(peak <= 2.6);
  CHECK(office_night >= 0.1);  // night 0.1-0.2
  CHECK(office_night <= 0.2);
}
