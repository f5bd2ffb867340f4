#include "scenarios/loader/hourly_file.hpp"

#include <catch2/catch.hpp>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::scenarios;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

const sim::UtcSeconds start = sim::utc_from_civil({.year = 2024, .month = 7, .day = 15});

HourlyFileRequest request(std::int64_t hours = 4) {
  HourlyFileRequest request;
  request.file_name = "grid.csv";
  request.value_columns = {"value"};
  request.start = start;
  request.hours = hours;
  return request;
}

/// Rows from two hours before the run to two after, at each hour its number since the run's start, times ten.
std::string good_file(std::int64_t hours = 4) {
  return hourly_csv("time,value", {start.value - 7200}, static_cast<int>(hours) + 4,
                    [](int row) { return std::to_string((row - 2) * 10); });
}

std::vector<double> values_of(const std::string& text, const HourlyFileRequest& asked) {
  return read_hourly_file(text, asked).values.front();
}

std::string fault(const std::string& text, const HourlyFileRequest& asked = request()) {
  try {
    static_cast<void>(read_hourly_file(text, asked));
  } catch (const sim::InputError& error) {
    return error.what();
  }
  return "";
}

std::string without_line(std::string text, const std::string& with) {
  const std::size_t at = text.find(with);
  const std::size_t begin = text.rfind('\n', at) + 1;
  return text.erase(begin, text.find('\n', at) + 1 - begin);
}

std::string replaced(std::string text, const std::string& old_text, const std::string& new_text) {
  const std::size_t at = text.find(old_text);
  REQUIRE(at != std::string::npos);
  return text.replace(at, old_text.size(), new_text);
}

const std::vector<double> tens = {0.0, 10.0, 20.0, 30.0};

}  // namespace

TEST_CASE("the hours of the run are taken out of a longer file", "[loader]") {
  const HourlyColumns columns = read_hourly_file(good_file(), request());
  CHECK(columns.values.front() == tens);
  CHECK(columns.filled_hours == 0);
}

TEST_CASE("byte-order mark, CRLF, comments and blank lines do not matter", "[loader]") {
  std::string text = "\xEF\xBB\xBF# made by hand\n" + good_file() + "\n\n";
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2)) text.insert(at, "\r");
  CHECK(values_of(text, request()) == tens);
}

TEST_CASE("several columns, found by header or by part of it, quotes and other columns do not matter", "[loader]") {
  HourlyFileRequest asked = request(1);
  asked.time_column = "Datetime (UTC)";
  asked.value_columns = {"(direct)", "price"};
  const std::string text =
      "Country,Datetime (UTC),\"Carbon, gCO2/kWh (direct)\",price,price note\nUS,2024-07-15 00:00:00,120,-3.5,x\n";
  const HourlyColumns columns = read_hourly_file(text, asked);
  CHECK(columns.values[0].front() == 120.0);
  CHECK(columns.values[1].front() == -3.5);  // the equal header, not the one that contains it
}

TEST_CASE("times are UTC unless they or the request say otherwise", "[loader]") {
  HourlyFileRequest asked = request(1);
  CHECK(values_of("time,value\n2024-07-15T00:00,1\n", asked).front() == 1.0);
  CHECK(values_of("time,value\n2024-07-14T17:00-07:00,2\n", asked).front() == 2.0);
  asked.utc_offset_s = -25200;
  CHECK(values_of("time,value\n2024-07-14T17:00,3\n", asked).front() == 3.0);
  CHECK(values_of("time,value\n2024-07-15T00:00Z,4\n", asked).front() == 4.0);  // its own offset counts
  asked.utc_offset_s.reset();
  asked.time_shift = sim::Duration::from_whole_s(-25200);
  CHECK(values_of("time,value\n2024-07-15 07:00,5\n", asked).front() == 5.0);
}

TEST_CASE("local times with offsets run through the change to daylight saving and back", "[loader]") {
  HourlyFileRequest asked = request(4);
  // Los Angeles, 10 March 2024: 02:00 does not exist (IANA tzdata).
  asked.start = sim::utc_from_civil({.year = 2024, .month = 3, .day = 10, .hour = 8});
  CHECK(values_of("time,value\n2024-03-10T00:00-08:00,0\n2024-03-10T01:00-08:00,10\n2024-03-10T03:00-07:00,20\n2024-03-"
                  "10T04:00-07:00,30\n",
                  asked) == tens);
  // Los Angeles, 3 November 2024: 01:00 comes twice.
  asked.start = sim::utc_from_civil({.year = 2024, .month = 11, .day = 3, .hour = 7});
  CHECK(values_of("time,value\n2024-11-03T00:00-07:00,0\n2024-11-03T01:00-07:00,10\n2024-11-03T01:00-08:00,20\n2024-11-"
                  "03T02:00-08:00,30\n",
                  asked) == tens);
  // Without offsets, the hour that comes twice cannot be told apart.
  asked.utc_offset_s = -25200;
  CHECK_THAT(
      fault("time,value\n2024-11-03T00:00,0\n2024-11-03T01:00,10\n2024-11-03T01:00,20\n2024-11-03T02:00,30\n", asked),
      Contains("grid.csv:4: error: 2024-11-03T01:00 is there twice (line 3)") &&
          Contains("files in local time repeat an hour in autumn: use their column in UTC"));
}

TEST_CASE("a leap day is a day", "[loader]") {
  HourlyFileRequest asked = request(3);
  asked.start = sim::utc_from_civil({.year = 2024, .month = 2, .day = 28, .hour = 23});
  CHECK(values_of("time,value\n2024-02-28 23:00,1\n2024-02-29 00:00,2\n2024-02-29 01:00,3\n", asked) ==
        std::vector<double>{1.0, 2.0, 3.0});
  asked.start = sim::utc_from_civil({.year = 2023, .month = 2, .day = 28, .hour = 23});
  CHECK_THAT(fault("time,value\n2023-02-28 23:00,1\n2023-02-29 00:00,2\n2023-03-01 00:00,3\n", asked),
             Contains("grid.csv:3: error: `2023-02-29 00:00` is no time"));
}

TEST_CASE("a missing hour is named, with its neighbours and the mend", "[loader]") {
  CHECK(fault(without_line(good_file(), "T01:00:00Z")) ==
        "grid.csv:5: error: 2024-07-15 01:00 UTC is missing in column `value` (the one before is 2024-07-15 00:00 UTC, "
        "the next is "
        "2024-07-15 02:00 UTC)\n"
        "       needed: one value an hour over the run, 2024-07-15 00:00 UTC to 2024-07-15 03:00 UTC; mend the file, "
        "or set `fill = "
        "\"interpolate\"`\n");
}

TEST_CASE("every missing hour is named, an empty cell too", "[loader]") {
  const std::string text = fault(replaced(without_line(good_file(), "T01:00:00Z"), "T03:00:00Z,30", "T03:00:00Z,"));
  CHECK_THAT(text, Contains("2024-07-15 01:00 UTC is missing") && Contains("2024-07-15 03:00 UTC is missing"));
}

TEST_CASE("missing hours are filled from their neighbours where that is asked for, and counted", "[loader]") {
  HourlyFileRequest asked = request();
  asked.fill = GapFill::interpolate;
  const HourlyColumns columns =
      read_hourly_file(without_line(without_line(good_file(), "T01:00:00Z"), "T02:00:00Z"), asked);
  CHECK(columns.values.front() == tens);
  CHECK(columns.filled_hours == 2);
  // The first and the last hour of the run: from rows outside it.
  CHECK(values_of(without_line(without_line(good_file(), "-15T00:00:00Z"), "T03:00:00Z"), asked) == tens);
  CHECK(read_hourly_file(replaced(good_file(), "T02:00:00Z,20", "T02:00:00Z, "), asked).filled_hours == 1);
}

TEST_CASE("interpolation needs both sides", "[loader]") {
  HourlyFileRequest asked = request();
  asked.fill = GapFill::interpolate;
  CHECK_THAT(
      fault("time,value\n2024-07-15 00:00,\n2024-07-15 01:00,10\n2024-07-15 02:00,20\n2024-07-15 03:00,30\n", asked),
      Contains(
          "2024-07-15 00:00 UTC is missing in column `value` (none before it, the next is 2024-07-15 01:00 UTC)") &&
          Contains("interpolation needs an hour on both sides"));
}

TEST_CASE("a file that does not cover the run says what it covers", "[loader]") {
  CHECK(fault(good_file(1)) ==
        "grid.csv: error: the file covers 2024-07-14 22:00 UTC to 2024-07-15 02:00 UTC, the run needs 2024-07-15 00:00 "
        "UTC to 2024-07-15 "
        "03:00 UTC\n       choose another file, or another `start` or `duration`\n");
  HourlyFileRequest later = request();
  later.start = sim::utc_from_civil({.year = 2025, .month = 1, .day = 1});
  CHECK_THAT(fault(good_file(), later), Contains("the file covers 2024-07-14 22:00 UTC to 2024-07-15 05:00 UTC"));
  CHECK_THAT(fault("time,value\n"), Contains("the file has no rows"));
  later.fill = GapFill::interpolate;  // no way round it
  CHECK_THAT(fault(good_file(), later), Contains("the file covers"));
}

TEST_CASE("what is no time, no number or no row is reported with its line, all at once", "[loader]") {
  CHECK(fault("time,value\n2024-07-15 00:00,abc\nyesterday,10\n2024-07-15 02:00\n") ==
        "grid.csv:2: error: `abc` is no number\n       a number, or an empty cell for a gap\n"
        "grid.csv:3: error: `yesterday` is no time\n       written as 2024-07-15 01:00 or 2024-07-15T01:00:00Z\n"
        "grid.csv:4: error: 1 fields, the header has 2\n       mend or remove the row\n");
  CHECK_THAT(fault("time,value\n2024-07-15 00:00,nan\n"), Contains("`nan` is no number"));
}

TEST_CASE("hours out of order, double or between hours are refused", "[loader]") {
  CHECK_THAT(fault("time,value\n2024-07-15 01:00,1\n2024-07-15 00:00,0\n"),
             Contains("grid.csv:3: error: 2024-07-15 00:00 is before the row above it (line 2)"));
  CHECK_THAT(fault("time,value\n2024-07-15 01:00,1\n2024-07-15 01:00,1\n"),
             Contains("grid.csv:3: error: 2024-07-15 01:00 is there twice (line 2)"));
  CHECK_THAT(fault("time,value\n2024-07-15 00:30,1\n"),
             Contains("grid.csv:2: error: 2024-07-15 00:30 is not on the hour of the run"));
}

TEST_CASE("rows far from the run are nobody's business", "[loader]") {
  HourlyFileRequest asked = request(1);
  CHECK(values_of("time,value\n2024-01-01 00:30,1\n2024-01-01 00:30,x\n2024-07-15 00:00,7\n2024-12-31 23:00,oops\n",
                  asked)
            .front() == 7.0);
}

TEST_CASE("a column that is not there is told those that are", "[loader]") {
  CHECK(fault("time,price\n2024-07-15 00:00,1\n") ==
        "grid.csv:1: error: no column `value`\n       the file has: time, price\n");
  HourlyFileRequest asked = request();
  asked.time_column = "when";
  CHECK_THAT(fault(good_file(), asked), Contains("no column `when`") && Contains("the file has: time, value"));
  CHECK_THAT(fault(""),
             Contains("grid.csv: error: the file is empty") && Contains("a header line, then one row an hour"));
}

TEST_CASE("where the clock must be known, times that do not say theirs are refused, once", "[loader]") {
  HourlyFileRequest asked = request(2);
  asked.clock_must_be_known = true;
  CHECK(fault("time,value\n2024-07-15 00:00,0\n2024-07-15 01:00,1\n", asked) ==
        "grid.csv:2: error: `2024-07-15 00:00` does not say which clock it was read on\n"
        "       give `utc_offset` in the scenario, such as \"-7h\", or \"0h\" for UTC\n");
  CHECK(fault("time,value\n2024-07-15 00:00Z,0\n2024-07-15 01:00Z,1\n", asked).empty());
  asked.utc_offset_s = 0;
  CHECK(fault("time,value\n2024-07-15 00:00,0\n2024-07-15 01:00,1\n", asked).empty());
}
