#include "analysis/results/load_shape.hpp"

#include <catch2/catch.hpp>

#include "tests/examples/screen_lines.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;

namespace {

const sim::UtcSeconds new_year = sim::utc_from_civil({.year = 2024});

/// 1 MW, and 3 MW from 12:00 to 13:00 UTC, for a run that begins at `first_hour` of a day.
std::vector<double> noon_peaks(std::size_t hours, std::size_t first_hour = 0) {
  std::vector<double> load_w(hours, 1e6);
  for (std::size_t i = 0; i < hours; ++i) {
    if ((i + first_hour) % 24 == 12) load_w[i] = 3e6;
  }
  return load_w;
}

std::string repeated(const char* bar, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += bar;
  return text;
}

}  // namespace

TEST_CASE("up to three days, a bar is an hour", "[results]") {
  CHECK(load_shape({1e6, 2e6, 3e6}, new_year, {}) == "by hour  ▁▅█  1.000 to 3.00 MW\n");
  const std::string day = repeated("▁", 12) + "█" + repeated("▁", 11);
  CHECK(load_shape(noon_peaks(72), new_year, {}) == "by hour  " + day + day + day + "  1.000 to 3.00 MW\n");
  CHECK(load_shape({}, new_year, {}).empty());
}

TEST_CASE("a narrow screen has whole days on a line", "[results]") {
  const std::string day = repeated("▁", 12) + "█" + repeated("▁", 11);
  CHECK(load_shape(noon_peaks(72), new_year, {.width = 80}) ==
        "by hour  " + day + day + "\n         " + day + "  1.000 to 3.00 MW\n");
  CHECK(load_shape(noon_peaks(72), new_year, {.width = 40}) ==
        "by hour  " + day + "\n         " + day + "\n         " + day + "\n         1.000 to 3.00 MW\n");
}

TEST_CASE("from the 73rd hour on, the mean day, by the hour of UTC and not of the run", "[results]") {
  const std::string day = repeated("▁", 12) + "█" + repeated("▁", 11);
  const std::string words = "  mean day, 00 to 23 UTC: 1.000 to 3.00 MW; single hours 1.000 to 3.00 MW\n";
  CHECK(load_shape(noon_peaks(73), new_year, {}) == "by hour  " + day + words);
  const sim::UtcSeconds evening{new_year.value + 20 * std::int64_t{3600}};
  CHECK(load_shape(noon_peaks(24 * 59 + 23, 20), evening, {}) == "by hour  " + day + words);
}

TEST_CASE("from 60 days on, the weeks of the run", "[results]") {
  std::vector<double> load_w(60 * std::size_t{24}, 1e6);
  for (std::size_t hour = 7 * 24; hour < std::size_t{14} * 24; ++hour) load_w[hour] = 2e6;
  load_w[0] = 5e6;
  CHECK(load_shape(load_w, new_year, {}) ==
        "by week  ▁█▁▁▁▁▁▁▁  from 2024-01-01: 1.000 to 2.00 MW; single hours 1.000 to 5.00 MW\n");
  load_w.assign(72 * 7 * std::size_t{24}, 1e6);
  CHECK_THAT(load_shape(load_w, new_year, {}), Catch::StartsWith("by week  " + repeated("▁", 72) + "  from"));
}

TEST_CASE("more weeks than fit are months, and more months years", "[results]") {
  std::vector<double> load_w((72 * 7 + 1) * std::size_t{24}, 1e6);                           // to 2025-05-20
  for (std::size_t hour = 31 * 24; hour < std::size_t{60} * 24; ++hour) load_w[hour] = 2e6;  // February 2024
  CHECK_THAT(load_shape(load_w, new_year, {}),
             Catch::StartsWith("by month ▁█" + repeated("▁", 15) + "  from 2024-01-01: 1.000 to 2.00 MW"));
  load_w.assign(10 * 366 * std::size_t{24}, 1e6);
  CHECK_THAT(load_shape(load_w, new_year, {}),
             Catch::StartsWith("by year  " + repeated("▁", 11) + "  from 2024-01-01"));
}

TEST_CASE("the shape fits the screen", "[results]") {
  for (const std::size_t hours : {5U, 60U, 72U, 100U, 2000U, 9000U, 20000U}) {
    for (const std::size_t width : {20U, 40U, 60U, 80U, 100U, 200U}) {
      INFO(hours << " h, " << width);
      CHECK(tests::too_wide(load_shape(noon_peaks(hours), new_year, {.width = width}), width).empty());
    }
  }
}
