#include "models/serving/steady_state.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using Catch::Matchers::WithinRel;

TEST_CASE("a full batch of like requests: two kinds of iteration", "[unit]") {
  const models::IterationModel model(tests::llama_8b(), tests::h100(), tests::rounded_h100_engine(), {});
  const auto state = models::steady_state(model, {64, 200, 400, 0.5});
  const double x = 64 / 400.0;
  const auto decode = model.evaluate({.sequences = 64}, 64 * 400.0, 0);  // 200 + 0.5 x 400 tokens each
  const double prompts = x / (1 - std::exp(-x));                         // in an iteration that has any
  const auto with = model.evaluate(
      {.sequences = 64, .prompts = prompts, .prompt_tokens = 200 * prompts, .prompt_pairs = 200 * prompts * 100},
      64 * 400.0, 0);
  const double mean_s = std::exp(-x) * decode.time_s + (1 - std::exp(-x)) * with.time_s;
  CHECK_THAT(state.inter_token_s, WithinRel(decode.time_s, 1e-12));
  CHECK_THAT(state.mean_step_s, WithinRel(mean_s, 1e-12));
  CHECK_THAT(state.tokens_per_s, WithinRel(64 / mean_s, 1e-12));
  CHECK_THAT(state.power_w,
             WithinRel((std::exp(-x) * decode.energy_j + (1 - std::exp(-x)) * with.energy_j) / mean_s, 1e-12));
  CHECK_THAT(state.energy_j_per_token, WithinRel(state.power_w / state.tokens_per_s, 1e-12));
}

TEST_CASE("what stands in a window is bounded by it", "[unit]") {
  auto model = tests::llama_8b();
  model.window_layers = 16;
  model.window_tokens = 300;
  const auto iterations = models::steady_iterations(model, {10, 200, 400, 0.5});
  CHECK(iterations.context_tokens == 4000);
  CHECK(iterations.window_tokens == 3000);
  CHECK(models::steady_iterations(model, {10, 100, 200, 0.5}).window_tokens == 2000);
}
