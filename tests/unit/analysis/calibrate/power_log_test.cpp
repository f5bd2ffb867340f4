#include "analysis/calibrate/power_log.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <iostream>
#include <sstream>

#include "sim/error.hpp"
#include "tests/examples/measured_data.hpp"

using namespace fleetwatt;
using analysis::covered_s;
using analysis::mean_power_w;
using analysis::PowerLog;
using analysis::PowerLogColumns;
using analysis::read_power_log;

namespace {

using Faults = std::vector<std::string>;

PowerLog read(const std::string& text, const PowerLogColumns& columns = {}) {
  return read_power_log(text, "p.csv", columns);
}

/// Every fault as `line: message [mend]`.
Faults faults_of(const std::string& text, const PowerLogColumns& columns = {}) {
  Faults faults;
  try {
    static_cast<void>(read(text, columns));
  } catch (const sim::InputError& error) {
    for (const auto& fault : error.diagnostics()) {
      CHECK(fault.place.file == "p.csv");
      faults.push_back(std::to_string(fault.place.line) + ": " + fault.message + " [" + fault.mend + "]");
    }
  }
  return faults;
}

void check_two_samples(const PowerLog& log) {
  REQUIRE(log.samples.size() == 2);
  CHECK(log.samples[0].time_s == 10.0);
  CHECK(log.samples[0].power_w == Approx(412.3).epsilon(1e-12));
  CHECK(log.samples[1].time_s == 11.5);
  CHECK(log.samples[1].power_w == Approx(1200.0).epsilon(1e-12));
}

const std::string mend =
    "0 or more, in W, or with the unit as in `412.3 W` or `4.1 kW`; without a reading remove the row, a gap carries no "
    "weight";

/// 100 W at 0 s, 200 W at 1 s, 400 W at 10 s.
const PowerLog steps = {{{0.0, 100.0}, {1.0, 200.0}, {10.0, 400.0}}};

}  // namespace

TEST_CASE("a power log is times and watts", "[unit]") {
  check_two_samples(read("time_s,power_w\n10,412.3\n11.5,1200\n"));
  check_two_samples(read("\xEF\xBB\xBFtime_s,power_w\r\n\r\n10,412.3\r\n11.5,1200"));
  check_two_samples(read("note,time_seconds,power_watts\nx,10,412.3\n\"y, z\",11.5,1.2e3\n"));
  check_two_samples(read("index, timestamp, power.draw [W]\n0, 10, 412.3 W\n0, 11.5, 1200.00 W\n"));
  check_two_samples(read("Time,Watts\n10,412.3W\n11.5,1.2 kW\n"));
  check_two_samples(read("time_ms,power_kw\n10000,0.4123\n11500,1200 W\n"));
  check_two_samples(read("a,b\n10,412.3\n11.5,1200\n", {.time = "a", .power = "b"}));
  check_two_samples(read("{\"time_s\": 10, \"power_w\": 412.3}\n{\"time_s\": 11.5, \"power_w\": 1200}\n"));
}

TEST_CASE("a power log's dates are Unix time", "[unit]") {
  const PowerLog log =
      read("timestamp, power.draw [W]\n2024/07/15 01:00:00.250, 70.5 W\n2024-07-15T03:00:01+02:00, 0 W\n");
  REQUIRE(log.samples.size() == 2);
  CHECK(log.samples[0].time_s == 1'721'005'200.25);  // date -ud 2024-07-15T01:00Z +%s
  CHECK(log.samples[1].time_s == 1'721'005'201.0);
  CHECK(log.samples[1].power_w == 0.0);
}

TEST_CASE("times of a power log that do not increase are refused", "[unit]") {
  CHECK(
      faults_of("time_s,power_w\n1,5\n1,5\n2,5\n1.5,5\n") ==
      Faults{
          "3: `1` in `time_s` is also the time above it [one row a time: sum the rows of several GPUs, or remove one]",
          "5: `1.5` in `time_s` is before the time above it [sort the log by time]"});
}

TEST_CASE("cells that are no times or no powers are refused, all of them", "[unit]") {
  CHECK(faults_of("time_s,power_w\nnow,5\n1,[N/A]\n2,\n3,-4 W\n4,5 MW\n5,W\n6,5 mW\n7\n8,1e999\n") ==
        Faults{"9: 1 fields, the header has 2 [mend or remove the row]",
               "2: `now` in `time_s` is not a time [seconds, or a date as in 2024-07-15T01:00:00.25Z]",
               "3: `[N/A]` in `power_w` is not a power [" + mend + "]", "4: no value in `power_w` [" + mend + "]",
               "5: `-4 W` in `power_w` is not a power [" + mend + "]",
               "6: `5 MW` in `power_w` is not a power [" + mend + "]",
               "7: `W` in `power_w` is not a power [" + mend + "]",
               "8: `5 mW` in `power_w` is not a power [" + mend + "]",
               "10: `1e999` in `power_w` is not a power [" + mend + "]"});
  CHECK(
      faults_of("time_s,power_w\n1777142838338,5\n") ==
      Faults{
          "2: `1777142838338` in `time_s` is too large for a time in seconds [write seconds, or end the column's name "
          "in _ms, _us or _ns]"});
}

TEST_CASE("a power log without its columns or samples is refused", "[unit]") {
  CHECK(
      faults_of("when,power\n1,5\n") ==
      Faults{"0: no column is recognised as the times [name it, or call it one of time_s, time_seconds, timestamp, "
             "timestamp_s, datetime, timestamp_ms, time_ms, time; the log has when, power]",
             "0: no column is recognised as the power [name it, or call it one of power_w, power_watts, watts, "
             "power.draw [W], power.draw, power.draw.average [W], power.draw.instant [W], power_kw, power [W]; the log "
             "has when, power]"});
  CHECK(faults_of("when,power\n1,5\n", {.time = "when", .power = "heat"}) ==
        Faults{"0: the log has no column `heat` for the power [it has when, power]"});
  CHECK(faults_of("") == Faults{"0: the log is empty [a header line and rows, or JSON objects, one a line]"});
  CHECK(faults_of("time_s,power_w\n") == Faults{"0: the log has no samples [at least one row below the header]"});
}

TEST_CASE("a mean weighs each sample by how long it holds", "[unit]") {
  CHECK(mean_power_w(steps, 0, 2, 10) == Approx(150.0));        // 1 s of 100 W, 1 s of 200 W
  CHECK(mean_power_w(steps, 0.5, 10.5, 100) == Approx(205.0));  // 50 J + 1800 J + 200 J over 10 s
  CHECK(covered_s(steps, 0.5, 10.5, 100) == Approx(10.0));
  CHECK(mean_power_w(steps, 4, 5, 100) == Approx(200.0));  // inside one sample
}

TEST_CASE("a gap carries no weight", "[unit]") {
  CHECK(covered_s(steps, 0, 20, 2) == Approx(5.0));       // 1 s + 2 s + 2 s, the last sample too
  CHECK(mean_power_w(steps, 0, 20, 2) == Approx(260.0));  // (100 + 400 + 800) J over 5 s
  CHECK(covered_s(steps, 2.5, 10, 2) == Approx(0.5));
  CHECK(mean_power_w(steps, 2.5, 10, 2) == Approx(200.0));
  for (const auto& [from_s, to_s] : {std::pair{-5.0, 0.0}, {4.0, 9.0}, {12.0, 20.0}, {1.0, 1.0}, {2.0, 1.0}}) {
    CHECK(covered_s(steps, from_s, to_s, 2) == 0.0);
    CHECK(std::isnan(mean_power_w(steps, from_s, to_s, 2)));
  }
}

TEST_CASE("the power of eight H100 while training", "[unit]") {
  const char* data = fleetwatt::tests::measured_data();
  if (data == nullptr) return;
  const std::string path = std::string(data) + "/training-measurements/h100x8-llama3-8b-node-power-ckpt100.csv";
  std::ifstream file(path);
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  const PowerLog log = read_power_log(text.str(), path, {});
  const PowerLog by_date = read_power_log(text.str(), path, {.time = "datetime"});
  CHECK(log.samples.size() == 6'804);
  const double end_s = log.samples.back().time_s;
  const double start_s = by_date.samples.front().time_s;
  CHECK(start_s == Approx(1753576485.155).margin(1e-6));
  // Means of the same file by Python.
  CHECK(mean_power_w(log, 0, end_s, 60) == Approx(2185.5401666343837).epsilon(1e-9));
  CHECK(mean_power_w(log, 100, 200, 0.11) == Approx(2852.9192332815883).epsilon(1e-9));
  CHECK(covered_s(log, 100, 200, 0.11) == Approx(99.20200000000007).epsilon(1e-9));
  CHECK(mean_power_w(by_date, start_s + 100, start_s + 200, 0.11) == Approx(2852.9192332815883).epsilon(1e-4));
}
