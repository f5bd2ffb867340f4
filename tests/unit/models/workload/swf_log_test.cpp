#include "models/workload/swf_log.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

#include "sim/error.hpp"
#include "tests/examples/measured_data.hpp"

namespace {

using fleetwatt::models::parse_swf;
using fleetwatt::models::SwfLog;

constexpr const char* two_jobs =
    "; Version: 2.2\n"
    "\n"
    "    1        0 10     600    4     -1    -1   8   1200    -1  1   3  74 1  4 -1 -1 -1\n"
    "    2       30 -1      60   -1  264.95 57344 16     -1    -1  1   3  74 1  4 -1 -1 -1\n";

/// A job line with the six fields that are read.
std::string job_line(const std::string& number, const std::string& submit, const std::string& run,
                     const std::string& allocated, const std::string& requested,
                     const std::string& requested_time = "-1") {
  return number + " " + submit + " -1 " + run + " " + allocated + " -1 -1 " + requested + " " + requested_time +
         " -1 1 1 1 1 1 -1 -1 -1\n";
}

std::string error_of(const std::string& text) {
  try {
    (void)parse_swf(text, "log.swf");
  } catch (const fleetwatt::sim::InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a log in the Standard Workload Format is read by its fields") {
  const SwfLog log = parse_swf(two_jobs, "log.swf");
  REQUIRE(log.jobs.size() == 2);
  const auto& first = log.jobs[0];
  CHECK(first.number == 1);
  CHECK(first.submit_s == 0.0);
  CHECK(first.run_s == 600.0);
  CHECK(first.processors == 4);  // field 5, not the 8 of field 8
  CHECK(first.requested_s == 1200.0);
  CHECK(first.line == 3);
  const auto& second = log.jobs[1];
  CHECK(second.submit_s == 30.0);
  CHECK(second.processors == 16);  // field 8 where field 5 is unknown
  CHECK(second.requested_s <= 0.0);
  CHECK(second.line == 4);
  CHECK(log.skipped_unknown_run_time == 0);
  CHECK(log.skipped_no_processors == 0);
}

TEST_CASE("a log is read as users have it: byte-order mark, CRLF, tabs, blanks, no last newline") {
  const std::string text = "\xEF\xBB\xBF; comment\r\n\r\n" +
                           std::string("1\t0 -1 5.5 1 -1 -1 1 -1 -1 1 1 1 1 1 -1 -1 -1\r\n") +
                           "  ; another\r\n \t \r\n" + "2 7.25 -1 5 1 -1 -1 1 -1 -1 1 1 1 1 1 -1 -1 -1";
  const SwfLog log = parse_swf(text, "log.swf");
  REQUIRE(log.jobs.size() == 2);
  CHECK(log.jobs[0].run_s == 5.5);
  CHECK(log.jobs[1].submit_s == 7.25);
  CHECK(log.jobs[1].line == 6);
}

TEST_CASE("jobs without run time or processors are skipped and counted, a run time of 0 is kept") {
  const SwfLog log = parse_swf(job_line("1", "0", "-1", "4", "4") + job_line("2", "1", "-1", "-1", "-1") +
                                   job_line("3", "2", "9", "0", "-1") + job_line("4", "3", "0", "0", "2"),
                               "log.swf");
  REQUIRE(log.jobs.size() == 1);
  CHECK(log.jobs[0].number == 4);
  CHECK(log.jobs[0].run_s == 0.0);
  CHECK(log.jobs[0].processors == 2);
  CHECK(log.skipped_unknown_run_time == 2);
  CHECK(log.skipped_no_processors == 1);
}

TEST_CASE("all faults of a log are reported with their place, what was found and the mend") {
  const std::string text = "; header\n" + job_line("1", "100", "5", "1", "1") + "2 100 -1 5\n" +
                           job_line("3", "soon", "5", "1", "x") + job_line("4", "-7", "5", "1", "1") +
                           job_line("5", "99", "5", "1", "1") + job_line("6", "100", "5", "1.5", "1") +
                           job_line("7", "100", "nan", "1", "1");
  CHECK(error_of(text) ==
        "log.swf:3: error: 4 fields, a job of the Standard Workload Format has 18\n"
        "       mend or remove the line; what the log does not know is written -1\n"
        "log.swf:4: error: `soon` in field 2 (submit time) is not a number\n"
        "       a number; what the log does not know is written -1\n"
        "log.swf:4: error: `x` in field 8 (requested processors) is not a number\n"
        "       a number; what the log does not know is written -1\n"
        "log.swf:5: error: the job is submitted at -7 s, before the log's start\n"
        "       field 2 (submit time) is 0 or more, in seconds since the log's start\n"
        "log.swf:6: error: the job is submitted at 99 s, the one above it at 100 s\n"
        "       sort the log by field 2 (submit time)\n"
        "log.swf:7: error: 1.5 in field 5 (allocated processors) is not a whole number up to 100000000\n"
        "       a whole number; what the log does not know is written -1\n"
        "log.swf:8: error: `nan` in field 4 (run time) is not a number\n"
        "       a number; what the log does not know is written -1\n");
}

TEST_CASE("the order of submission is checked across skipped jobs") {
  CHECK(error_of(job_line("1", "50", "-1", "1", "1") + job_line("2", "49", "5", "1", "1")) ==
        "log.swf:2: error: the job is submitted at 49 s, the one above it at 50 s\n"
        "       sort the log by field 2 (submit time)\n");
}

TEST_CASE("at most twenty faults are written out, the rest are counted") {
  std::string text;
  for (int i = 0; i < 23; ++i) text += "1 2 3\n";
  try {
    (void)parse_swf(text, "log.swf");
    FAIL("no error");
  } catch (const fleetwatt::sim::InputError& error) {
    REQUIRE(error.diagnostics().size() == 21);
    CHECK(error.diagnostics()[19].place.line == 20);
    CHECK(error.diagnostics()[20].message == "and 3 more faults of this file");
  }
}

TEST_CASE("a file without any job is refused") {
  const std::string expected =
      "log.swf: error: the log has no jobs\n"
      "       one job a line, 18 numbers, in the Standard Workload Format\n";
  CHECK(error_of("") == expected);
  CHECK(error_of("; only a header\n\n") == expected);
}

TEST_CASE("real logs are read whole, quirks included") {
  const char* data = fleetwatt::tests::measured_data();
  if (data == nullptr) return;
  const auto read = [&](const std::string& name) {
    const std::string path = std::string(data) + "/batch-jobs/" + name;
    std::ifstream file(path);
    REQUIRE(file);
    std::ostringstream text;
    text << file.rdbuf();
    return parse_swf(text.str(), path);
  };
  const SwfLog sdsc = read("sdsc-sp2-first-5000.swf");
  CHECK(sdsc.jobs.size() == 4961 - 355);  // job lines less those with run time -1, counted with awk
  CHECK(sdsc.skipped_unknown_run_time == 355);
  CHECK(sdsc.skipped_no_processors == 0);
  const SwfLog kth = read("kth-sp2-1996.swf");
  CHECK(kth.jobs.size() == 28489);                                                   // the data set's README
  CHECK(std::ranges::count(kth.jobs, 0.0, &fleetwatt::models::SwfJob::run_s) == 8);  // the same: 8 ran 0 s
  CHECK(std::ranges::count_if(kth.jobs, [](const auto& job) {
          return job.requested_s > 0 && job.run_s > job.requested_s;
        }) == 475);                                        // the same: 475 ran beyond their estimate
  CHECK(read("nasa-ipsc-1993.swf").jobs.size() == 18239);  // the same
  const SwfLog hpc2n = read("hpc2n-first-jobs.swf");
  CHECK(hpc2n.jobs.size() + static_cast<std::size_t>(hpc2n.skipped_unknown_run_time) == 3170);  // the same
}
