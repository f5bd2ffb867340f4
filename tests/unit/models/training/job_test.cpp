#include "models/training/job.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <limits>

namespace {

using fleetwatt::models::end_of;
using fleetwatt::models::jobs_from_generated;
using fleetwatt::models::jobs_from_swf;
using fleetwatt::models::SwfJob;
using fleetwatt::models::SwfLog;
using fleetwatt::sim::Duration;
using fleetwatt::sim::SimTime;

Duration s(double value_s) {
  return Duration::from_s(value_s);
}

SwfJob swf_job(std::int64_t number, double submit_s, double run_s, double requested_s) {
  return {
      .number = number, .submit_s = submit_s, .run_s = run_s, .processors = 3, .requested_s = requested_s, .line = 1};
}

}  // namespace

TEST_CASE("jobs of a log are those submitted in the selection, counted from its start") {
  SwfLog log;
  log.jobs = {swf_job(1, 99.5, 10, 20), swf_job(2, 100, 10, 20), swf_job(3, 149.75, 0, -1), swf_job(4, 150, 10, 20)};
  const auto jobs = jobs_from_swf(log, {.from = s(100), .length = s(50)});
  REQUIRE(jobs.size() == 2);  // [100, 150): the start is inside, the end is not
  CHECK(jobs[0].number == 2);
  CHECK(jobs[0].submit == SimTime());
  CHECK(jobs[0].run == s(10));
  CHECK(jobs[0].estimate == s(20));
  CHECK(jobs[0].gpus == 3);
  CHECK(jobs[1].submit == SimTime::at(s(49.75)));
  CHECK(jobs[1].run == s(0));
}

TEST_CASE("the run time stands in for an unknown estimate, and only for that") {
  SwfLog log;
  log.jobs = {swf_job(1, 0, 10, -1), swf_job(2, 0, 10, 0), swf_job(3, 0, 10, 5)};
  const auto jobs = jobs_from_swf(log, {.from = s(0), .length = s(1)});
  CHECK(jobs[0].estimate == s(10));
  CHECK(jobs[1].estimate == s(10));
  CHECK(jobs[2].estimate == s(5));  // ran beyond its estimate: kept as it was
  CHECK(jobs[2].run == s(10));
}

TEST_CASE("a processor of the log may stand for several GPUs") {
  SwfLog log;
  log.jobs = {swf_job(1, 0, 10, -1)};
  CHECK(jobs_from_swf(log, {.from = s(0), .length = s(1), .gpus_per_processor = 8})[0].gpus == 24);
  log.jobs[0].processors = 100'000'000;
  CHECK(jobs_from_swf(log, {.from = s(0), .length = s(1), .gpus_per_processor = 100})[0].gpus ==
        std::numeric_limits<int>::max());  // no overflow: such a job is larger than any cluster
  CHECK_THROWS_WITH(jobs_from_swf(log, {.from = s(0), .length = s(1), .gpus_per_processor = 0}),
                    "GPUs per processor are 0, at least 1 is needed");
}

TEST_CASE("times beyond simulated time are cut to it") {
  SwfLog log;
  log.jobs = {swf_job(1, 0, 1e12, 2e12), swf_job(2, 1e12, 1, 1)};
  const auto jobs = jobs_from_swf(log, {.from = s(0), .length = s(100)});
  REQUIRE(jobs.size() == 1);
  CHECK(jobs[0].run == Duration::from_whole_s(Duration::max_whole_s));
  CHECK(jobs[0].estimate == Duration::from_whole_s(Duration::max_whole_s));
  CHECK(end_of(SimTime::at(s(100)), jobs[0].run) == SimTime::max());
  CHECK(end_of(SimTime::at(s(100)), s(50)) == SimTime::at(s(150)));
}

TEST_CASE("generated jobs become jobs with numbers from 1") {
  const std::array generated = {
      fleetwatt::models::GeneratedJob{.submit_s = 1.5, .run_s = 2.5, .estimate_s = 5.0, .gpus = 4},
      fleetwatt::models::GeneratedJob{.submit_s = 3.0, .run_s = 1.0, .estimate_s = 1.0, .gpus = 1}};
  const auto jobs = jobs_from_generated(generated);
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[0].number == 1);
  CHECK(jobs[0].submit == SimTime::at(s(1.5)));
  CHECK(jobs[0].run == s(2.5));
  CHECK(jobs[0].estimate == s(5));
  CHECK(jobs[0].gpus == 4);
  CHECK(jobs[1].number == 2);
}
