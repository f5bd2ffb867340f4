// Hourly weather at a site, synthesised from monthly normals by a method of our own, in local mean solar time.
//
//   season    linear between the middles of months, through values chosen to keep each month's mean (to 0.05 K)
//   days      an AR(1) anomaly with the month's standard deviation and lag-1 correlation, less the season's drift;
//             constant from 3 h to 21 h, linear between
//   hours     a cosine of the month's daily range, warmest at 15 h
//   humidity  the dew point: season of its own, anomaly of the dry bulb, capped at the dry bulb
//
// The weather of a day depends on the seed, the climate's name and the date alone: runs agree wherever they overlap.
// Against the normals (30 years, four climates) the standard deviation of daily means is about 3 % low, their lag-1
// correlation 0.05 high, the daily range 0-11 % high (most where days differ by more than their range: northern
// winters). Normals that themselves rest on one year give too low a deviation and lag (30 correlated days a month).
//
// Whatever the normals, the dry bulb stays within -90 and 60 C and the pressure within 31 and 120 kPa.
//
// Leaves out: skewed and bounded distributions, so extremes are those of a normal law; dry and humid spells apart from
// warm and cold ones; pressure systems; correlation between climates; daylight saving (none is needed in solar time).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/calendar.hpp"

namespace fleetwatt::models {

/// The air outside, mean of an hour.
struct HourlyWeather {
  double dry_bulb_c = 0.0;
  double relative_humidity = 0.0;  ///< 0..1, relative to ice below 0 C
  double pressure_pa = 0.0;
  double wet_bulb_c = 0.0;
};

/// Fills in the wet bulb. Ranges as wet_bulb_c (models/facility/psychrometrics.hpp).
[[nodiscard]] HourlyWeather complete(double dry_bulb_c, double relative_humidity, double pressure_pa);

/// A climate as its twelve months, January first.
struct ClimateNormals {
  std::string name;
  double latitude = 0.0;
  double longitude = 0.0;  ///< degrees east; sets the hour of the day
  double elevation_m = 0.0;
  std::string time_zone;
  std::array<double, 12> dry_bulb_mean_c{};
  std::array<double, 12> daily_range_k{};  ///< mean of daily maximum minus minimum
  std::array<double, 12> dew_point_mean_c{};
  std::array<double, 12> daily_mean_sd_k{};  ///< of daily means within the month, the season's drift included
  std::array<double, 12>
      daily_mean_lag1{};  ///< correlation of one day's mean with the next; taken as at least 0, at most 0.95
  std::array<double, 12> pressure_pa{};
};

/// Weather of each UTC hour from `start` on, at the middle of the hour.
///
/// start     any whole hour
/// hours     >= 0
/// returns   `hours` entries
[[nodiscard]] std::vector<HourlyWeather> synthesise_weather(const ClimateNormals& normals, sim::UtcSeconds start,
                                                            std::int64_t hours, std::uint64_t seed);

}  // namespace fleetwatt::models
