// The cost of an iteration against the calibrated form written out naively (no tables, no integers), and the laws that
// hold for any batch: power within the limit, more work never costs less, integers that add up.
#include "models/serving/iteration_model.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using models::Batch;
using models::Deployment;
using models::IterationModel;
using models::KernelFamily;
using models::LanguageModel;
using models::WeightPrecision;

namespace {

int draw(int first, int last) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(first, last + 1));
}

struct Case {
  LanguageModel model;
  models::Accelerator accelerator = tests::h100();
  Deployment deployment;
};

Case draw_case() {
  const std::vector<LanguageModel> all = {tests::llama_8b(), tests::llama_70b(), tests::llama_405b(),
                                          tests::qwen3_30b_a3b(), tests::mixtral_8x7b()};
  Case drawn;
  drawn.model = all[static_cast<std::size_t>(draw(0, 4))];
  drawn.deployment.precision = draw(0, 1) == 0 ? WeightPrecision::bf16 : WeightPrecision::fp8;
  drawn.deployment.tensor_parallel = 1 << draw(0, 3);
  drawn.deployment.batch_limit = 256;
  drawn.deployment.kv_cache_tokens = 1e6;
  drawn.accelerator.tdp_w = draw(260, 800);
  return drawn;
}

IterationModel build(const Case& drawn) {
  return {drawn.model, drawn.accelerator, tests::rounded_h100_engine(), drawn.deployment};
}

Batch draw_batch() {
  Batch batch;
  batch.sequences = draw(0, 256);
  batch.prompt_tokens = draw(0, 2) == 0 ? 0 : draw(1, 2048);
  batch.prompts = batch.prompt_tokens == 0 ? 0 : draw(0, 3);
  batch.prompt_pairs = batch.prompt_tokens * (draw(0, 4000) + 0.5 * batch.prompt_tokens);
  batch.context_tokens = static_cast<std::int64_t>(batch.sequences) * draw(1, 3000);
  return batch;
}

/// Dynamic energy and unlimited time of one GPU, term by term; symbols as in the form of iteration_work.hpp.
struct Naive {
  double t = 0.0;
  double e = 0.0;
};

Naive naive_cost(const Case& drawn, const Batch& batch) {
  const auto engine = tests::rounded_h100_engine();
  const auto& m = drawn.model;
  const bool moe = m.kernel_family == KernelFamily::moe;
  const bool fp8 = drawn.deployment.precision == WeightPrecision::fp8;
  const auto& k = moe ? engine.moe->time : engine.dense->time;
  const auto& w = moe ? engine.moe->power : engine.dense->power;
  const double n = drawn.deployment.tensor_parallel;
  const double B = batch.sequences;
  const double p = batch.prompt_tokens;
  const double C = static_cast<double>(batch.context_tokens);
  const double BW = drawn.accelerator.memory_bytes_per_s;
  const double F = drawn.accelerator.bf16_flop_per_s;
  const double F8 = drawn.accelerator.fp8_flop_per_s;
  const double Fe = fp8 ? F8 : F;
  const double L = m.layers;  // all of them mixtures in the models at hand

  const double all_but_head = m.dense_read - static_cast<double>(m.vocabulary) * m.hidden;
  const double fp8_read = fp8 ? m.fp8_dense_parameters.value_or(all_but_head) : 0.0;
  const double tau_w = (fp8_read + 2 * (m.dense_read - fp8_read)) / (n * BW);
  const double tau_k = 2.0 * 2 * L * m.kv_heads * m.head_dim * C / (std::min(n, m.kv_heads * 1.0) * BW);
  const double tau_bf16 = 2 * (m.dense_read - fp8_read) / F / n;  // a token
  const double tau_fp8 = 2 * fp8_read / F8 / n;
  const double tau_expert = moe ? 2 * m.expert_parameters * m.experts_a_token * L / Fe / n : 0.0;
  const double tau_attention = 4 * L * m.heads * m.head_dim * batch.prompt_pairs / (n * F);
  const double tau_network = 8 * L * m.hidden * (B + p) * (n - 1) / n / (drawn.accelerator.link_bytes_per_s / 2);

  Naive cost;
  double experts_read = 0.0;
  double tau_8 = 0.0;
  cost.t = engine.host.iteration + engine.host.sequence * B + engine.host.prompt * batch.prompts;
  cost.t += L * (k.layer + k.layer_sequence * B);
  if (n > 1) cost.t += L * k.parallel_layer;
  if (fp8) cost.t += L * k.fp8_layer;
  if (p > 0) cost.t += L * k.prefill_layer;
  if (moe) {
    const double z = n == 1 ? 0 : n == 2 ? 0.56 : n == 4 ? 1.03 : 1.42;
    const double per_rank = m.experts / n;
    const double q = 1 - std::pow(1 - static_cast<double>(m.experts_a_token) / m.experts, 0.6 * (B + p));
    experts_read = L * m.expert_parameters * (fp8 ? 1 : 2) *
                   std::min(per_rank, per_rank * q + z * std::sqrt(per_rank * q * (1 - q))) / BW;
    cost.t += (fp8 ? k.expert_weights_fp8 : k.expert_weights_bf16) * experts_read;
    if (B > 0) cost.t += k.expert_compute * tau_expert * B * (1 + z * std::sqrt(n / (B * m.experts_a_token)));
    cost.t += (fp8 ? k.prefill_expert_compute_fp8 : k.prefill_expert_compute) * tau_expert * p;
    if (fp8) tau_8 = L * per_rank * 1e-6;
    cost.t += k.fp8_local_expert * tau_8 * 1e6;
    if (!fp8 && n > 1 && B + p > per_rank) cost.t += L * k.untuned_layer + k.untuned_expert_weights * experts_read;
  }
  cost.t += k.dense_weights * tau_w + k.compute * tau_bf16 * B + k.compute_fp8 * tau_fp8 * B + k.network * tau_network;
  cost.t += p * (k.prefill_compute * tau_bf16 + k.prefill_compute_fp8 * tau_fp8) + k.prefill_attention * tau_attention;
  const double ideal = (B + p) * (tau_bf16 + tau_fp8 + tau_expert) + tau_attention;
  cost.e = w.compute * std::sqrt(ideal * cost.t) + w.weights * (tau_w + experts_read) + w.kv_cache * tau_k +
           w.fp8_experts * tau_8;
  cost.t += k.kv_cache * tau_k;
  return cost;
}

bool near(double a, double b, double relative) {
  return std::fabs(a - b) <= relative * std::max(std::fabs(a), std::fabs(b));
}

}  // namespace

TEST_CASE("time and energy are the calibrated form, stretched to the power limit", "[property]") {
  CHECK(rc::check("cost = form", [] {
    const Case drawn = draw_case();
    const Batch batch = draw_batch();
    const auto cost = build(drawn).cost(batch);
    const Naive naive = naive_cost(drawn, batch);
    const double resident_w = drawn.model.kernel_family == KernelFamily::moe ? 180 : 240;
    const double limited_s = naive.e / (drawn.accelerator.tdp_w - resident_w);
    RC_CLASSIFY(limited_s > naive.t, "limited");
    const double time_s = std::max(naive.t, limited_s);
    // A token of context is rounded to 2^-44 s: up to 1e-6 of the term for the smallest, Qwen3 on four GPUs.
    RC_ASSERT(near(tests::s_of(cost.time), time_s, 5e-6));
    RC_ASSERT(near(cost.energy_j, drawn.deployment.tensor_parallel * (resident_w * time_s + naive.e), 5e-6));
  }));
}

TEST_CASE("mean power of a GPU is between resident power and the limit", "[property]") {
  CHECK(rc::check("power", [] {
    const Case drawn = draw_case();
    const auto cost = build(drawn).cost(draw_batch());
    const double gpu_w = cost.energy_j / tests::s_of(cost.time) / drawn.deployment.tensor_parallel;
    RC_ASSERT(gpu_w <= drawn.accelerator.tdp_w * (1 + 1e-12));
    RC_ASSERT(gpu_w >= (drawn.model.kernel_family == KernelFamily::moe ? 180 : 240));
  }));
}

TEST_CASE("more context or a longer prompt never costs less", "[property]") {
  CHECK(rc::check("monotone in C and p", [] {
    const IterationModel model = build(draw_case());
    const Batch batch = draw_batch();
    Batch more = batch;
    if (draw(0, 1) == 0) {
      more.context_tokens += draw(1, 10'000);
    } else {
      const int tokens = draw(1, 500);
      more.prompt_tokens += tokens;
      more.prompt_pairs += tokens * (batch.prompt_tokens + 0.5 * tokens);
    }
    RC_ASSERT(model.cost(more).time > model.cost(batch).time);
    RC_ASSERT(model.cost(more).energy_j > model.cost(batch).energy_j);
  }));
}

TEST_CASE("one sequence more never costs less", "[property]") {
  CHECK(rc::check("monotone in B", [] {
    const Case drawn = draw_case();
    const IterationModel model = build(drawn);
    Batch batch = draw_batch();
    batch.sequences = std::min(batch.sequences, 255);
    Batch more = batch;
    ++more.sequences;
    RC_ASSERT(model.cost(more).time > model.cost(batch).time);
    RC_ASSERT(model.cost(more).energy_j > model.cost(batch).energy_j);
  }));
}

TEST_CASE("times of successive contexts are an arithmetic progression on either side of the power limit",
          "[property]") {
  CHECK(rc::check("linear in C", [] {
    const IterationModel model = build(draw_case());
    Batch batch = draw_batch();
    const int step = draw(1, 256);
    const auto at = [&](int i) {
      Batch moved = batch;
      moved.context_tokens += static_cast<std::int64_t>(i) * step;
      return model.cost(moved).time;
    };
    // The larger of two lines: differences never shrink, and take two values with at most one between them.
    int changes = 0;
    for (int i = 1; i < 40; ++i) {
      const auto before = at(i) - at(i - 1);
      const auto after = at(i + 1) - at(i);
      RC_ASSERT(after >= before);
      changes += after != before ? 1 : 0;
    }
    RC_ASSERT(changes <= 2);
  }));
}
