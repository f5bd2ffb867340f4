#include "models/facility/weather.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "models/facility/psychrometrics.hpp"
#include "sim/units.hpp"
#include "tests/validation/facility/climates.hpp"

using namespace fleetwatt;
using models::HourlyWeather;

namespace {

constexpr auto hour_s = static_cast<std::int64_t>(sim::seconds_per_hour);
constexpr std::int64_t hours_of_2024 = 366 * 24;

sim::UtcSeconds utc(int year, int month, int day, int hour = 0) {
  return sim::utc_from_civil({.year = year, .month = month, .day = day, .hour = hour});
}

const models::ClimateNormals& climate(const std::string& name) {
  for (const auto& each : tests::climates()) {
    if (each.normals.name == name) return each.normals;
  }
  FAIL("no climate " << name);
  return tests::climates().front().normals;
}

bool same(const HourlyWeather& a, const HourlyWeather& b) {
  return a.dry_bulb_c == b.dry_bulb_c && a.relative_humidity == b.relative_humidity && a.pressure_pa == b.pressure_pa &&
         a.wet_bulb_c == b.wet_bulb_c;
}

/// Statistics of one calendar month pooled over years: local days here are whole days of local mean solar time.
struct MonthStatistics {
  std::vector<std::vector<double>> runs;  // daily means of each year's month
  double range_sum = 0.0, dew_point_sum = 0.0, temperature_sum = 0.0;
  std::int64_t hours = 0;
  int days = 0;

  double mean() const { return temperature_sum / static_cast<double>(hours); }
  double range() const { return range_sum / days; }
  double deviation(double about) const {
    double squares = 0.0;
    for (const auto& run : runs) {
      for (const double value : run) squares += (value - about) * (value - about);
    }
    return std::sqrt(squares / days);
  }
  double lag1(double about) const {
    double squares = 0.0, products = 0.0;
    for (const auto& run : runs) {
      for (std::size_t i = 0; i + 1 < run.size(); ++i) {
        products += (run[i] - about) * (run[i + 1] - about);
        squares += 0.5 * ((run[i] - about) * (run[i] - about) + (run[i + 1] - about) * (run[i + 1] - about));
      }
    }
    return products / squares;
  }
};

std::vector<MonthStatistics> statistics_of(const models::ClimateNormals& normals, int first_year, int years) {
  std::vector<MonthStatistics> months(12);
  const std::int64_t offset_h = std::llround(normals.longitude / 15.0);
  for (int year = first_year; year < first_year + years; ++year) {
    sim::UtcSeconds start = utc(year, 1, 1);
    start.value -= offset_h * hour_s;
    const std::int64_t days = sim::is_leap_year(year) ? 366 : 365;
    const auto weather = models::synthesise_weather(normals, start, days * 24, 7);
    int month_before = 0;
    for (std::int64_t day = 0; day < days; ++day) {
      const int month = sim::civil_from_utc({utc(year, 1, 1).value + day * 24 * hour_s}).month;
      MonthStatistics& statistics = months[static_cast<std::size_t>(month - 1)];
      if (month != month_before) statistics.runs.emplace_back();
      month_before = month;
      double sum = 0.0, low = 1e9, high = -1e9;
      for (std::int64_t hour = 0; hour < 24; ++hour) {
        const HourlyWeather& w = weather[static_cast<std::size_t>(day * 24 + hour)];
        sum += w.dry_bulb_c;
        low = std::min(low, w.dry_bulb_c);
        high = std::max(high, w.dry_bulb_c);
        statistics.dew_point_sum += models::dew_point_c(w.dry_bulb_c, w.relative_humidity);
      }
      statistics.temperature_sum += sum;
      statistics.hours += 24;
      statistics.range_sum += high - low;
      statistics.days += 1;
      statistics.runs.back().push_back(sum / 24.0);
    }
  }
  return months;
}

}  // namespace

TEST_CASE("complete fills the wet bulb", "[weather]") {
  const HourlyWeather w = models::complete(20.0, 0.5, 101325.0);
  CHECK(w.dry_bulb_c == 20.0);
  CHECK(w.relative_humidity == 0.5);
  CHECK(w.pressure_pa == 101325.0);
  CHECK(std::fabs(w.wet_bulb_c - 13.784) < 6e-4);  // ASHRAE equations, last digit
}

TEST_CASE("without day-to-day anomaly the monthly means are the normals", "[weather]") {
  models::ClimateNormals normals = climate("denver");
  normals.daily_mean_sd_k.fill(0.0);
  const auto months = statistics_of(normals, 2023, 1);
  for (std::size_t m = 0; m < 12; ++m) {
    CAPTURE(m);
    CHECK(std::fabs(months[m].mean() - normals.dry_bulb_mean_c[m]) <
          0.05);  // as the header states: hours of quarter-hour time
  }
}

TEST_CASE("thirty years have the climate's normals", "[weather]") {
  constexpr int years = 30;
  for (const char* name : {"ashburn", "phoenix", "duluth", "miami"}) {
    const auto& normals = climate(name);
    const auto months = statistics_of(normals, 1995, years);
    for (std::size_t m = 0; m < 12; ++m) {
      CAPTURE(name, m + 1);
      const double sd = normals.daily_mean_sd_k[m];
      const double lag1 = normals.daily_mean_lag1[m];
      // Standard error of a mean of 30 x 30 days of an AR(1): sd sqrt((1 + r)/(1 - r)/n); four of them for 48 checks.
      const double error_k = 4.0 * sd * std::sqrt((1.0 + lag1) / (1.0 - lag1) / (30.0 * years)) + 0.05;
      CHECK(std::fabs(months[m].mean() - normals.dry_bulb_mean_c[m]) < error_k);
      CHECK(months[m].dew_point_sum / static_cast<double>(months[m].hours) < normals.dew_point_mean_c[m] + error_k);
      CHECK(months[m].dew_point_sum / static_cast<double>(months[m].hours) >
            normals.dew_point_mean_c[m] - error_k - 0.35);  // the cap

      // Standard error of a standard deviation: sd sqrt((1 + r^2)/(1 - r^2)/2n); 4 %, less what the transition at
      // midnight takes.
      const double sd_error = 4.0 * std::sqrt((1.0 + lag1 * lag1) / (1.0 - lag1 * lag1) / (2.0 * 30.0 * years));
      CHECK(months[m].deviation(normals.dry_bulb_mean_c[m]) < sd * (1.0 + sd_error));
      CHECK(months[m].deviation(normals.dry_bulb_mean_c[m]) > sd * (1.0 - sd_error - 0.04));
      // Standard error of a correlation of n pairs: below 1/sqrt(n); 0.05 is the transition's. In Phoenix the season
      // drifts through June by more than the month's standard deviation allows, which no chain of days can undo.
      const bool drift_dominates = normals.name == "phoenix" && m + 1 == 6;
      if (!drift_dominates) {
        CHECK(std::fabs(months[m].lag1(normals.dry_bulb_mean_c[m]) - lag1 - 0.05) < 4.0 / std::sqrt(30.0 * years));
      }
      // Errors that the header states: range up to 11 % high; quarter-hour steps of the cosine lose up to 1 %.
      CHECK(months[m].range() / normals.daily_range_k[m] > 0.985);
      CHECK(months[m].range() / normals.daily_range_k[m] < 1.11);
    }
  }
}

TEST_CASE("weather is a function of seed, climate and date, whatever the run's start and length", "[weather]") {
  const auto& normals = climate("chicago");
  const auto year = models::synthesise_weather(normals, utc(2024, 1, 1), hours_of_2024, 1);
  REQUIRE(year.size() == static_cast<std::size_t>(hours_of_2024));

  const auto agrees = [&](sim::UtcSeconds start, std::int64_t hours) {
    const auto part = models::synthesise_weather(normals, start, hours, 1);
    REQUIRE(part.size() == static_cast<std::size_t>(hours));
    const std::int64_t shift = (start.value - utc(2024, 1, 1).value) / hour_s;
    int different = 0;
    for (std::int64_t h = std::max<std::int64_t>(0, -shift); h < hours && h + shift < hours_of_2024; ++h) {
      different += same(part[static_cast<std::size_t>(h)], year[static_cast<std::size_t>(h + shift)]) ? 0 : 1;
    }
    return different == 0;
  };
  CHECK(agrees(utc(2024, 1, 1), hours_of_2024));  // reproducible
  CHECK(agrees(utc(2024, 1, 2), 24 * 10));        // a day later
  CHECK(agrees(utc(2024, 7, 15, 13), 50));        // in the middle of a day
  CHECK(agrees(utc(2023, 12, 20), 24 * 40));      // over New Year
  CHECK(agrees(utc(2024, 12, 31, 23), 1));        // one hour
  CHECK(agrees(utc(2022, 6, 1), 24 * 700));       // another year's start

  const auto other_seed = models::synthesise_weather(normals, utc(2024, 1, 1), 24, 2);
  CHECK_FALSE(same(other_seed[12], year[12]));
  models::ClimateNormals renamed = normals;
  renamed.name = "elsewhere";
  CHECK_FALSE(same(models::synthesise_weather(renamed, utc(2024, 1, 1), 24, 1)[12], year[12]));
  CHECK(models::synthesise_weather(normals, utc(2024, 1, 1), 0, 1).empty());
}

TEST_CASE("every hour is physical", "[weather]") {
  for (const auto& [zone, normals] : tests::climates()) {
    int wrong = 0;
    for (const auto& w : models::synthesise_weather(normals, utc(2024, 1, 1), hours_of_2024, 3)) {
      const bool right = w.relative_humidity > 0.0 && w.relative_humidity <= 1.0 && w.wet_bulb_c <= w.dry_bulb_c &&
                         w.wet_bulb_c > -60.0 && w.dry_bulb_c < 55.0 && w.pressure_pa > 8e4 && w.pressure_pa < 1.03e5;
      wrong += right ? 0 : 1;
    }
    CAPTURE(normals.name);
    CHECK(wrong == 0);
  }
}

TEST_CASE("the year has a leap day and no jump at its edges or at midnight", "[weather]") {
  models::ClimateNormals normals = climate("minneapolis");
  const auto steepest = [&](sim::UtcSeconds start, std::int64_t hours) {
    const auto weather = models::synthesise_weather(normals, start, hours, 5);
    double steepest_k = 0.0;
    for (std::size_t h = 1; h < weather.size(); ++h) {
      steepest_k = std::max(steepest_k, std::fabs(weather[h].dry_bulb_c - weather[h - 1].dry_bulb_c));
    }
    return steepest_k;
  };
  // An hour of the cosine is at most pi/24 of the range (1.6 K); a day's change of four innovations (7.1 K x 4) over 6
  // h adds 4.7 K.
  CHECK(steepest(utc(2024, 1, 1), hours_of_2024) < 6.3);
  normals.daily_mean_sd_k.fill(0.0);
  CHECK(steepest(utc(2024, 2, 27), 24 * 5) <
        9.42 * 0.1309 + 0.05);  // over 29 February: the cosine and a season's drift alone
  CHECK(steepest(utc(2023, 12, 30), 24 * 4) < 9.42 * 0.1309 + 0.05);
}

TEST_CASE("the day is warmest at 15 h of local solar time", "[weather]") {
  models::ClimateNormals normals = climate("denver");
  normals.daily_mean_sd_k.fill(0.0);
  const auto warmest_utc_hour = [&](double longitude) {
    normals.longitude = longitude;
    const auto day = models::synthesise_weather(normals, utc(2024, 7, 15), 24, 1);
    const auto warmest = std::ranges::max_element(day, {}, &HourlyWeather::dry_bulb_c);
    return static_cast<int>(warmest - day.begin()) + 0.5;  // entries stand for the middle of their hour
  };
  CHECK(std::fabs(warmest_utc_hour(-105.0) - 22.0) <= 0.5);  // 15 + 7
  CHECK(std::fabs(warmest_utc_hour(0.0) - 15.0) <= 0.5);
  CHECK(std::fabs(warmest_utc_hour(82.5) - 9.5) <= 0.5);  // India, 5 h 30 min east
  CHECK(std::fabs(warmest_utc_hour(150.0) - 5.0) <= 0.5);
}

TEST_CASE("the dew point follows the anomaly and never exceeds the dry bulb", "[weather]") {
  models::ClimateNormals normals = climate("seattle");
  normals.dew_point_mean_c.fill(40.0);  // far above any dry bulb
  for (const auto& w : models::synthesise_weather(normals, utc(2024, 1, 1), 24 * 30, 1)) {
    if (w.relative_humidity != 1.0) FAIL("dew point is not capped");
    if (std::fabs(w.wet_bulb_c - w.dry_bulb_c) > 2e-6) FAIL("saturated air is not at its wet bulb");
  }
}
