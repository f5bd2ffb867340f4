#include "models/serving/micro_batches.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using Catch::Matchers::WithinRel;
using models::BatchLoad;
using models::Deployment;
using models::IterationModel;
using models::micro_batches;

TEST_CASE("sequences go to copies first, then to stages", "[unit]") {
  const Deployment layout{.pipeline_parallel = 4, .data_parallel = 2};
  const auto dealt = [&](double sequences) {
    const auto m = micro_batches(layout, {.sequences = sequences});
    return std::pair(m.copies, m.in_a_copy);
  };
  CHECK(dealt(0) == std::pair(1.0, 1.0));
  CHECK(dealt(1) == std::pair(1.0, 1.0));
  CHECK(dealt(2) == std::pair(2.0, 1.0));
  CHECK(dealt(5) == std::pair(2.0, 2.5));
  CHECK(dealt(8) == std::pair(2.0, 4.0));
  CHECK(dealt(64) == std::pair(2.0, 4.0));
}

TEST_CASE("a lone prompt is one micro-batch, two are two, beside sequences it goes in pieces", "[unit]") {
  const Deployment four{.pipeline_parallel = 4};
  const auto dealt = [&](const BatchLoad& load) { return micro_batches(four, load).of_prompts; };
  CHECK(dealt({.prompt_tokens = 8000, .prompt_pairs = 8000 * 4000.0}) == 1.0);
  CHECK(dealt({.prompt_tokens = 2048, .prompt_pairs = 2048 * (4096 + 1024.0)}) == 1.0);  // its third chunk
  CHECK(dealt({.prompt_tokens = 2000, .prompt_pairs = 2 * 1000 * 500.0}) == 2.0);
  CHECK(dealt({.prompt_tokens = 2000, .prompt_pairs = 8 * 250 * 125.0}) == 4.0);
  CHECK(dealt({.sequences = 1, .prompt_tokens = 100, .prompt_pairs = 5000}) == 2.0);
  CHECK(dealt({.sequences = 100, .prompt_tokens = 100, .prompt_pairs = 5000}) == 4.0);
}

TEST_CASE("Llama 3.1 405B: a lone prompt of 8,000 tokens takes no less on four stages than on one", "[unit]") {
  const auto time_s = [](int stages) {
    const IterationModel model(tests::llama_405b(), tests::h100(), tests::rounded_h100_engine(),
                               {.precision = models::WeightPrecision::fp8,
                                .tensor_parallel = 8,
                                .pipeline_parallel = stages,
                                .prefill_tokens_per_iteration = 8192});
    return tests::s_of(model.cost({.prompts = 1, .prompt_tokens = 8000, .prompt_pairs = 8000 * 4000.0}).time);
  };
  CHECK(time_s(1) > 2 * 324.5e9 * 8000 / (8 * 1978.9e12) + 2 * 79.25e9 * 8000 / (8 * 989.4e12));
  CHECK(time_s(2) == time_s(1));
  CHECK(time_s(4) == time_s(1));
}

TEST_CASE("a lone sequence reads its whole cache, GPUs that wait draw resident power", "[unit]") {
  const auto cost = [](int stages, int copies) {
    const IterationModel model(tests::llama_8b(), tests::h100(), tests::rounded_h100_engine(),
                               {.tensor_parallel = 2, .pipeline_parallel = stages, .data_parallel = copies});
    return model.cost({.sequences = 1, .context_tokens = 100'000});
  };
  const auto one = cost(1, 1);
  const double time_s = tests::s_of(one.time);
  const double dynamic_j = one.energy_j - 2 * 240 * time_s;
  for (const auto& [stages, copies] : {std::pair{4, 1}, std::pair{1, 3}, std::pair{2, 2}}) {
    CHECK(cost(stages, copies).time == one.time);
    // The work is the same, done by the GPUs in turn; resident power of all of them for as long.
    CHECK_THAT(cost(stages, copies).energy_j, WithinRel(2 * stages * copies * 240 * time_s + dynamic_j, 1e-6));
  }
}

TEST_CASE("a stage at work keeps to its own power limit though others wait", "[unit]") {
  auto accelerator = tests::h100();
  accelerator.tdp_w = 400;
  const auto time = [&](int stages) {
    return IterationModel(tests::llama_8b(), accelerator, tests::rounded_h100_engine(), {.pipeline_parallel = stages})
        .cost({.sequences = 1, .context_tokens = 100'000})
        .time;
  };
  const IterationModel free_model(tests::llama_8b(), tests::h100(), tests::rounded_h100_engine(), {});
  CHECK(time(1) > free_model.cost({.sequences = 1, .context_tokens = 100'000}).time);
  CHECK(time(4) == time(1));
}
