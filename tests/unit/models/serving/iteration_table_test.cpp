// Interpolation by hand, and an IterationModel that goes by tables: tables made from the formula give the formula's
// times.
#include "models/serving/iteration_table.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <memory>

#include "models/serving/iteration_model.hpp"
#include "sim/error.hpp"
#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using models::Batch;
using models::BatchLoad;
using models::Deployment;
using models::GridTable;
using models::IterationModel;
using models::IterationTables;
using models::LinearTable;

namespace {

constexpr double half_unit_s = 0x1p-45;  ///< an amount of time in the simulation is rounded to 2^-44 s

const LinearTable curve{{10, 20, 40}, {3.0, 5.0, 6.0}};
//                        columns: 100  300  700
const GridTable grid{{2, 4, 8},
                     {100, 300, 700},
                     {1, 2, 4,  //
                      2, 4, 8,  //
                      3, 9, 13}};

/// Its formula is one that tables can hold: what decoding and prompts cost beyond attention goes by their tokens alone.
models::EngineConstants tabular_engine() {
  models::EngineConstants engine = tests::rounded_h100_engine();
  auto& time = engine.dense->time;
  time.layer_sequence = time.prefill_layer = 0.0;
  time.prefill_compute = time.compute;
  return engine;
}

const std::vector<double> tokens_measured = {1, 8, 64, 256, 2048, 2304};
const std::vector<double> batches = {1, 8, 64, 256};
const std::vector<double> contexts = {128, 1024, 8192};
const std::vector<double> chunks = {256, 1024, 2048};
const std::vector<double> befores = {0, 2048, 6144};

Deployment on(int gpus) {
  Deployment deployment;
  deployment.tensor_parallel = gpus;
  return deployment;
}

/// What a profiler would measure of a layer on a machine that follows the formula: in seconds.
class Profiler {
 public:
  Profiler(models::LanguageModel model, const Deployment& deployment)
      : model_(std::move(model)), deployment_(deployment) {}

  IterationTables measure() const {
    IterationTables tables{{tokens_measured, {}}, {batches, contexts, {}}, {chunks, befores, {}}, std::nullopt};
    LinearTable collectives{tokens_measured, {}};
    for (const double tokens : tokens_measured) {
      models::KernelTerms work = work_of({.sequences = tokens});
      collectives.values.push_back(time_s(only(work, &models::KernelTerms::network)));
      work.network = 0.0;
      tables.dense_operators.values.push_back(time_s(work));
    }
    const double full_s = models::context_work(model_, tests::h100(), deployment_, 1.0).full_s;
    for (const double batch : batches) {
      for (const double context : contexts)
        tables.decode_attention.values.push_back(time_s(models::KernelTerms{.kv_cache = full_s * batch * context}));
    }
    for (const double chunk : chunks) {
      for (const double before : befores) {
        const auto work = work_of({.prompt_tokens = chunk, .prompt_pairs = chunk * (before + chunk / 2)});
        tables.prefill_attention.values.push_back(time_s(only(work, &models::KernelTerms::prefill_attention)));
      }
    }
    if (deployment_.tensor_parallel > 1) tables.collectives = collectives;
    return tables;
  }

 private:
  [[nodiscard]] models::KernelTerms work_of(const BatchLoad& load) const {
    return models::iteration_work(model_, tests::h100(), deployment_, load).kernel;
  }
  static models::KernelTerms only(const models::KernelTerms& work, double models::KernelTerms::*member) {
    models::KernelTerms one;
    one.*member = work.*member;
    return one;
  }
  [[nodiscard]] double time_s(const models::KernelTerms& work) const {
    return models::dot(models::kernel_terms, tabular_engine().dense->time, work) / model_.layers;
  }

  models::LanguageModel model_;
  Deployment deployment_;
};

struct Pair {
  IterationModel formula;
  IterationModel tables;
};

Pair pair_of(const models::LanguageModel& model, const Deployment& deployment) {
  const auto tables = std::make_shared<const IterationTables>(Profiler(model, deployment).measure());
  return {{model, tests::h100(), tabular_engine(), deployment},
          {model, tests::h100(), tabular_engine(), deployment, tables}};
}

/// Context is kept token by token in the formula, each rounded; in the tables it is rounded once.
double rounding_s(const Batch& batch) {
  return half_unit_s * (4.0 + static_cast<double>(batch.context_tokens + batch.window_tokens));
}

IterationTables flat_tables(double dense_s) {
  return {{{1, 100}, {dense_s, dense_s}},
          {{1, 2}, {1, 2}, {0, 0, 0, 0}},
          {{1, 2}, {0}, {0, 0}},
          LinearTable{{1, 2}, {0, 0}}};
}

}  // namespace

TEST_CASE("a curve is exact at its points and straight between them", "[unit]") {
  CHECK(value_at(curve, 10) == 3.0);
  CHECK(value_at(curve, 20) == 5.0);
  CHECK(value_at(curve, 40) == 6.0);
  CHECK(value_at(curve, 15) == 4.0);   // half way from 3 to 5
  CHECK(value_at(curve, 25) == 5.25);  // a quarter from 5 to 6
}

TEST_CASE("a curve is level before its first point and goes on with its last slope", "[unit]") {
  CHECK(value_at(curve, 0) == 3.0);
  CHECK(value_at(curve, 9.99) == 3.0);
  CHECK(value_at(curve, 60) == 7.0);  // 1 for 20 more
  CHECK(value_at(curve, 140) == 11.0);
}

TEST_CASE("a curve that falls at its end stays level beyond it, so no time is below zero", "[unit]") {
  const LinearTable falling{{1, 2}, {5.0, 4.0}};
  CHECK(value_at(falling, 1.5) == 4.5);
  CHECK(value_at(falling, 1000) == 4.0);
}

TEST_CASE("a curve of one point is that value everywhere", "[unit]") {
  const LinearTable point{{7}, {2.5}};
  CHECK(value_at(point, 0) == 2.5);
  CHECK(value_at(point, 7) == 2.5);
  CHECK(value_at(point, 100) == 2.5);
}

TEST_CASE("a grid is exact at its points and bilinear between them", "[unit]") {
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column)
      CHECK(value_at(grid, grid.rows[row], grid.columns[column]) == grid.values[3 * row + column]);
  }
  CHECK(value_at(grid, 2, 200) == 1.5);   // along a row
  CHECK(value_at(grid, 6, 100) == 2.5);   // along a column
  CHECK(value_at(grid, 3, 200) == 2.25);  // the mean of 1, 2, 2, 4
  CHECK(value_at(grid, 5, 400) == 6.25);  // row 4: 4 + 4/4 = 5, row 8: 9 + 4/4 = 10; a quarter of the way
}

TEST_CASE("a grid is level before its edges and goes on beyond them with the last slopes", "[unit]") {
  CHECK(value_at(grid, 1, 50) == 1.0);
  CHECK(value_at(grid, 1, 300) == 2.0);
  CHECK(value_at(grid, 8, 900) == 15.0);    // 4 for 400, 2 more for 200
  CHECK(value_at(grid, 12, 300) == 14.0);   // 4 to 9 for 4 batches, 5 more
  CHECK(value_at(grid, 12, 1100) == 22.0);  // row 4: 12, row 8: 17; 5 more
}

TEST_CASE("a grid of one column does not change along it", "[unit]") {
  const GridTable one{{1, 3}, {0}, {2, 6}};
  CHECK(value_at(one, 2, 0) == 4.0);
  CHECK(value_at(one, 2, 5000) == 4.0);
}

TEST_CASE("prompt tokens are one chunk with the context that gives their pairs", "[unit]") {
  const auto first = models::equal_chunks(512, 512 * 256.0);  // from the beginning: each attends to 256 on average
  CHECK(first.count == 1.0);
  CHECK(first.tokens == 512.0);
  CHECK(first.before == 0.0);
  const auto later = models::equal_chunks(512, 512 * (1000 + 256.0));
  CHECK(later.count == 1.0);
  CHECK(later.before == 1000.0);
}

TEST_CASE("prompt tokens with fewer pairs than one chunk are several prompts", "[unit]") {
  const auto four = models::equal_chunks(4 * 128, 4 * 128 * 64.0);
  CHECK(four.count == 4.0);
  CHECK(four.tokens == 128.0);
  CHECK(four.before == 0.0);
}

TEST_CASE("no prompt tokens are no chunks, tokens of unknown pairs are one", "[unit]") {
  CHECK(models::equal_chunks(0, 0).count == 0.0);
  CHECK(models::equal_chunks(100, 0).count == 1.0);
  CHECK(models::equal_chunks(100, 0).tokens == 100.0);
}

TEST_CASE("a layer is the sum of its tables, each where it applies", "[unit]") {
  const IterationTables tables{
      {{0, 1000}, {1, 2}}, grid, {{0, 100}, {0, 100}, {0, 0, 8, 16}}, LinearTable{{0, 1000}, {0, 4}}};
  const models::LayerLoad decode{.sequences = 100, .prompts = {}, .collectives = false};
  CHECK_THAT(layer_s_without_context(tables, decode), WithinAbs(1.1, 1e-12));
  const models::LayerLoad mixed{.sequences = 100, .prompts = {2, 50, 50}, .collectives = true};
  CHECK_THAT(layer_s_without_context(tables, mixed),
             WithinAbs(1.2 + 2 * 6.0 + 0.8, 1e-12));  // 200 tokens; (50, 50) is 6
  CHECK(decode_attention_s(tables, 0, 0) == 0.0);
  CHECK(decode_attention_s(tables, 4, 300) == 4.0);
}

TEST_CASE("tables made from the formula give the formula's time and energy at their points: decoding", "[unit]") {
  const int gpus = GENERATE(1, 4);
  const auto [formula, tables] = pair_of(tests::llama_8b(), on(gpus));
  for (const double sequences : batches) {
    for (const double context : contexts) {
      const Batch batch{.sequences = static_cast<int>(sequences),
                        .context_tokens = static_cast<std::int64_t>(sequences * context)};
      INFO(gpus << " GPUs, " << sequences << " sequences of " << context);
      const auto expected = formula.cost(batch);
      const auto found = tables.cost(batch);
      CHECK_THAT(tests::s_of(found.time), WithinAbs(tests::s_of(expected.time), rounding_s(batch)));
      CHECK_THAT(found.energy_j, WithinRel(expected.energy_j, 1e-6));  // of the rounding
    }
  }
}

TEST_CASE("tables made from the formula give the formula's time at their points: prompts", "[unit]") {
  const int gpus = GENERATE(1, 4);
  const auto [formula, tables] = pair_of(tests::llama_8b(), on(gpus));
  for (const double before : befores) {
    const double chunk = 2048;
    const Batch alone{.prompts = 1, .prompt_tokens = 2048, .prompt_pairs = chunk * (before + chunk / 2)};
    CHECK_THAT(tests::s_of(tables.cost(alone).time), WithinAbs(tests::s_of(formula.cost(alone).time), 4 * half_unit_s));
    Batch mixed = alone;
    mixed.sequences = 256;
    mixed.context_tokens = 256 * 1024;
    CHECK_THAT(tests::s_of(tables.cost(mixed).time),
               WithinAbs(tests::s_of(formula.cost(mixed).time), rounding_s(mixed)));
  }
  const Batch eight{.prompts = 8, .prompt_tokens = 2048, .prompt_pairs = 8 * 256 * 128.0};  // each from its beginning
  CHECK_THAT(tests::s_of(tables.cost(eight).time), WithinAbs(tests::s_of(formula.cost(eight).time), 4 * half_unit_s));
}

TEST_CASE("real numbers and the simulation agree by tables too, and parts add up", "[unit]") {
  const auto [formula, tables] = pair_of(tests::llama_8b(), on(4));
  const BatchLoad load{.sequences = 48, .prompts = 2, .prompt_tokens = 700, .prompt_pairs = 700 * 500.0};
  const auto whole = tables.evaluate(load, 48 * 3000.0, 0);
  const auto cost = tables.cost(
      {.sequences = 48, .prompts = 2, .prompt_tokens = 700, .prompt_pairs = 700 * 500.0, .context_tokens = 48 * 3000});
  CHECK_THAT(tests::s_of(cost.time), WithinAbs(whole.time_s, 4 * half_unit_s));
  CHECK_THAT(cost.energy_j, WithinRel(whole.energy_j, 1e-9));
  const auto parts = tables.parts(load, 48 * 3000.0, 0);
  double sum_s = parts.stretched_s;
  for (const auto& term : models::host_terms) sum_s += parts.host.*term.member;
  for (const auto& term : models::kernel_terms) sum_s += parts.kernel.*term.member;
  CHECK_THAT(sum_s, WithinRel(whole.time_s, 1e-12));
  CHECK_THAT(parts.kernel.kv_cache,
             WithinRel(32 * decode_attention_s(Profiler(tests::llama_8b(), on(4)).measure(), 48, 3000), 1e-12));
}

TEST_CASE("stages and copies see their part of the batch", "[unit]") {
  IterationTables tables = flat_tables(0.0);
  tables.dense_operators = {{0, 1000}, {0, 1.0}};                  // 1 ms a token
  tables.decode_attention = {{0, 100}, {0, 1000}, {0, 0, 0, 10}};  // a tenth of a millisecond a sequence and token
  const auto shared = std::make_shared<const IterationTables>(tables);
  Deployment deployment;
  deployment.pipeline_parallel = 2;
  deployment.data_parallel = 2;
  auto model = tests::llama_8b();
  model.layers = 1;
  const IterationModel by_tables(model, tests::h100(), tests::constant_time_engine(0.0, 300), deployment, shared);
  // 40 sequences are 10 at a time: 10 ms, and 10 * 500 * 0.1 ms
  CHECK_THAT(by_tables.evaluate({.sequences = 40}, 40 * 500.0, 0).time_s, WithinRel(0.010 + 0.5, 1e-12));
}

TEST_CASE("by tables, a power limit stretches time as before", "[unit]") {
  auto engine = tests::constant_time_engine(0.0, 300);
  engine.dense->power.weights = 1e6;  // absurd: far above any limit
  auto tables = std::make_shared<const IterationTables>(flat_tables(1e-6));
  const IterationModel model(tests::llama_8b(), tests::h100(), engine, Deployment{}, tables);
  const auto cost = model.cost({.sequences = 4, .context_tokens = 400});
  CHECK(tests::s_of(cost.time) > 32e-6);
  CHECK(cost.energy_j / tests::s_of(cost.time) <= 700.0);
  CHECK_THAT(cost.energy_j / tests::s_of(cost.time), WithinRel(700.0, 1e-6));
}

TEST_CASE("an engine that idles in the host's time does so by tables too, for the host alone", "[unit]") {
  auto engine = tests::constant_time_engine(0.010, 270);
  engine.idles_in_host_time = true;
  engine.dense->time.layer = 1.0;  // in the formula; the tables have theirs
  const IterationModel model(tests::llama_8b(), tests::h100(), engine, Deployment{},
                             std::make_shared<const IterationTables>(flat_tables(1e-3)));
  const auto cost = model.evaluate({.sequences = 4}, 400, 0);
  CHECK_THAT(cost.time_s, WithinRel(0.010 + 32e-3, 1e-12));
  CHECK_THAT(cost.energy_j, WithinRel(0.010 * 70 + 32e-3 * 270, 1e-12));
}

TEST_CASE("several GPUs without a table of collectives are refused", "[unit]") {
  IterationTables tables = flat_tables(1e-3);
  tables.collectives.reset();
  const auto shared = std::make_shared<const IterationTables>(tables);
  CHECK_NOTHROW(IterationModel(tests::llama_8b(), tests::h100(), tabular_engine(), on(1), shared));
  CHECK_THROWS_AS(IterationModel(tests::llama_8b(), tests::h100(), tabular_engine(), on(4), shared), sim::OutOfRange);
  CHECK_THROWS_WITH(IterationModel(tests::llama_8b(), tests::h100(), tabular_engine(), on(4), shared),
                    "4 GPUs share a layer, and there is no table of collectives");
}

TEST_CASE("tables in other units than milliseconds are refused", "[unit]") {
  const auto in_seconds = std::make_shared<const IterationTables>(flat_tables(100.0));
  CHECK_THROWS_AS(IterationModel(tests::llama_8b(), tests::h100(), tabular_engine(), on(1), in_seconds),
                  sim::OutOfRange);
  CHECK_THROWS_WITH(IterationModel(tests::llama_8b(), tests::h100(), tabular_engine(), on(1), in_seconds),
                    "the engine's tables give an iteration of 3.2e+03 s: are they milliseconds of one layer?");
}

TEST_CASE("only the formula is linear in the context", "[unit]") {
  const auto [formula, tables] = pair_of(tests::llama_8b(), on(1));
  CHECK(formula.is_linear_in_context());
  CHECK_FALSE(tables.is_linear_in_context());
}
