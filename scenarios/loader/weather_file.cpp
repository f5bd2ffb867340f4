#include "scenarios/loader/weather_file.hpp"

#include <fmt/format.h>

#include "models/facility/psychrometrics.hpp"
#include "scenarios/loader/hourly_file.hpp"
#include "sim/units.hpp"

namespace fleetwatt::scenarios {

namespace {

constexpr std::int64_t hour_s = 3600;
constexpr double lowest_m = -500.0, highest_m = 6000.0;  // as `elevation_m` of the scenario

/// The number after `word` in a comment line.
std::optional<double> number_after(std::string_view comment, std::string_view word) {
  const std::size_t at = comment.find(word);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view rest = comment.substr(at + word.size());
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return models::number_of(rest.substr(0, rest.find_first_of(" \r\n")));
}

std::string_view leading_comment(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text.starts_with('#') ? text.substr(0, text.find('\n')) : std::string_view();
}

[[noreturn]] void refuse(const std::string& file_name, int line, std::string message, std::string mend) {
  models::FaultList faults(file_name);
  faults.add(line, std::move(message), std::move(mend));
  faults.require_none();
  throw sim::InputError(std::vector<sim::Diagnostic>{});  // not reached
}

WeatherSeries read_csv(std::string_view text, const std::string& file_name, const WeatherFile& spec,
                       sim::UtcSeconds start, std::int64_t hours) {
  const std::string_view comment = leading_comment(text);
  HourlyFileRequest request;
  request.file_name = file_name;
  request.time_column = spec.time_column;
  request.value_columns = {spec.dry_bulb_column, spec.relative_humidity_column};
  request.fill = spec.fill;
  request.clock_must_be_known = true;
  request.start = start;
  request.hours = hours;
  if (spec.utc_offset)
    request.utc_offset_s = spec.utc_offset->whole_s();
  else if (const auto offset_s = number_after(comment, "utc_offset_seconds"))
    request.utc_offset_s = static_cast<std::int64_t>(*offset_s);
  const HourlyColumns columns = read_hourly_file(text, request);

  const double elevation_m = spec.elevation_m.value_or(number_after(comment, "elevation_m").value_or(0.0));
  if (!(elevation_m >= lowest_m && elevation_m <= highest_m))
    refuse(file_name, 1, fmt::format("the file's elevation_m is {:g}", elevation_m),
           fmt::format("{:g} to {:g}, or `elevation_m` in the scenario", lowest_m, highest_m));
  const double pressure_pa = models::station_pressure_pa(elevation_m);
  WeatherSeries series;
  series.filled_hours = columns.filled_hours;
  for (std::size_t hour = 0; hour < static_cast<std::size_t>(hours); ++hour) {
    const double humidity = sim::fraction_from_percent(columns.values[1][hour]);
    const double dry_bulb_c = columns.values[0][hour];
    if (humidity < 0.0 || humidity > 1.0 || dry_bulb_c < -90.0 || dry_bulb_c > 60.0) {
      refuse(file_name, 0,
             fmt::format("{} has {:g} C and {:g} % humidity",
                         sim::to_text({start.value + static_cast<std::int64_t>(hour) * hour_s}), dry_bulb_c,
                         columns.values[1][hour]),
             "dry bulb in C (-90 to 60), relative humidity in % (0 to 100)");
    }
    series.hours.push_back(models::complete(dry_bulb_c, humidity, pressure_pa));
  }
  return series;
}

// EPW (EnergyPlus "Auxiliary Programs"): columns from 0.
constexpr std::size_t epw_columns = 35;
constexpr std::size_t epw_header_lines = 8;
constexpr std::size_t epw_month = 1, epw_day = 2, epw_hour = 3, epw_dry_bulb = 6, epw_relative_humidity = 8,
                      epw_pressure = 9;
constexpr std::size_t epw_rows = 8760;

double epw_number(const std::vector<std::string>& cells, std::size_t column, double low, double high, int line,
                  models::FaultList& faults) {
  const auto value = models::number_of(cells[column]);
  if (value && *value >= low && *value <= high) return *value;
  faults.add(line, fmt::format("`{}` in column {} is missing or out of range", cells[column], column + 1),
             fmt::format("a number from {:g} to {:g}", low, high));
  return low;
}

/// One typical year of local standard time, hour by hour.
std::vector<models::HourlyWeather> read_epw_year(const std::vector<models::TextLine>& lines,
                                                 models::FaultList& faults) {
  std::vector<models::HourlyWeather> year(epw_rows);
  if (lines.size() != epw_header_lines + epw_rows) {
    faults.add(0, fmt::format("{} lines", lines.size()),
               fmt::format("an EPW file has {} header lines and {} hours", epw_header_lines, epw_rows));
    faults.require_none();
  }
  for (std::size_t i = epw_header_lines; i < lines.size(); ++i) {
    const auto cells = models::cells_of(lines[i].text);
    if (cells.size() < epw_columns - 1) {
      faults.add(lines[i].number, fmt::format("{} fields", cells.size()),
                 fmt::format("an EPW row has {}", epw_columns));
      continue;
    }
    const int line = lines[i].number;
    const auto month = static_cast<int>(epw_number(cells, epw_month, 1, 12, line, faults));
    const auto day = static_cast<int>(epw_number(cells, epw_day, 1, 31, line, faults));
    const auto hour_ending = static_cast<int>(epw_number(cells, epw_hour, 1, 24, line, faults));
    const sim::CivilTime date{.year = 2001, .month = month, .day = day};
    if (!sim::is_valid(date)) {
      faults.add(line, fmt::format("no day {} in month {} of an ordinary year", day, month),
                 "one row for each hour of 365 days");
      continue;
    }
    const auto index = static_cast<std::size_t>(sim::day_of_year(date) * 24 + hour_ending - 1);
    year[index] =
        models::complete(epw_number(cells, epw_dry_bulb, -70, 60, line, faults),
                         sim::fraction_from_percent(epw_number(cells, epw_relative_humidity, 0, 100, line, faults)),
                         epw_number(cells, epw_pressure, 31000, 120000, line, faults));
  }
  faults.require_none();
  return year;
}

WeatherSeries read_epw(std::string_view text, const std::string& file_name, const WeatherFile& spec,
                       sim::UtcSeconds start, std::int64_t hours) {
  models::FaultList faults(file_name);
  const auto lines = models::lines_of(text, '\0');
  const auto location = lines.empty() ? std::vector<std::string>{} : models::cells_of(lines.front().text);
  const auto zone_h =
      location.size() >= 10 && location[0] == "LOCATION" ? models::number_of(location[8]) : std::nullopt;
  if (!zone_h)
    refuse(file_name, 1, "the first line is no LOCATION of an EPW file",
           "LOCATION,city,state,country,source,WMO,latitude,longitude,time zone,elevation");
  const std::int64_t offset_s =
      spec.utc_offset ? spec.utc_offset->whole_s() : static_cast<std::int64_t>(sim::s_from_h(*zone_h));
  const auto year = read_epw_year(lines, faults);
  WeatherSeries series;
  series.typical_year = true;
  for (std::int64_t hour = 0; hour < hours; ++hour) {
    sim::CivilTime local = sim::civil_from_utc({start.value + hour * hour_s + offset_s});
    if (local.month == 2 && local.day == 29) local.day = 28;
    local.year = 2001;
    series.hours.push_back(
        year[static_cast<std::size_t>(sim::day_of_year(local)) * 24 + static_cast<std::size_t>(local.hour)]);
  }
  return series;
}

}  // namespace

WeatherSeries read_weather_file(std::string_view text, const std::string& file_name, const WeatherFile& spec,
                                sim::UtcSeconds start, std::int64_t hours) {
  const bool epw = file_name.ends_with(".epw") || file_name.ends_with(".EPW");
  return epw ? read_epw(text, file_name, spec, start, hours) : read_csv(text, file_name, spec, start, hours);
}

}  // namespace fleetwatt::scenarios
