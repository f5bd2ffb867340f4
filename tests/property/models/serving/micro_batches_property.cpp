// What stages and copies can and cannot do: laws that no layout may break, for random models, precisions and batches.
#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "models/serving/iteration_model.hpp"
#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using models::Batch;
using models::Deployment;
using models::IterationModel;
using models::WeightPrecision;

namespace {

constexpr double rounding = 1 + 1e-5;  // of a token of context to 2^-44 s

int draw(int first, int last) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(first, last + 1));
}

struct Case {
  models::LanguageModel model;
  models::Accelerator accelerator = tests::h100();
  models::EngineConstants engine = tests::rounded_h100_engine();
  Deployment deployment;

  [[nodiscard]] models::IterationCost cost(const Batch& batch) const {
    return IterationModel(model, accelerator, engine, deployment).cost(batch);
  }
  [[nodiscard]] double time_s(const Batch& batch) const { return tests::s_of(cost(batch).time); }
  [[nodiscard]] double resident_w() const { return models::is_mixture(model) ? 180 : 240; }
  [[nodiscard]] double places() const { return deployment.pipeline_parallel * deployment.data_parallel; }
};

Case draw_case() {
  const std::vector<models::LanguageModel> all = {tests::llama_8b(), tests::llama_70b(), tests::llama_405b(),
                                                  tests::qwen3_30b_a3b(), tests::mixtral_8x7b()};
  Case drawn;
  drawn.model = all[static_cast<std::size_t>(draw(0, 4))];
  drawn.deployment = {.precision = draw(0, 1) == 0 ? WeightPrecision::bf16 : WeightPrecision::fp8,
                      .tensor_parallel = 1 << draw(0, 3),
                      .pipeline_parallel = draw(1, 8),
                      .data_parallel = draw(1, 4),
                      .batch_limit = 256,
                      .kv_cache_tokens = 1e6};
  drawn.accelerator.tdp_w = draw(260, 800);
  drawn.engine.idles_in_host_time = draw(0, 3) == 0;
  return drawn;
}

Batch one_prompt(int tokens) {
  return {.prompts = 1, .prompt_tokens = tokens, .prompt_pairs = 0.5 * tokens * tokens};
}

Batch draw_batch() {
  Batch batch;
  batch.sequences = draw(0, 2) == 0 ? draw(0, 8) : draw(0, 256);
  if (draw(0, 1) == 0) {
    batch.prompt_tokens = draw(1, 8192);
    batch.prompt_pairs = batch.prompt_tokens * (draw(0, 1) * draw(0, 4000) + 0.5 * batch.prompt_tokens);
  }
  batch.context_tokens = static_cast<std::int64_t>(batch.sequences) * draw(1, 3000);
  return batch;
}

Deployment with_layout(Deployment deployment, int stages, int copies) {
  deployment.pipeline_parallel = stages;
  deployment.data_parallel = copies;
  return deployment;
}

}  // namespace

TEST_CASE("a lone sequence and a lone prompt gain nothing from stages or copies", "[property]") {
  CHECK(rc::check("one thing in flight", [] {
    Case few = draw_case();
    Case many = few;
    many.deployment = with_layout(few.deployment, few.deployment.pipeline_parallel + draw(0, 4),
                                  few.deployment.data_parallel + draw(0, 4));
    // Experts are dealt over copies as well: there more copies read fewer each.
    if (models::is_mixture(few.model)) many.deployment.data_parallel = few.deployment.data_parallel;
    const Batch sequence{.sequences = 1, .context_tokens = draw(1, 100'000)};
    const Batch prompt = one_prompt(draw(1, 8192));
    RC_ASSERT(many.cost(sequence).time >= few.cost(sequence).time);
    RC_ASSERT(many.cost(prompt).time >= few.cost(prompt).time);
    RC_ASSERT(many.cost(sequence).energy_j >= few.cost(sequence).energy_j / rounding);
  }));
}

TEST_CASE("an iteration takes its operations at peak rate and its bytes at peak bandwidth at least", "[property]") {
  CHECK(rc::check("bounds", [] {
    const Case drawn = draw_case();
    const Batch batch = draw_batch();
    const auto& m = drawn.model;
    const double n = drawn.deployment.tensor_parallel;
    const double things =
        batch.sequences +
        (batch.prompt_tokens > 0 ? std::max(1.0, 0.5 * std::pow(batch.prompt_tokens, 2) / batch.prompt_pairs) : 0.0);
    const double groups = std::clamp(things, 1.0, drawn.places());  // that can work at once
    const double peak = drawn.deployment.precision == WeightPrecision::fp8 ? drawn.accelerator.fp8_flop_per_s
                                                                           : drawn.accelerator.bf16_flop_per_s;
    const double operations = 2.0 * m.dense_read * (batch.sequences + batch.prompt_tokens) +
                              4.0 * m.layers * m.heads * m.head_dim * batch.prompt_pairs;
    RC_ASSERT(drawn.time_s(batch) * rounding >= operations / (groups * n * peak));
    // A group reads all weights outside experts, whatever it works on, and its part of the cache.
    const double weights = models::dense_read_bytes(m, drawn.deployment.precision);
    const double cache = models::kv_bytes_a_token(m) * static_cast<double>(batch.context_tokens) /
                         std::clamp<double>(batch.sequences, 1.0, drawn.places());
    RC_ASSERT(drawn.time_s(batch) * rounding >= (weights + cache) / (n * drawn.accelerator.memory_bytes_per_s));
  }));
}

TEST_CASE("stages and copies multiply throughput by their number at most", "[property]") {
  CHECK(rc::check("throughput", [] {
    Case drawn = draw_case();
    drawn.engine.idles_in_host_time = false;  // each stage's host time would be rest under a power limit
    Case one = drawn;
    one.deployment = with_layout(drawn.deployment, 1, 1);
    if (models::is_mixture(drawn.model) && drawn.deployment.data_parallel > 1) return;  // copies share experts
    const Batch batch = draw_batch();
    RC_ASSERT(drawn.time_s(batch) * drawn.places() * rounding >= one.time_s(batch));
  }));
}

TEST_CASE("with sequences enough, a stage and copy takes as long as alone with its part", "[property]") {
  CHECK(rc::check("even split", [] {
    Case drawn = draw_case();
    drawn.engine.host = {};
    if (models::is_mixture(drawn.model)) drawn.deployment.data_parallel = 1;
    Case one = drawn;
    one.deployment = with_layout(drawn.deployment, 1, 1);
    const int places = drawn.deployment.pipeline_parallel * drawn.deployment.data_parallel;
    const int each = draw(1, 256 / places);
    const int context = draw(1, 3000);
    if (drawn.deployment.data_parallel > 1 && drawn.deployment.tensor_parallel == 1) return;  // one has no other GPU
    const double whole_s = drawn.time_s({.sequences = each * places, .context_tokens = each * places * context});
    const double alone_s = one.time_s({.sequences = each, .context_tokens = each * context});
    RC_ASSERT(std::fabs(whole_s / alone_s - 1) < 1e-5);
  }));
}

TEST_CASE("power of a replica is between idle and TDP, GPUs that wait included", "[property]") {
  CHECK(rc::check("power", [] {
    const Case drawn = draw_case();
    const auto cost = drawn.cost(draw_batch());
    const double gpu_w = cost.energy_j / tests::s_of(cost.time) / models::gpus(drawn.deployment);
    RC_ASSERT(gpu_w <= drawn.accelerator.tdp_w * (1 + 1e-12));
    RC_ASSERT(gpu_w >= drawn.accelerator.idle_w);
    if (!drawn.engine.idles_in_host_time) RC_ASSERT(gpu_w >= drawn.resident_w());
  }));
}

TEST_CASE("one more thing in flight never costs less, in any layout", "[property]") {
  CHECK(rc::check("monotone", [] {
    Case drawn = draw_case();
    drawn.engine.idles_in_host_time = false;  // more of the host's time is more rest under a power limit
    Batch batch = draw_batch();
    batch.prompt_tokens = 0;
    batch.prompt_pairs = 0.0;
    batch.sequences = std::min(batch.sequences, 255);
    Batch more = batch;
    ++more.sequences;
    // With a context like the others': without, it would only share theirs out over more copies.
    more.context_tokens += batch.sequences > 0 ? batch.context_tokens / batch.sequences : 1;
    RC_ASSERT(drawn.cost(more).energy_j * rounding >= drawn.cost(batch).energy_j);
    RC_ASSERT(drawn.time_s(more) * rounding >= drawn.time_s(batch));
  }));
}
