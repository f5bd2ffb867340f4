#include "models/serving/iteration_model.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "sim/error.hpp"
#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using models::Batch;
using models::Deployment;
using models::IterationModel;
using models::WeightPrecision;

namespace {

// A term is rounded to 2^-44 s, and the time of a token of context, 50 ns and less, likewise: half a unit in 10^6.
constexpr double time_accuracy = 1e-6;

IterationModel llama_8b_on_one() {
  return {tests::llama_8b(), tests::h100(), tests::vllm_2025_h100(), Deployment{}};
}

/// The textbook's roofline, 80 % of bandwidth and 60 % of arithmetic, no overheads.
models::EngineConstants roofline() {
  models::EngineConstants engine;
  engine.dense = tests::no_cost();
  engine.dense.dense_weight_factor = engine.dense.kv_cache_factor = 1 / 0.8;
  engine.dense.decode_compute_factor = 1 / 0.6;
  return engine;
}

}  // namespace

TEST_CASE("Llama 3.1 8B on one H100, 64 sequences and 44,800 tokens of context: every term by hand", "[unit]") {
  const auto cost = llama_8b_on_one().cost({.sequences = 64, .context_tokens = 44'800});
  const double weights_s = 7.505e9 * 2 / 3.35e12;          // 4.4806 ms
  const double cache_s = 131'072.0 * 44'800 / 3.35e12;     // 1.7528 ms
  const double compute_s = 2 * 7.505e9 * 64 / 989.4e12;    // 0.9709 ms
  const double time_s = 230e-6 + 64 * 25e-6                // host                   1.8300 ms
                        + 32 * (76e-6 + 64 * 0.020e-6)     // layers                 2.4730 ms
                        + 1.0 * weights_s + 1.3 * cache_s  // memory                 6.7593 ms
                        + 1.4 * compute_s;                 // arithmetic             1.3593 ms
  CHECK_THAT(time_s, WithinAbs(12.4216e-3, 0.00005e-3));
  CHECK_THAT(tests::s_of(cost.time), WithinRel(time_s, time_accuracy));
  const double energy_j = 369 * time_s + 678 * compute_s + 93 * weights_s + 519 * cache_s;
  CHECK_THAT(energy_j, WithinAbs(6.5683, 0.00005));  // 528.8 W
  CHECK_THAT(cost.energy_j, WithinRel(energy_j, time_accuracy));
}

TEST_CASE("the textbook's roofline numbers: 8.18 ms of memory and 1.73 ms of arithmetic", "[unit]") {
  auto model = tests::llama_8b();
  model.dense_read = model.parameters;  // the textbook reads and multiplies all 8.03 G
  auto accelerator = tests::h100();
  accelerator.bf16_flop_per_s = 989e12;
  const IterationModel roofline_model(model, accelerator, roofline(), Deployment{});
  // (16.06e9 + 131072 x 44800) / (3.35e12 x 0.8) = 8.18 ms, 2 x 8.03e9 x 64 / (989e12 x 0.6) = 1.73 ms
  const auto ms = [&](const Batch& batch) { return 1e3 * tests::s_of(roofline_model.cost(batch).time); };
  CHECK_THAT(ms({.sequences = 0, .context_tokens = 44'800}), WithinAbs(8.18, 0.005));
  CHECK_THAT(ms({.sequences = 64, .context_tokens = 0}) - ms({.sequences = 0}), WithinAbs(1.73, 0.005));
}

TEST_CASE("a chunk of a prompt: every term by hand", "[unit]") {
  const auto model = llama_8b_on_one();
  // 512 prompt tokens that follow 256 others: each attends to 256 + 256 on average.
  const Batch with{.sequences = 10, .prompt_tokens = 512, .prompt_pairs = 512.0 * (256 + 256), .context_tokens = 5000};
  const Batch without{.sequences = 10, .context_tokens = 5000};
  const double weights_flop_s = 512 * 2 * 7.505e9 / 989.4e12;               // 7.7675 ms
  const double attention_s = 4.0 * 32 * 4096 * 512 * 512 / 989.4e12;        // 0.1389 ms
  const double more_s = 32 * 43e-6 + 1.5 * (weights_flop_s + attention_s);  // 13.236 ms
  CHECK_THAT(tests::s_of(model.cost(with).time - model.cost(without).time), WithinRel(more_s, time_accuracy));
  CHECK_THAT(model.cost(with).energy_j - model.cost(without).energy_j,
             WithinRel(369 * more_s + 678 * (weights_flop_s + attention_s), time_accuracy));
}

TEST_CASE("eight GPUs and a checkpoint half in FP8: Llama 3.1 405B by hand", "[unit]") {
  const IterationModel model(tests::llama_405b(), tests::h100(), tests::vllm_2025_h100(),
                             {.precision = WeightPrecision::fp8, .tensor_parallel = 8});
  const auto cost = model.cost({.sequences = 32, .context_tokens = 16'000});
  const double weights_s = 483.0e9 / (8 * 3.35e12);  // 324.5 GB in FP8, 158.5 GB in BF16
  const double cache_s = 516'096.0 * 16'000 / (8 * 3.35e12);
  const double compute_s = 2.0 * 32 / 8 * (324.5e9 / 1978.9e12 + 79.25e9 / 989.4e12);
  const double network_s = 8.0 * 126 * 16'384 * 32 * (7.0 / 8.0) / 450e9;  // 900 GB/s both ways
  const double time_s = 230e-6 + 32 * 25e-6 + 126 * (76e-6 + 32 * 0.020e-6 + 3.5e-6 + 23e-6) + weights_s +
                        1.3 * cache_s + 1.4 * compute_s + 1.1 * network_s;
  CHECK_THAT(tests::s_of(cost.time), WithinRel(time_s, time_accuracy));
  CHECK_THAT(cost.energy_j,
             WithinRel(8 * (369 * time_s + 678 * compute_s + 93 * weights_s + 519 * cache_s), time_accuracy));
}

TEST_CASE("the cache is split over no more GPUs than there are key-value heads", "[unit]") {
  auto model = tests::llama_8b();
  model.kv_heads = 2;
  auto engine = roofline();
  const IterationModel four(model, tests::h100(), engine, {.tensor_parallel = 4});
  const auto a_token = four.cost({.context_tokens = 1'000'000}).time - four.cost({}).time;
  CHECK_THAT(tests::s_of(a_token), WithinRel(1e6 / 0.8 * models::kv_bytes_a_token(model) / (2 * 3.35e12), 1e-4));
}

TEST_CASE("a mixture of experts: every term by hand", "[unit]") {
  const IterationModel model(tests::qwen3_30b_a3b(), tests::h100(), tests::vllm_2025_h100(),
                             {.precision = WeightPrecision::fp8, .tensor_parallel = 2});
  const int b = 16;
  const auto cost = model.cost({.sequences = b, .context_tokens = 20'000});
  const double local = 128 / 2.0;
  const double q = 1 - std::pow(1 - 8 / 128.0, 0.7 * b);
  const double busiest = local * q + 0.56 * std::sqrt(local * q * (1 - q));
  const double dense_s = 1.23e9 / (2 * 3.35e12);
  const double experts_s = 48 * 4.72e6 * busiest / 3.35e12;
  const double cache_s = 2.0 * 48 * 4 * 128 * 2 * 20'000 / (2 * 3.35e12);
  const double dense_flop_s = 2 * 1.23e9 * b / (2 * 1978.9e12);
  const double expert_flop_s = 2 * 4.72e6 * 8 * 48 * b / (2 * 1978.9e12);
  const double uneven = 1 + 0.56 * std::sqrt(2 / (b * 8.0));
  const double network_s = 8.0 * 48 * 2048 * b * 0.5 / 450e9;
  const double time_s = 230e-6 + b * 25e-6 + 48 * (105e-6 + b * 0.14e-6 + 13e-6) + dense_s + 1.14 * experts_s +
                        1.3 * cache_s + 1.4 * dense_flop_s + 5.9 * expert_flop_s * uneven + 1.1 * network_s +
                        48 * local * 4.4e-6;
  CHECK_THAT(tests::s_of(cost.time), WithinRel(time_s, time_accuracy));
  const double gpu_j = 177 * time_s + 3500 * (dense_flop_s + expert_flop_s) + 401 * (dense_s + experts_s) +
                       795 * cache_s + 2800 * (48 * local * 1e-6);
  CHECK_THAT(cost.energy_j, WithinRel(2 * gpu_j, time_accuracy));
}

TEST_CASE("prompts of a mixture touch the expected number of distinct experts", "[unit]") {
  // Only the reading of experts costs time: t = layers x distinct experts x bytes / (n BW).
  models::EngineConstants engine;
  engine.moe = tests::no_cost();
  engine.moe.expert_weight_factor_bf16 = 1.0;
  const auto distinct = [&](int experts, int chosen, int sequences, int tokens) {
    auto model = tests::mixtral_8x7b();
    model.experts = experts;
    model.experts_a_token = chosen;
    const IterationModel m(model, tests::h100(), engine, Deployment{});
    const auto time =
        m.cost({.sequences = sequences, .prompt_tokens = tokens}).time - m.cost({.sequences = sequences}).time;
    return tests::s_of(time) * 3.35e12 / (32 * 352.4e6);
  };
  CHECK_THAT(distinct(8, 2, 0, 4), WithinAbs(5.469, 0.0005));  // 8 (1 - 0.75^4)
  CHECK_THAT(distinct(128, 1, 0, 64), WithinAbs(50.5, 0.05));  // 128 (1 - (127/128)^64)
  CHECK_THAT(distinct(8, 2, 4, 12), WithinAbs(8 * (std::pow(0.75, 4) - std::pow(0.75, 16)), 1e-6));
}

TEST_CASE("an iteration without sequences or prompts costs its fixed part, experts included", "[unit]") {
  CHECK_THAT(tests::s_of(llama_8b_on_one().cost({}).time),
             WithinRel(230e-6 + 32 * 76e-6 + 15.01e9 / 3.35e12, time_accuracy));
  const IterationModel moe(tests::mixtral_8x7b(), tests::h100(), tests::vllm_2025_h100(), {.tensor_parallel = 2});
  CHECK_THAT(tests::s_of(moe.cost({}).time),
             WithinRel(230e-6 + 32 * (105e-6 + 13e-6) + 2.94e9 / (2 * 3.35e12), time_accuracy));
}

TEST_CASE("the cost is exactly linear in the context", "[unit]") {
  const auto model = llama_8b_on_one();
  for (const int sequences : {1, 64, 256}) {
    const auto time = [&](std::int64_t tokens) {
      return model.cost({.sequences = sequences, .context_tokens = tokens}).time;
    };
    const auto step = time(1) - time(0);
    CHECK(step == std::llround(std::ldexp(1.3 * 131'072 / 3.35e12, 44)));
    for (const std::int64_t tokens : {2, 1000, 44'800, 411'000}) CHECK(time(tokens) == time(0) + step * tokens);
  }
}

TEST_CASE("the power limit stretches time; energy follows", "[unit]") {
  auto accelerator = tests::h100();
  accelerator.tdp_w = 500;  // below the 528.8 W of the example worked above
  const Batch batch{.sequences = 64, .context_tokens = 44'800};
  const auto free_cost = llama_8b_on_one().cost(batch);
  const IterationModel limited(tests::llama_8b(), accelerator, tests::vllm_2025_h100(), Deployment{});
  const auto cost = limited.cost(batch);
  CHECK(cost.time > free_cost.time);
  CHECK_THAT(cost.energy_j / tests::s_of(cost.time), WithinRel(500, time_accuracy));
  CHECK(cost.energy_j <= 500 * tests::s_of(cost.time) * (1 + 1e-12));
  // What is dynamic stays; what is static lasts longer.
  CHECK_THAT(cost.energy_j - free_cost.energy_j, WithinRel(369 * tests::s_of(cost.time - free_cost.time), 1e-9));
}

TEST_CASE("a limit at or below the static power is refused", "[unit]") {
  auto accelerator = tests::h100();
  accelerator.tdp_w = 369;
  CHECK_THROWS_AS(IterationModel(tests::llama_8b(), accelerator, tests::vllm_2025_h100(), Deployment{}),
                  sim::OutOfRange);
  CHECK_THROWS_WITH(IterationModel(tests::llama_8b(), accelerator, tests::vllm_2025_h100(), Deployment{}),
                    "the engine's static power of 369 W is not below the power limit of 369 W");
}

TEST_CASE("cache beside the weights", "[unit]") {
  const auto engine = tests::vllm_2025_h100();
  // (0.9 x 80 - 16.06 - 2) GB / 131,072 B = 411,500 tokens
  CHECK_THAT(models::kv_capacity_tokens(tests::llama_8b(), Deployment{}, tests::h100(), engine),
             WithinAbs(411'500, 50));
  CHECK(llama_8b_on_one().kv_capacity() == 411'529);  // (72 - 16.06 - 2) GB / 131,072 = 411,529.5
  // 70B does not fit on two: 2 x (72 - 2) GB are less than 141.1 GB; on four (280 - 141.1) GB / 327,680.
  CHECK(models::kv_capacity_tokens(tests::llama_70b(), {.tensor_parallel = 2}, tests::h100(), engine) < 0);
  CHECK_THAT(models::kv_capacity_tokens(tests::llama_70b(), {.tensor_parallel = 4}, tests::h100(), engine),
             WithinRel(138.9e9 / 327'680, 1e-12));
  const IterationModel given(tests::llama_8b(), tests::h100(), engine, {.kv_cache_tokens = 1000.9});
  CHECK(given.kv_capacity() == 1000);
}

TEST_CASE("fewest GPUs: the weights and ten per cent more in the usable memory", "[unit]") {
  using models::fewest_gpus;
  const auto engine = tests::vllm_2025_h100();  // usable: 0.9 * 80 - 2 = 70 GB of each
  CHECK(fewest_gpus(tests::llama_8b(), WeightPrecision::bf16, tests::h100(), engine) == 1);     // 17.7 of 70 GB
  CHECK(fewest_gpus(tests::llama_70b(), WeightPrecision::bf16, tests::h100(), engine) == 4);    // 155.2 of 280 GB
  CHECK(fewest_gpus(tests::llama_405b(), WeightPrecision::fp8, tests::h100(), engine) == 8);    // 535.9 of 560 GB
  CHECK(fewest_gpus(tests::llama_405b(), WeightPrecision::bf16, tests::h100(), engine) == 16);  // 892.9 of 1,120 GB
}

TEST_CASE("a replica's clock", "[unit]") {
  CHECK(models::fine_from(sim::Duration::from_whole_s(3)) == std::int64_t{3} << 44);
  CHECK(models::coarse_from((std::int64_t{3} << 44) + 1023) == sim::Duration::from_whole_s(3));  // rounded down
  CHECK(models::coarse_from((std::int64_t{3} << 44) + 1024).ticks() == sim::Duration::from_whole_s(3).ticks() + 1);
}
