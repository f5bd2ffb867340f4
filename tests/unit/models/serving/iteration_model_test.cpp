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
  return {tests::llama_8b(), tests::h100(), tests::rounded_h100_engine(), Deployment{}};
}

/// The textbook's roofline, 80 % of bandwidth and 60 % of arithmetic, no overheads.
models::EngineConstants roofline() {
  models::EngineConstants engine;
  auto& time = engine.dense.emplace().time;
  time.dense_weights = time.kv_cache = 1 / 0.8;
  time.compute = 1 / 0.6;
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
  const double base_s = time_s - 1.3 * cache_s;  // 10.1430 ms
  const double energy_j = 240 * time_s + 640 * std::sqrt(compute_s * base_s) + 200 * weights_s + 600 * cache_s;
  CHECK_THAT(energy_j, WithinAbs(6.9374, 0.00005));  // 558.5 W
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
  // 512 prompt tokens that follow 256 others: each attends to 256 + 256 on average. The prompt ends here.
  const Batch with{
      .sequences = 10, .prompts = 1, .prompt_tokens = 512, .prompt_pairs = 512.0 * (256 + 256), .context_tokens = 5000};
  const Batch without{.sequences = 10, .context_tokens = 5000};
  const double weights_flop_s = 512 * 2 * 7.505e9 / 989.4e12;                        // 7.7675 ms
  const double attention_s = 4.0 * 32 * 32 * 128 * 512 * 512 / 989.4e12;             // 0.1389 ms
  const double more_s = 500e-6 + 32 * 43e-6 + 1.5 * (weights_flop_s + attention_s);  // 13.736 ms
  CHECK_THAT(tests::s_of(model.cost(with).time - model.cost(without).time), WithinRel(more_s, time_accuracy));
  const double decode_flop_s = 10 * 2 * 7.505e9 / 989.4e12;
  const double base_s = tests::s_of(model.cost({.sequences = 10}).time);
  const double more_j =
      240 * more_s + 640 * (std::sqrt((decode_flop_s + weights_flop_s + attention_s) * (base_s + more_s)) -
                            std::sqrt(decode_flop_s * base_s));
  CHECK_THAT(model.cost(with).energy_j - model.cost(without).energy_j, WithinRel(more_j, time_accuracy));
}

TEST_CASE("eight GPUs and a checkpoint half in FP8: Llama 3.1 405B by hand", "[unit]") {
  const IterationModel model(tests::llama_405b(), tests::h100(), tests::rounded_h100_engine(),
                             {.precision = WeightPrecision::fp8, .tensor_parallel = 8});
  const auto cost = model.cost({.sequences = 32, .context_tokens = 16'000});
  const double weights_s = 483.0e9 / (8 * 3.35e12);  // 324.5 GB in FP8, 158.5 GB in BF16
  const double cache_s = 516'096.0 * 16'000 / (8 * 3.35e12);
  const double fp8_s = 2.0 * 32 / 8 * 324.5e9 / 1978.9e12;
  const double bf16_s = 2.0 * 32 / 8 * 79.25e9 / 989.4e12;
  const double network_s = 8.0 * 126 * 16'384 * 32 * (7.0 / 8.0) / 450e9;  // 900 GB/s both ways
  const double base_s = 230e-6 + 32 * 25e-6 + 126 * (76e-6 + 32 * 0.020e-6 + 3.5e-6 + 23e-6) + weights_s +
                        1.4 * bf16_s + 1.5 * fp8_s + 1.1 * network_s;
  const double time_s = base_s + 1.3 * cache_s;
  CHECK_THAT(tests::s_of(cost.time), WithinRel(time_s, time_accuracy));
  const double gpu_j = 240 * time_s + 640 * std::sqrt((bf16_s + fp8_s) * base_s) + 200 * weights_s + 600 * cache_s;
  CHECK_THAT(cost.energy_j, WithinRel(8 * gpu_j, time_accuracy));
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
  const IterationModel model(tests::qwen3_30b_a3b(), tests::h100(), tests::rounded_h100_engine(),
                             {.precision = WeightPrecision::fp8, .tensor_parallel = 2});
  const int b = 16;
  const auto cost = model.cost({.sequences = b, .context_tokens = 20'000});
  const double local = 128 / 2.0;
  const double q = 1 - std::pow(1 - 8 / 128.0, 0.6 * b);
  const double busiest = local * q + 0.56 * std::sqrt(local * q * (1 - q));
  const double head = 151'936.0 * 2048;  // stays in BF16
  const double dense_s = (1.23e9 + head) / (2 * 3.35e12);
  const double experts_s = 48 * 4.72e6 * busiest / 3.35e12;
  const double cache_s = 2.0 * 48 * 4 * 128 * 2 * 20'000 / (2 * 3.35e12);
  const double fp8_s = 2 * (1.23e9 - head) * b / (2 * 1978.9e12);
  const double bf16_s = 2 * head * b / (2 * 989.4e12);
  const double expert_s = 2 * 4.72e6 * 8 * 48 * b / (2 * 1978.9e12);
  const double uneven = 1 + 0.56 * std::sqrt(2 / (b * 8.0));
  const double network_s = 8.0 * 48 * 2048 * b * 0.5 / 450e9;
  const double base_s = 230e-6 + b * 25e-6 + 48 * (105e-6 + b * 0.14e-6 + 13e-6 + 23e-6 + local * 4.4e-6) + dense_s +
                        1.14 * experts_s + 1.4 * bf16_s + 1.5 * fp8_s + 1.9 * expert_s * uneven + 1.1 * network_s;
  const double time_s = base_s + 1.3 * cache_s;
  CHECK_THAT(tests::s_of(cost.time), WithinRel(time_s, time_accuracy));
  const double gpu_j = 180 * time_s + 870 * std::sqrt((bf16_s + fp8_s + expert_s) * base_s) +
                       340 * (dense_s + experts_s) + 700 * cache_s + 2300 * (48 * local * 1e-6);
  CHECK_THAT(cost.energy_j, WithinRel(2 * gpu_j, time_accuracy));
}

TEST_CASE("a batch touches the expected number of distinct experts", "[unit]") {
  // Only the reading of experts costs time: t = layers x distinct experts x bytes / BW.
  models::EngineConstants engine;
  engine.moe.emplace().time.expert_weights_bf16 = 1.0;
  const auto distinct = [&](int experts, int chosen, int sequences, int prompt_tokens) {
    auto model = tests::mixtral_8x7b();
    model.experts = experts;
    model.experts_a_token = chosen;
    const IterationModel m(model, tests::h100(), engine, Deployment{});
    const auto time = m.cost({.sequences = sequences, .prompt_tokens = prompt_tokens}).time;
    return tests::s_of(time) * 3.35e12 / (32 * 352.4e6);
  };
  // As many tokens as choose freely: 8 (1 - 0.75^4) = 5.469 and 128 (1 - (127/128)^64) = 50.5 are the textbook's.
  CHECK_THAT(distinct(8, 2, 5, 0), WithinAbs(8 * (1 - std::pow(0.75, 3)), 1e-6));
  CHECK_THAT(distinct(8, 2, 0, 20), WithinAbs(8 * (1 - std::pow(0.75, 12)), 1e-6));
  CHECK_THAT(distinct(8, 2, 10, 10), WithinAbs(8 * (1 - std::pow(0.75, 12)), 1e-6));
  CHECK_THAT(distinct(128, 1, 0, 100), WithinAbs(128 * (1 - std::pow(127 / 128.0, 60)), 1e-6));
}

TEST_CASE("BF16 experts dealt over GPUs leave their tuned kernel once tokens outnumber local experts", "[unit]") {
  models::EngineConstants engine;
  engine.moe.emplace().time.untuned_layer = 1.0;
  const auto layers = [&](const Deployment& deployment, const Batch& batch) {
    return std::lround(
        tests::s_of(IterationModel(tests::qwen3_30b_a3b(), tests::h100(), engine, deployment).cost(batch).time));
  };
  const Deployment two{.tensor_parallel = 2};  // 64 experts on each
  CHECK(layers(two, {.sequences = 64}) == 0);
  CHECK(layers(two, {.sequences = 65}) == 48);
  CHECK(layers(two, {.sequences = 60, .prompt_tokens = 5}) == 48);
  CHECK(layers({.tensor_parallel = 1}, {.sequences = 200}) == 0);
  CHECK(layers({.precision = WeightPrecision::fp8, .tensor_parallel = 2}, {.sequences = 200}) == 0);
  CHECK(layers({.tensor_parallel = 2, .expert_parallel = false}, {.sequences = 200}) == 0);
}

TEST_CASE("4-bit experts: 0.53 bytes a parameter, unpacked to BF16 where there are no 4-bit units", "[unit]") {
  auto model = tests::mixtral_8x7b();
  models::EngineConstants engine;
  engine.moe_mxfp4.emplace().time.expert_weights_4bit = 1.0;
  const Deployment deployment{.precision = WeightPrecision::mxfp4, .expert_parallel = false};
  const IterationModel reading(model, tests::h100(), engine, deployment);
  CHECK_THAT(tests::s_of(reading.cost({.prompt_tokens = 1000}).time),
             WithinRel(32 * 8 * 176.2e6 * 0.53125 / 3.35e12, 1e-5));
  engine.moe_mxfp4->time = {.expert_compute = 1.0};
  const auto compute_s = [&](const models::Accelerator& accelerator) {
    return tests::s_of(IterationModel(model, accelerator, engine, deployment).cost({.sequences = 100}).time);
  };
  auto with_fp4 = tests::h100();
  with_fp4.fp4_flop_per_s = 4000e12;
  CHECK_THAT(compute_s(tests::h100()), WithinRel(2 * 2 * 176.2e6 * 32 * 100 / 989.4e12, 1e-6));
  CHECK_THAT(compute_s(with_fp4), WithinRel(2 * 2 * 176.2e6 * 32 * 100 / 1978.9e12, 1e-6));
}

TEST_CASE("a pipeline's stages see a part of the batch each", "[unit]") {
  const auto cost = [](int stages, int sequences) {
    const IterationModel model(tests::llama_8b(), tests::h100(), tests::rounded_h100_engine(),
                               {.pipeline_parallel = stages});
    return model.cost({.sequences = sequences});
  };
  // Two stages, 128 sequences: as 64 through all layers, the host once more and for 64 more; twice the GPUs.
  CHECK_THAT(tests::s_of(cost(2, 128).time),
             WithinRel(tests::s_of(cost(1, 64).time) + 230e-6 + 64 * 25e-6, time_accuracy));
  CHECK(cost(2, 128).energy_j > 1.9 * cost(1, 64).energy_j);
}

TEST_CASE("data-parallel copies have a part of the batch each, a prompt on one holds up all", "[unit]") {
  models::EngineConstants engine;
  engine.dense.emplace().time = {.compute = 1.0, .prefill_compute = 1.0};
  const auto s_of = [&](int copies, const Batch& batch) {
    return tests::s_of(
        IterationModel(tests::llama_8b(), tests::h100(), engine, {.data_parallel = copies}).cost(batch).time);
  };
  CHECK_THAT(s_of(4, {.sequences = 128}), WithinRel(s_of(1, {.sequences = 32}), time_accuracy));
  CHECK_THAT(s_of(4, {.prompt_tokens = 500}), WithinRel(s_of(1, {.prompt_tokens = 500}), time_accuracy));
}

TEST_CASE("latent attention: every GPU holds the whole vector, recurrent state is read and written", "[unit]") {
  auto model = tests::llama_8b();
  model.latent_values = 576;
  CHECK(models::kv_bytes_a_token(model) == 32 * 576 * 2);
  models::EngineConstants engine;
  engine.dense.emplace().time = {.kv_cache = 1.0, .state = 1.0};
  const IterationModel latent(model, tests::h100(), engine, {.tensor_parallel = 8});
  CHECK_THAT(tests::s_of(latent.cost({.context_tokens = 1'000'000}).time), WithinRel(32 * 576 * 2e6 / 3.35e12, 1e-5));
  model.state_layers = 4;
  model.state_bytes_a_sequence = 100e6;
  const IterationModel stateful(model, tests::h100(), engine, Deployment{});
  CHECK_THAT(tests::s_of(stateful.cost({.sequences = 10}).time), WithinRel(2 * 100e6 * 10 / 3.35e12, 1e-5));
}

TEST_CASE("window layers read what is inside the window", "[unit]") {
  auto model = tests::llama_8b();
  model.window_layers = 24;
  model.window_tokens = 1024;
  models::EngineConstants engine;
  engine.dense.emplace().time.kv_cache = 1.0;
  const IterationModel m(model, tests::h100(), engine, Deployment{});
  const double a_layer = 2 * 8 * 128 * 2 / 3.35e12;
  CHECK_THAT(tests::s_of(m.cost({.context_tokens = 5'000'000, .window_tokens = 1'000'000}).time),
             WithinRel(a_layer * (8 * 5e6 + 24 * 1e6), 1e-4));
  CHECK(models::kv_bytes_a_token(model) == 131'072);  // inside the window it is an ordinary cache
}

TEST_CASE("an engine whose GPU idles while the host works", "[unit]") {
  auto engine = tests::constant_time_engine(0.25, 300);
  engine.dense->time.layer = 0.01;
  engine.idles_in_host_time = true;
  engine.dense->time.dense_weights = 1.0;
  const IterationModel model(tests::llama_8b(), tests::h100(), engine, Deployment{});
  const auto cost = model.cost({});
  const double weights_s = 15.01e9 / 3.35e12;
  CHECK_THAT(tests::s_of(cost.time), WithinRel(0.25 + 0.32 + weights_s, time_accuracy));
  CHECK_THAT(cost.energy_j, WithinRel(70 * (0.25 + 0.32) + 300 * weights_s, time_accuracy));

  engine.dense->power.waiting = 50;  // its clocks stay up
  const IterationModel waiting(tests::llama_8b(), tests::h100(), engine, Deployment{});
  CHECK(waiting.cost({}).time == cost.time);
  CHECK_THAT(waiting.cost({}).energy_j, WithinRel(120 * (0.25 + 0.32) + 300 * weights_s, time_accuracy));
}

TEST_CASE("one process schedules for all pipeline stages", "[unit]") {
  models::EngineConstants engine;
  engine.dense.emplace();
  engine.host.iteration = 1e-3;
  engine.host.sequence = 1e-4;
  engine.host.prompt = 1e-2;
  const auto time_s = [&](int stages) {
    const IterationModel model(tests::llama_8b(), tests::h100(), engine, {.pipeline_parallel = stages});
    return tests::s_of(model.cost({.sequences = 64, .prompts = 2, .prompt_tokens = 200}).time);
  };
  CHECK_THAT(time_s(1), WithinRel(1e-3 + 64e-4 + 2e-2, time_accuracy));
  CHECK_THAT(time_s(2), WithinRel(2e-3 + 64e-4 + 2e-2, time_accuracy));
}

TEST_CASE("the real-number evaluation agrees with the simulation's integers", "[unit]") {
  const auto model = llama_8b_on_one();
  const auto cost =
      model.cost({.sequences = 20, .prompts = 1, .prompt_tokens = 100, .prompt_pairs = 5000, .context_tokens = 9000});
  const auto evaluated =
      model.evaluate({.sequences = 20, .prompts = 1, .prompt_tokens = 100, .prompt_pairs = 5000}, 9000, 0);
  CHECK_THAT(tests::s_of(cost.time), WithinRel(evaluated.time_s, time_accuracy));
  CHECK_THAT(cost.energy_j, WithinRel(evaluated.energy_j, time_accuracy));
}

TEST_CASE("an iteration without sequences or prompts costs its fixed part, experts included", "[unit]") {
  CHECK_THAT(tests::s_of(llama_8b_on_one().cost({}).time),
             WithinRel(230e-6 + 32 * 76e-6 + 15.01e9 / 3.35e12, time_accuracy));
  const IterationModel moe(tests::mixtral_8x7b(), tests::h100(), tests::rounded_h100_engine(), {.tensor_parallel = 2});
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

TEST_CASE("the power limit stretches time, energy follows", "[unit]") {
  auto accelerator = tests::h100();
  accelerator.tdp_w = 500;  // below the 558.5 W of the example worked above
  const Batch batch{.sequences = 64, .context_tokens = 44'800};
  const auto free_cost = llama_8b_on_one().cost(batch);
  const IterationModel limited(tests::llama_8b(), accelerator, tests::rounded_h100_engine(), Deployment{});
  const auto cost = limited.cost(batch);
  CHECK(cost.time > free_cost.time);
  CHECK_THAT(cost.energy_j / tests::s_of(cost.time), WithinRel(500, time_accuracy));
  CHECK(cost.energy_j <= 500 * tests::s_of(cost.time) * (1 + 1e-12));
  // What is dynamic stays; what is resident lasts longer.
  CHECK_THAT(cost.energy_j - free_cost.energy_j, WithinRel(240 * tests::s_of(cost.time - free_cost.time), 1e-9));
}

TEST_CASE("a limit at or below the resident power is refused", "[unit]") {
  auto accelerator = tests::h100();
  accelerator.tdp_w = 240;
  CHECK_THROWS_AS(IterationModel(tests::llama_8b(), accelerator, tests::rounded_h100_engine(), Deployment{}),
                  sim::OutOfRange);
  CHECK_THROWS_WITH(IterationModel(tests::llama_8b(), accelerator, tests::rounded_h100_engine(), Deployment{}),
                    "the engine's resident power of 240 W is not below the power limit of 240 W");
}

TEST_CASE("cache beside the weights", "[unit]") {
  const auto engine = tests::rounded_h100_engine();
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
  const auto engine = tests::rounded_h100_engine();  // usable: 0.9 * 80 - 2 = 70 GB of each
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
