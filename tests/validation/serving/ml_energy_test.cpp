// The steady state of a serving replica against the ML.ENERGY benchmark v3 (2025); see source.md.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "models/serving/iteration_model.hpp"
#include "sim/units.hpp"
#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;

namespace {

/// One row of lm-arena-chat on H100.
struct Measured {
  std::string replica;
  int sequences;
  double latency_ms, power_w, energy_a_token_j, output_tokens;
};

// ML.ENERGY v3, H100: at most this many sequences; median inter-token latency, GPU power, J a token, output tokens.
const std::vector<Measured> ml_energy_v3 = {
    {"8B BF16 x1", 8, 7.32, 486, 0.4548, 389},     {"8B BF16 x1", 64, 11.50, 610, 0.1186, 396},
    {"8B BF16 x1", 256, 26.13, 691, 0.0766, 404},  {"70B BF16 x4", 8, 16.87, 1787, 3.847, 409},
    {"70B BF16 x4", 64, 22.34, 2108, 0.822, 409},  {"70B BF16 x4", 256, 39.06, 2519, 0.491, 413},
    {"405B FP8 x8", 8, 33.20, 3260, 13.975, 366},  {"405B FP8 x8", 64, 39.32, 4162, 3.082, 360},
    {"405B FP8 x8", 256, 66.90, 4875, 2.063, 367},
};

// 90th percentiles of the fit's error, each model left out in turn (H100, dense).
constexpr double latency_tolerance = 0.132;
constexpr double power_tolerance = 0.131;
constexpr double energy_tolerance = 0.130;

constexpr int prompt_tokens = 270;  // fitted for this task

models::IterationModel model_of(const std::string& replica) {
  const auto build = [](const models::LanguageModel& model, models::WeightPrecision precision, int gpus) {
    return models::IterationModel(model, tests::h100(), tests::vllm_2025_h100(),
                                  {.precision = precision, .tensor_parallel = gpus});
  };
  if (replica.starts_with("8B")) return build(tests::llama_8b(), models::WeightPrecision::bf16, 1);
  if (replica.starts_with("70B")) return build(tests::llama_70b(), models::WeightPrecision::bf16, 4);
  return build(tests::llama_405b(), models::WeightPrecision::fp8, 8);
}

struct Predicted {
  double latency_ms = 0.0, power_w = 0.0, energy_a_token_j = 0.0;
};

Predicted steady_state(const models::IterationModel& model, const Measured& row) {
  const double b = row.sequences;
  const double prompts = b / row.output_tokens;  // that begin in an iteration, on average
  const auto context = std::llround(b * (prompt_tokens + row.output_tokens / 2));
  double time_s = 0.0;
  double energy_j = 0.0;
  double probability = std::exp(-prompts);
  for (int k = 0; k < 15; ++k) {
    const auto cost = model.cost({.sequences = row.sequences,
                                  .prompt_tokens = k * prompt_tokens,
                                  .prompt_pairs = k * prompt_tokens * (0.5 * prompt_tokens),
                                  .context_tokens = context});
    time_s += probability * tests::s_of(cost.time);
    energy_j += probability * cost.energy_j;
    probability *= prompts / (k + 1);
  }
  const auto without_prompt = model.cost({.sequences = row.sequences, .context_tokens = context});
  return {.latency_ms = sim::ms_from_s(tests::s_of(without_prompt.time)),
          .power_w = energy_j / time_s,
          .energy_a_token_j = energy_j / b};
}

double relative_error(double predicted, double measured) {
  return predicted / measured - 1.0;
}

double median_percent(std::vector<double> errors) {
  for (double& error : errors) error = sim::percent_from_fraction(std::fabs(error));
  std::ranges::sort(errors);
  return errors[errors.size() / 2];
}

}  // namespace

TEST_CASE("latency, power and energy a token of Llama 3.1 on H100 against ML.ENERGY v3", "[validation][serving]") {
  fmt::print("{:12} {:>4} | {:>8} {:>9} {:>7} | {:>7} {:>9} {:>7} | {:>7} {:>9} {:>7}\n", "replica", "B", "ITL ms",
             "predicted", "error", "W", "predicted", "error", "J/token", "predicted", "error");
  std::vector<double> latency_errors;
  std::vector<double> power_errors;
  std::vector<double> energy_errors;
  for (const auto& row : ml_energy_v3) {
    const Predicted predicted = steady_state(model_of(row.replica), row);
    latency_errors.push_back(relative_error(predicted.latency_ms, row.latency_ms));
    power_errors.push_back(relative_error(predicted.power_w, row.power_w));
    energy_errors.push_back(relative_error(predicted.energy_a_token_j, row.energy_a_token_j));
    fmt::print("{:12} {:4} | {:8.2f} {:9.2f} {:+6.1f}% | {:7.0f} {:9.0f} {:+6.1f}% | {:7.4f} {:9.4f} {:+6.1f}%\n",
               row.replica, row.sequences, row.latency_ms, predicted.latency_ms,
               sim::percent_from_fraction(latency_errors.back()), row.power_w, predicted.power_w,
               sim::percent_from_fraction(power_errors.back()), row.energy_a_token_j, predicted.energy_a_token_j,
               sim::percent_from_fraction(energy_errors.back()));
    CAPTURE(row.replica, row.sequences);
    CHECK(std::fabs(latency_errors.back()) <= latency_tolerance);
    CHECK(std::fabs(power_errors.back()) <= power_tolerance);
    CHECK(std::fabs(energy_errors.back()) <= energy_tolerance);
  }
  fmt::print("median error: latency {:.1f} %, power {:.1f} %, energy a token {:.1f} %\n",
             median_percent(latency_errors), median_percent(power_errors), median_percent(energy_errors));
}
