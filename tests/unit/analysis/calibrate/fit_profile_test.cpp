// The fit finds the constants that a log was made with, and says what it cannot do.
#include "analysis/calibrate/fit_profile.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/calibrate/profile_text.hpp"
#include "models/serving/carried_power.hpp"
#include "sim/error.hpp"
#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using Catch::Matchers::Contains;

namespace {

ServingLog arrivals(int requests, double spacing_s) {
  ServingLog log;
  log.first_arrival_s = 1'750'000'000.0;
  for (int i = 0; i < requests; ++i) {
    // Lengths without a pattern in time, 100 to 2,000 and 20 to 300.
    const int mixed = (i * 7919 + 13) % 997;
    log.requests.push_back({spacing_s * i, 0.0, 0.0, 100 + mixed * 19 / 10, 20 + (mixed * 31) % 281});
  }
  return log;
}

ProfileTask task_of(std::vector<std::string> fit, int requests = 200, double spacing_s = 0.08) {
  ProfileTask task;
  task.model = tests::llama_8b();
  task.accelerator = tests::h100();
  task.calibrated_on = tests::h100();
  task.deployment.batch_limit = 32;
  static_cast<models::EngineConstants&>(task.engine) = tests::rounded_h100_engine();
  task.engine.basis = sim::Basis::calibrated;
  task.log_name = "r.csv";
  task.log = arrivals(requests, spacing_s);
  task.fit = std::move(fit);
  return task;
}

Replay replay_with(const ProfileTask& task, const models::EngineConstants& engine) {
  return replay(task.log, {task.model, task.accelerator, engine, task.deployment});
}

/// The log that a run with these constants would have written.
void measure(ProfileTask& task, const models::EngineConstants& truth) {
  const Replay run = replay_with(task, truth);
  for (std::size_t i = 0; i < task.log.requests.size(); ++i) {
    ServedRequest& request = task.log.requests[i];
    request.first_token_s = request.arrival_s + run.run.requests[i].time_to_first_token_s;
    request.end_s = request.arrival_s + run.run.requests[i].latency_s;
  }
}

void measure_power(ProfileTask& task, const models::EngineConstants& truth) {
  task.power_log_name = "p.csv";
  task.power_log.emplace();
  const Replay run = replay_with(task, truth);
  for (std::size_t second = 0; second < run.energy_in_second_j.size(); ++second)
    task.power_log->samples.push_back(
        {task.log.first_arrival_s + static_cast<double>(second), run.energy_in_second_j[second]});
}

void check_constant(const ProfileFit& fit, const models::EngineConstants& truth, const std::string& key) {
  CAPTURE(key, written_value(fit.engine, key), written_value(truth, key));
  CHECK(std::fabs(written_value(fit.engine, key) / written_value(truth, key) - 1.0) < 0.01);
}

void check_matches(const ProfileReplay& replayed) {
  for (const auto& errors : {replayed.errors.mean, replayed.errors.median_request}) {
    CHECK(std::fabs(errors.time_to_first_token_s) < 0.02);  // admissions move in steps, and with them the queue
    CHECK(std::fabs(errors.time_per_output_token_s) < 0.01);
    CHECK(std::fabs(errors.latency_s) < 0.01);
  }
}

std::string refusal(const ProfileTask& task) {
  try {
    static_cast<void>(fit_profile(task));
  } catch (const sim::InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("memory and prefill rates of a run are found within a hundredth", "[calibrate]") {
  auto task = task_of({});
  auto truth = tests::rounded_h100_engine();
  truth.dense->time.dense_weights *= 1.3;
  truth.dense->time.kv_cache *= 1.3;
  truth.dense->time.prefill_compute *= 0.7;
  truth.dense->time.prefill_attention *= 0.7;
  measure(task, truth);
  const auto fit = fit_profile(task);
  REQUIRE(fit.constants.size() == 2);
  for (const auto* key : {"dense.dense_weight_factor", "dense.kv_cache_factor", "dense.prefill_compute_factor",
                          "dense.prefill_attention_factor"})
    check_constant(fit, truth, key);
  check_matches(fit.after);
  CHECK(fit.before.errors.mean.latency_s < -0.05);
  CHECK(std::fabs(fit.after.replay.at_batch_limit_fraction - replay_with(task, truth).at_batch_limit_fraction) < 0.01);
  CHECK(fit.indistinct.empty());
  CHECK(fit.family == "dense");
}

TEST_CASE("single constants by their keys are found within a hundredth", "[calibrate]") {
  auto task = task_of({"host.iteration_us", "dense.kv_cache_factor"});
  task.engine.host.iteration *= 10.0;
  auto truth = tests::rounded_h100_engine();
  truth.host.iteration *= 14.0;
  truth.dense->time.kv_cache *= 1.5;
  measure(task, truth);
  const auto fit = fit_profile(task);
  check_matches(fit.after);
  check_constant(fit, truth, "host.iteration_us");
  CHECK(fit.indistinct.empty());
}

TEST_CASE("what a run cannot tell apart is said", "[calibrate]") {
  auto task = task_of({"host.iteration_us", "dense.layer_us"});
  task.engine.host.iteration *= 10.0;  // as large as the layers' time; both are a time of each iteration
  auto truth = tests::rounded_h100_engine();
  truth.host.iteration *= 13.0;
  truth.dense->time.layer *= 0.9;
  measure(task, truth);
  const auto fit = fit_profile(task);
  check_matches(fit.after);
  REQUIRE(fit.indistinct.size() == 1);
  CHECK(fit.indistinct[0] ==
        "host.iteration_us and dense.layer_us cannot be told apart in this run: what they do together is fitted, not "
        "each");
}

TEST_CASE("the scale of power is found beside the rates", "[calibrate]") {
  auto task = task_of({});
  auto truth = tests::rounded_h100_engine();
  truth.dense->time.kv_cache *= 1.2;
  truth.dense->time.dense_weights *= 1.2;
  for (const auto& term : models::power_terms) truth.dense->power.*term.member *= 0.8;
  measure(task, truth);
  measure_power(task, truth);
  const auto fit = fit_profile(task);
  REQUIRE(fit.constants.size() == 3);
  check_constant(fit, truth, "dense.resident_w");
  check_constant(fit, truth, "dense.compute_w");
  check_constant(fit, truth, "dense.kv_cache_factor");
  CHECK(std::fabs(fit.after.errors.power) < 0.01);
  CHECK(fit.power_covered_fraction == Approx(1.0));
}

TEST_CASE("an engine of another part begins with its power carried over", "[calibrate]") {
  auto task = task_of({});
  task.accelerator.id = "other";
  task.accelerator.tdp_w = 350.0;  // the engine's power at work is far beyond it
  task.accelerator.bf16_flop_per_s *= 0.5;
  task.accelerator.memory_bytes_per_s *= 0.5;
  measure(task, models::with_carried_power(task.engine, task.calibrated_on, task.accelerator));
  const auto fit = fit_profile(task);
  check_matches(fit.before);
  CHECK(written_value(fit.start, "dense.resident_w") == Approx(0.5 * 240));
  CHECK_THAT(profile_report(task, fit), Contains("its power constants are carried over"));
}

TEST_CASE("a constant of prompts takes their attention along where the two are equal", "[calibrate]") {
  const auto engine = tests::rounded_h100_engine();
  const auto together = constants_named({"dense.prefill_compute_factor"}, engine, "dense");
  CHECK(together[0].members ==
        std::vector<std::string>{"dense.prefill_compute_factor", "dense.prefill_attention_factor"});
  auto apart = engine;
  apart.dense->time.prefill_attention *= 2.0;
  CHECK(constants_named({"dense.prefill_compute_factor"}, apart, "dense")[0].members.size() == 1);
}

TEST_CASE("a model is served with the constants of the nearest family", "[calibrate]") {
  const auto engine = tests::rounded_h100_engine();
  CHECK(family_used(engine, models::KernelFamily::dense) == "dense");
  CHECK(family_used(engine, models::KernelFamily::moe_latent) == "moe");
  CHECK_THROWS_AS(family_used(engine, models::KernelFamily::hybrid), sim::OutOfRange);
}

TEST_CASE("what a fit refuses", "[calibrate]") {
  auto task = task_of({});
  measure(task, task.engine);
  SECTION("fewer requests than constants") {
    task.log.requests.resize(1);
    CHECK(refusal(task) ==
          "r.csv: error: the log has 1 answered request, fewer than the 2 constants to fit\n"
          "       a longer log, or fewer --fit\n");
  }
  SECTION("names that are no constants, all at once") {
    task.fit = {"dense.layer_u", "moe.layer_us"};
    CHECK_THAT(refusal(task),
               Contains("--fit dense.layer_u: error: no constant `dense.layer_u`: this model is served with `host` and "
                        "`dense`\n       did you mean `dense.layer_us`?") &&
                   Contains("--fit moe.layer_us: error: no constant `moe.layer_us`"));
  }
  SECTION("a constant that is not there") {
    task.fit = {"dense.state_factor"};
    CHECK_THAT(refusal(task),
               Contains("`dense.state_factor` is 0 in rounded-h100, and a fit multiplies what is there"));
  }
  SECTION("a constant twice") {
    task.fit = {"memory", "dense.kv_cache_factor"};
    CHECK_THAT(refusal(task), Contains("`dense.kv_cache_factor` is already fitted by `memory`"));
  }
  SECTION("a constant that this run does not feel") {
    task.fit = {"dense.fp8_layer_us"};
    CHECK_THAT(refusal(task),
               Contains("--fit dense.fp8_layer_us: error: `dense.fp8_layer_us` has no effect on this run"));
  }
  SECTION("power without a log of it") {
    task.fit = {"dense.resident_w"};
    CHECK_THAT(refusal(task), Contains("a constant of power, and there is no power log to fit it to"));
  }
  SECTION("a power log of another time") {
    task.power_log_name = "p.csv";
    task.power_log = PowerLog{{{5.0, 300.0}, {6.0, 300.0}}};
    CHECK_THAT(refusal(task),
               Contains("p.csv: error: no power above 0 while requests were served: samples from 5 to 6 s"));
  }
  SECTION("weights without room") {
    task.model = tests::llama_405b();
    CHECK_THAT(refusal(task),
               Contains("does not fit on 1 x NVIDIA H100 80 GB SXM5") && Contains("tensor_parallel = 16"));
  }
  SECTION("a cache too small for a request that was served") {
    task.deployment.kv_cache_tokens = 500;
    CHECK_THAT(refusal(task), Contains("tokens and was served; the cache would hold 500"));
  }
}

TEST_CASE("a profile says what it was fitted to and how well, and reads as TOML", "[calibrate]") {
  auto task = task_of({});
  measure(task, task.engine);
  task.engine.title = "Rounded";
  const auto fit = fit_profile(task);
  const ProfileOrigin origin{"ours", "a \"b\"\\c.csv", "text", "", ""};
  const std::string text = profile_text(task, fit, origin);
  CHECK_THAT(text, Contains("[catalog.engine.ours]\n") && Contains("Rounded, fitted to a \\\"b\\\"\\\\c.csv") &&
                       Contains("fitted to 200 requests of") && Contains(" of 2025-06-15T15:06:40Z;") &&
                       Contains("means +0.0/+0.0/+0.0, median request 0.0/0.0/0.0") &&
                       Contains("largest_batch                     = 32"));
  CHECK(profile_text(task, fit, origin) == text);
  auto undated = task;
  undated.log.first_arrival_s = 479748.3;  // a clock that counts from the machine's start
  CHECK_THAT(profile_text(undated, fit, origin), !Contains(" of 1970") && Contains("); Llama 3.1 8B in bf16 on 1 x"));
}

TEST_CASE("a sample holds for three usual steps at most", "[calibrate]") {
  CHECK(longest_gap_s(PowerLog{{{0, 1}, {2, 1}, {4, 1}, {100, 1}}}) == 6.0);
  CHECK(longest_gap_s(PowerLog{{{0, 1}}}) == 1.0);
}
