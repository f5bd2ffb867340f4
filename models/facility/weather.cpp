#include "models/facility/weather.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/facility/psychrometrics.hpp"
#include "sim/distributions.hpp"
#include "sim/random_stream.hpp"
#include "sim/units.hpp"

namespace fleetwatt::models {

namespace {

using Months = std::array<double, 12>;

constexpr auto hour_s = static_cast<std::int64_t>(sim::seconds_per_hour);
constexpr auto day_s = static_cast<std::int64_t>(sim::seconds_per_day);
constexpr std::int64_t quarter_hour_s = hour_s / 4;
constexpr std::int64_t quarters_a_day = day_s / quarter_hour_s;
constexpr double warmest_hour = 15.0;
constexpr double transition_h = 3.0;  // before and after midnight, in which one day's anomaly gives way to the next
constexpr double strongest_lag1 = 0.95;
constexpr std::int64_t memory_days = 64;  // of the AR(1) chain: 0.95^64 = 0.04, 0.85^64 = 3e-5
constexpr double coldest_c = -90.0;
constexpr double hottest_c = 60.0;  // with 31 kPa, still no air of vapour alone
constexpr double thinnest_pa = 31e3;
constexpr double densest_pa = 120e3;

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

std::size_t before(std::size_t month) {
  return (month + 11) % 12;
}
std::size_t after(std::size_t month) {
  return (month + 1) % 12;
}

int days_in_month(const sim::CivilTime& date) {
  static constexpr std::array days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return date.month == 2 && sim::is_leap_year(date.year) ? 29 : days[static_cast<std::size_t>(date.month - 1)];
}

/// A moment in the year: a month and how much of it has passed.
struct Season {
  std::size_t month;
  double passed;  // [0, 1)
};

Season season_of(std::int64_t local_s) {
  const sim::CivilTime date = sim::civil_from_utc({local_s});
  const double days = date.day - 1 + static_cast<double>(local_s - floor_divide(local_s, day_s) * day_s) / day_s;
  return {static_cast<std::size_t>(date.month - 1), days / days_in_month(date)};
}

/// Linear between values at the middles of months.
double interpolate(const Months& middles, Season season) {
  const double here = middles[season.month];
  if (season.passed < 0.5) return std::lerp(middles[before(season.month)], here, season.passed + 0.5);
  return std::lerp(here, middles[after(season.month)], season.passed - 0.5);
}

/// Values at the middles of months whose interpolation has the given monthly means: (before + 6 here + after) / 8 =
/// mean.
Months middles_from_means(const Months& means) {
  Months middles = means;
  for (int sweep = 0; sweep < 60; ++sweep) {  // Gauss-Seidel; an error shrinks to a third or less at each sweep
    for (std::size_t m = 0; m < 12; ++m) {
      middles[m] = (8.0 * means[m] - middles[before(m)] - middles[after(m)]) / 6.0;
    }
  }
  return middles;
}

/// Variance of the interpolated curve within a month.
double variance_of_season(const Months& middles, std::size_t month) {
  const double b = middles[month];
  const double a = 0.5 * (middles[before(month)] + b) - b;
  const double c = 0.5 * (b + middles[after(month)]) - b;
  const double mean = (a + c) / 4.0;
  return (a * a + c * c) / 6.0 - mean * mean;
}

/// What days add to the season, by month.
struct DailyAnomaly {
  Months sd_k;
  Months lag1;
};

/// The month's variance and lag-1 covariance, less what the season's drift through the month accounts for; at least
/// half of the standard deviation stays.
DailyAnomaly daily_anomaly(const ClimateNormals& normals, const Months& dry_bulb_middles_c) {
  DailyAnomaly anomaly{};
  for (std::size_t m = 0; m < 12; ++m) {
    const double variance = normals.daily_mean_sd_k[m] * normals.daily_mean_sd_k[m];
    const double drift = std::min(variance_of_season(dry_bulb_middles_c, m), 0.75 * variance);
    anomaly.sd_k[m] = std::sqrt(variance - drift);
    const double covariance = normals.daily_mean_lag1[m] * variance - drift;
    anomaly.lag1[m] = variance > 0.0 ? std::clamp(covariance / (variance - drift), 0.0, strongest_lag1) : 0.0;
  }
  return anomaly;
}

/// Anomalies of the days first .. first + count - 1 (local days since 1970), each a function of its date alone: the
/// chain that leads to a day starts `memory_days` before it.
std::vector<double> daily_anomalies_k(const ClimateNormals& normals, const DailyAnomaly& anomaly,
                                      std::int64_t first_day, std::size_t count, std::uint64_t seed) {
  const std::size_t known = count + static_cast<std::size_t>(memory_days);
  std::vector<double> noise(known);
  std::vector<double> lag1(known);
  std::vector<std::size_t> month(known);
  for (std::size_t i = 0; i < known; ++i) {
    const std::int64_t day = first_day - memory_days + static_cast<std::int64_t>(i);
    sim::RandomStream stream(seed, normals.name, fmt::format("weather of day {}", day));
    noise[i] = sim::draw_normal(stream);
    month[i] = season_of(day * day_s).month;
    lag1[i] = anomaly.lag1[month[i]];
  }
  std::vector<double> anomalies(count);
  for (std::size_t i = 0; i < count; ++i) {
    double standard = noise[i];
    for (std::size_t j = i + 1; j <= i + static_cast<std::size_t>(memory_days); ++j) {
      standard = lag1[j] * standard + std::sqrt(1.0 - lag1[j] * lag1[j]) * noise[j];
    }
    anomalies[i] = anomaly.sd_k[month[i + static_cast<std::size_t>(memory_days)]] * standard;
  }
  return anomalies;
}

/// cos(2 pi k / 96), by recurrence from half-angle formulas: the same on every CPU, unlike libm's.
std::array<double, quarters_a_day> quarter_hour_cosines() {
  double step = 0.5 * std::sqrt(3.0);                                         // cos 30 degrees
  for (int half = 0; half < 3; ++half) step = std::sqrt(0.5 * (1.0 + step));  // cos 3.75 degrees
  std::array<double, quarters_a_day> cosines{1.0, step};
  for (std::size_t k = 2; k < cosines.size(); ++k) cosines[k] = 2.0 * step * cosines[k - 1] - cosines[k - 2];
  return cosines;
}

/// Anomaly at an hour of the day, given those of yesterday, today and tomorrow.
double anomaly_at(const double* today, double hour) {
  if (hour < transition_h) return std::lerp(today[-1], today[0], 0.5 + 0.5 * hour / transition_h);
  if (hour > 24.0 - transition_h)
    return std::lerp(today[0], today[1], 0.5 * (hour - 24.0 + transition_h) / transition_h);
  return today[0];
}

}  // namespace

HourlyWeather complete(double dry_bulb_c, double relative_humidity, double pressure_pa) {
  const WetBulbInput air{.dry_bulb_c = dry_bulb_c, .relative_humidity = relative_humidity, .pressure_pa = pressure_pa};
  return {dry_bulb_c, relative_humidity, pressure_pa, wet_bulb_c(air)};
}

std::vector<HourlyWeather> synthesise_weather(const ClimateNormals& normals, sim::UtcSeconds start, std::int64_t hours,
                                              std::uint64_t seed) {
  assert(hours >= 0);
  if (hours == 0) return {};
  const Months dry_bulb_c = middles_from_means(normals.dry_bulb_mean_c);
  const Months dew_point_c = middles_from_means(normals.dew_point_mean_c);
  const Months range_k = middles_from_means(normals.daily_range_k);
  const Months pressure_pa = middles_from_means(normals.pressure_pa);
  const auto cosines = quarter_hour_cosines();

  const std::int64_t offset_s =
      std::llround(normals.longitude / 15.0 * 4.0) * quarter_hour_s;  // to a quarter of an hour
  const std::int64_t first_s = start.value + offset_s + hour_s / 2;
  const std::int64_t first_day = floor_divide(first_s, day_s) - 1;
  const std::int64_t last_day = floor_divide(first_s + (hours - 1) * hour_s, day_s) + 1;
  const auto anomalies_k = daily_anomalies_k(normals, daily_anomaly(normals, dry_bulb_c), first_day,
                                             static_cast<std::size_t>(last_day - first_day + 1), seed);

  std::vector<HourlyWeather> weather;
  weather.reserve(static_cast<std::size_t>(hours));
  for (std::int64_t h = 0; h < hours; ++h) {
    const std::int64_t local_s = first_s + h * hour_s;
    const std::int64_t day = floor_divide(local_s, day_s);
    const double hour = static_cast<double>(local_s - day * day_s) / hour_s;
    const Season season = season_of(local_s);
    const double anomaly_k = anomaly_at(&anomalies_k[static_cast<std::size_t>(day - first_day)], hour);
    const auto quarter = (std::llround((hour - warmest_hour) * 4.0) + quarters_a_day) % quarters_a_day;
    const double swing_k =
        0.5 * std::max(interpolate(range_k, season), 0.0) * cosines[static_cast<std::size_t>(quarter)];
    const double temperature_c =
        std::clamp(interpolate(dry_bulb_c, season) + anomaly_k + swing_k, coldest_c, hottest_c);
    const double dew_c = std::clamp(interpolate(dew_point_c, season) + anomaly_k, coldest_c, temperature_c);
    weather.push_back(complete(temperature_c, relative_humidity_from_dew_point(temperature_c, dew_c),
                               std::clamp(interpolate(pressure_pa, season), thinnest_pa, densest_pa)));
  }
  return weather;
}

}  // namespace fleetwatt::models
