// A measured serving run, replayed request by request through the simulator's own replica.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/calibrate/measured_run.hpp"
#include "scenarios/loader/load_scenario.hpp"
#include "tests/examples/measured_data.hpp"

using namespace fleetwatt;

namespace {

void check_means(const char* what, const analysis::ProfileReplay& replayed, double tolerance) {
  const auto& mean = replayed.errors.mean;
  fmt::print("{:<40} TTFT {:+.1f} %, TPOT {:+.1f} %, latency {:+.1f} % (asked {:g} %)\n", what,
             100 * mean.time_to_first_token_s, 100 * mean.time_per_output_token_s, 100 * mean.latency_s,
             100 * tolerance);
  CHECK(std::abs(mean.time_to_first_token_s) <= tolerance);
  CHECK(std::abs(mean.time_per_output_token_s) <= tolerance);
  CHECK(std::abs(mean.latency_s) <= tolerance);
}

}  // namespace

TEST_CASE("the measured vLLM 0.19 run: from the catalogue alone, and with two constants fitted to it", "[validation]") {
  const char* folder = tests::measured_data();
  if (folder == nullptr) return;
  const auto run = analysis::replay_measured_run(folder, scenarios::built_in_catalog());
  CHECK(run.fit.constants.size() == 2);
  CHECK(run.fit.measured.requests.size() == 300);
  check_means("catalogue alone", run.fit.before, 0.20);
  check_means("two constants fitted to the run", run.fit.after, 0.05);
  const double measured = run.fit.measured.full_batch_fraction;
  const double replayed = run.fit.after.replay.at_batch_limit_fraction;
  fmt::print(
      "time at the batch limit: replayed {:.1f} %; by the requests' times {:.1f} %, by the engine's samples {:.1f} %\n",
      100 * replayed, 100 * measured, 100 * run.sampled_at_limit_fraction);
  CHECK(std::abs(replayed - measured) <= 0.05);
  CHECK(std::abs(replayed - run.sampled_at_limit_fraction) <= 0.05);
}
