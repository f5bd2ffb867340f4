// Measured or typical weather from a file: an hourly CSV (Open-Meteo's columns by default), or EnergyPlus's EPW.
#pragma once

#include <string_view>
#include <vector>

#include "models/facility/weather.hpp"
#include "scenarios/schema/scenario.hpp"

namespace fleetwatt::scenarios {

struct WeatherSeries {
  std::vector<models::HourlyWeather> hours;
  std::int64_t filled_hours = 0;
  bool typical_year = false;  ///< EPW: months of different years, laid on the run's dates
};

/// CSV: dry bulb in C, relative humidity in %. A first line that begins with `#` may say `utc_offset_seconds N` and
/// `elevation_m N`, as Open-Meteo's does; the clock is that fixed offset all year. Pressure follows from the elevation.
/// EPW: 8,760 rows of local standard time, hour-ending; 29 February takes the 28th's.
/// Throws InputError as read_hourly_file, and where the file's clock is unknown: times without an offset, in a file
/// that does not say its own, where the scenario has no `utc_offset`.
[[nodiscard]] WeatherSeries read_weather_file(std::string_view text, const std::string& file_name,
                                              const WeatherFile& spec, sim::UtcSeconds start, std::int64_t hours);

}  // namespace fleetwatt::scenarios
