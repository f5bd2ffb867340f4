#include "scenarios/loader/weather_file.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "models/facility/psychrometrics.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::scenarios;
using Catch::Matchers::Contains;

namespace {

const sim::UtcSeconds july = sim::utc_from_civil({.year = 2024, .month = 7, .day = 15});

std::string fault(const std::string& text, const std::string& name = "w.csv", const WeatherFile& spec = {}) {
  try {
    static_cast<void>(read_weather_file(text, name, spec, july, 2));
  } catch (const sim::InputError& error) {
    return error.what();
  }
  return "";
}

const std::string open_meteo =
    "# latitude 37.4 longitude -122.0 elevation_m 7.0 timezone America/Los_Angeles utc_offset_seconds -25200 units {}\n"
    "time,temperature_2m,relative_humidity_2m,cloudcover\n"
    "2024-07-14T17:00,25.0,40,0\n"
    "2024-07-14T18:00,24.0,50,0\n";

/// An EPW year: dry bulb = month + hour/100, so each row can be told; the line of `spoilt` (from 1) has `instead` as
/// its dry bulb.
std::string epw(double time_zone_h, int spoilt = 0, const std::string& instead = "") {
  std::string text = fmt::format("LOCATION,Anywhere,CA,USA,TMY3,1,37,-122,{},16\n", time_zone_h);
  for (int line = 2; line <= 8; ++line) text += "HEADER\n";
  int line = 9;
  for (int month = 1; month <= 12; ++month) {
    constexpr std::array days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int day = 1; day <= days[static_cast<std::size_t>(month - 1)]; ++day) {
      for (int hour = 1; hour <= 24; ++hour, ++line) {
        const std::string dry_bulb = line == spoilt ? instead : fmt::format("{:.2f}", month + day / 100.0);
        text += fmt::format("1999,{},{},{},0,?9,{},5.0,{},101325", month, day, hour, dry_bulb, 50 + hour);
        for (int column = 10; column < 35; ++column) text += ",0";
        text += "\n";
      }
    }
  }
  return text;
}

}  // namespace

TEST_CASE("Open-Meteo's form: its comment says clock and elevation", "[loader]") {
  const WeatherSeries series = read_weather_file(open_meteo, "w.csv", {}, july, 2);
  REQUIRE(series.hours.size() == 2);
  CHECK(series.hours[0].dry_bulb_c == 25.0);  // 17:00 at UTC-7 is midnight UTC
  CHECK(series.hours[0].relative_humidity == 0.40);
  CHECK(series.hours[1].dry_bulb_c == 24.0);
  CHECK(series.hours[0].pressure_pa == models::station_pressure_pa(7.0));
  CHECK(series.hours[0].wet_bulb_c == models::complete(25.0, 0.40, models::station_pressure_pa(7.0)).wet_bulb_c);
  CHECK_FALSE(series.typical_year);
}

TEST_CASE("the scenario's word on clock, elevation and columns counts more than the file's", "[loader]") {
  WeatherFile spec;
  spec.utc_offset = sim::Duration::from_whole_s(-21600);
  spec.elevation_m = 1500.0;
  const auto hours = read_weather_file(open_meteo, "w.csv", spec, {july.value - 3600}, 2).hours;
  CHECK(hours[0].dry_bulb_c == 25.0);
  CHECK(hours[0].pressure_pa == models::station_pressure_pa(1500.0));
  spec = {};
  spec.dry_bulb_column = "T";
  spec.relative_humidity_column = "RH";
  spec.time_column = "when";
  CHECK(read_weather_file("RH,T,when\n60,21,2024-07-15T00:00Z\n", "w.csv", spec, july, 1).hours[0].dry_bulb_c == 21.0);
}

TEST_CASE("weather without an elevation is that of sea level, one that cannot be is refused", "[loader]") {
  const std::string rows =
      "time,temperature_2m,relative_humidity_2m\n2024-07-15T00:00Z,20,50\n2024-07-15T01:00Z,20,50\n";
  CHECK(read_weather_file(rows, "w.csv", {}, july, 1).hours[0].pressure_pa == models::sea_level_pressure_pa);
  const auto at = [&](const std::string& elevation) { return "# elevation_m " + elevation + "\n" + rows; };
  CHECK(read_weather_file(at("6000"), "w.csv", {}, july, 1).hours[0].pressure_pa ==
        models::station_pressure_pa(6000.0));
  CHECK_THAT(fault(at("20000")),
             Contains("w.csv:1: error: the file's elevation_m is 20000") && Contains("-500 to 6000"));
  CHECK_THAT(fault(at("-501")), Contains("elevation_m is -501"));
}

TEST_CASE("weather whose clock nobody knows is refused", "[loader]") {
  const std::string text = open_meteo.substr(open_meteo.find('\n') + 1);
  CHECK_THAT(fault(text), Contains("w.csv:2: error: `2024-07-14T17:00` does not say which clock it was read on") &&
                              Contains("give `utc_offset` in the scenario, such as \"-7h\""));
  WeatherFile spec;
  spec.utc_offset = sim::Duration::from_whole_s(-25200);
  CHECK(fault(text, "w.csv", spec).empty());
}

TEST_CASE("weather with missing hours says which, or fills them", "[loader]") {
  const std::string text =
      "time,temperature_2m,relative_humidity_2m\n2024-07-14T23:00Z,20,50\n2024-07-15T01:00Z,22,60\n";
  CHECK_THAT(fault(text), Contains("2024-07-15 00:00 UTC is missing in column `temperature_2m`") &&
                              Contains("2024-07-15 00:00 UTC is missing in column `relative_humidity_2m`") &&
                              Contains("set `fill = \"interpolate\"`"));
  WeatherFile spec;
  spec.fill = GapFill::interpolate;
  const WeatherSeries series = read_weather_file(text, "w.csv", spec, july, 2);
  CHECK(series.hours[0].dry_bulb_c == 21.0);
  CHECK(series.hours[0].relative_humidity == Approx(0.55).epsilon(1e-15));
  CHECK(series.filled_hours == 1);
}

TEST_CASE("weather that cannot be is refused with its hour", "[loader]") {
  const auto with = [](const std::string& row) {
    return fault("time,temperature_2m,relative_humidity_2m\n2024-07-15T00:00Z," + row + "\n2024-07-15T01:00Z,20,50\n");
  };
  CHECK_THAT(with("77,50"), Contains("2024-07-15 00:00 UTC has 77 C and 50 % humidity") &&
                                Contains("dry bulb in C (-90 to 60), relative humidity in % (0 to 100)"));
  CHECK_THAT(with("20,101"), Contains("20 C and 101 % humidity"));
  CHECK_THAT(with("20,-1"), Contains("-1 % humidity"));
  CHECK(with("20,100").empty());
}

TEST_CASE("EPW: hours end at the number they carry, on the file's standard time", "[loader]") {
  const WeatherSeries series = read_weather_file(epw(-8), "w.epw", {}, july, 9);
  CHECK(series.typical_year);
  CHECK(series.hours[0].dry_bulb_c == Approx(7.14));                // 16:00 of the 14th at UTC-8
  CHECK(series.hours[0].relative_humidity == Approx(0.50 + 0.17));  // hour-ending 17
  CHECK(series.hours[7].dry_bulb_c == Approx(7.14));
  CHECK(series.hours[8].dry_bulb_c == Approx(7.15));  // 00:00 of the 15th: hour-ending 1
  CHECK(series.hours[8].relative_humidity == Approx(0.51));
  CHECK(series.hours[8].pressure_pa == 101325.0);
}

TEST_CASE("EPW: a leap day takes the 28th's, and March follows it", "[loader]") {
  const sim::UtcSeconds leap = sim::utc_from_civil({.year = 2024, .month = 2, .day = 28});
  const auto hours = read_weather_file(epw(0), "W.EPW", {}, leap, 72).hours;
  CHECK(hours[0].dry_bulb_c == Approx(2.28));
  CHECK(hours[24].dry_bulb_c == Approx(2.28));  // the 29th
  CHECK(hours[47].relative_humidity == Approx(0.74));
  CHECK(hours[48].dry_bulb_c == Approx(3.01));
  const sim::UtcSeconds new_year = sim::utc_from_civil({.year = 2023, .month = 12, .day = 31, .hour = 23});
  CHECK(read_weather_file(epw(0), "w.epw", {}, new_year, 2).hours[1].dry_bulb_c == Approx(1.01));
}

TEST_CASE("EPW: what is missing or no EPW is refused with its line", "[loader]") {
  CHECK_THAT(fault(epw(0, 100, "99.9"), "w.epw"),
             Contains("w.epw:100: error: `99.9` in column 7 is missing or out of range") &&
                 Contains("a number from -70 to 60"));
  CHECK_THAT(fault("LOCATION,a,b,c,d,1,37,-122,-8,16\nshort\n", "w.epw"),
             Contains("w.epw: error: 2 lines") && Contains("an EPW file has 8 header lines and 8760 hours"));
  CHECK_THAT(fault("time,temperature\n", "w.epw"),
             Contains("w.epw:1: error: the first line is no LOCATION of an EPW file"));
}
