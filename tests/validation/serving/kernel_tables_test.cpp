// Tables of measured kernels: microsoft/vidur 7d475133, data/profiling/compute (MIT), H100, Llama 2 70B, medians of
// each operator of a layer but attention, by tokens and tensor-parallel degree. Tables made of them give the sums back
// at the measured points; how far the catalogue's formula is from them is printed, not judged: those are kernels timed
// alone, it was fitted to whole engines.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/serving/iteration_model.hpp"
#include "models/workload/text_lines.hpp"
#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/loader/engine_tables.hpp"
#include "scenarios/loader/file_text.hpp"
#include "scenarios/loader/load_scenario.hpp"
#include "sim/units.hpp"

using namespace fleetwatt;
using Catch::Matchers::WithinRel;

namespace {

constexpr std::array operators = {
    "input_layernorm", "attn_pre_proj", "attn_rope", "attn_post_proj", "post_attention_layernorm", "mlp_up_proj",
    "mlp_act",         "mlp_down_proj", "add"};

using KernelSums = std::map<int, std::map<int, double>>;  ///< ms by degree, then by tokens

std::optional<std::string> measurements() {
  const char* folder = std::getenv("FLEETWATT_DATA");
  if (folder == nullptr || *folder == '\0') return std::nullopt;
  return scenarios::read_file(std::string(folder) + "/inference-measurements/vidur-kernels/h100-llama-2-70b-mlp.csv");
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
}

KernelSums sums_of(const std::string& text) {
  const auto lines = models::lines_of(text, '#');
  const auto header = models::cells_of(lines.front().text);
  const auto column = [&](const std::string& name) {
    return static_cast<std::size_t>(std::ranges::find(header, name) - header.begin());
  };
  std::map<int, std::map<int, std::vector<double>>> repeated;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto cells = models::cells_of(lines[i].text);
    const auto number = [&](const std::string& name) { return models::number_of(cells.at(column(name))).value(); };
    double sum_ms = 0.0;
    for (const std::string name : operators) sum_ms += number("time_stats." + name + ".median");
    repeated[static_cast<int>(number("num_tensor_parallel_workers"))][static_cast<int>(number("num_tokens"))].push_back(
        sum_ms);
  }
  KernelSums sums;
  for (const auto& [degree, by_tokens] : repeated) {
    for (const auto& [tokens, times] : by_tokens) sums[degree][tokens] = median(times);
  }
  return sums;
}

std::string csv_of(const KernelSums& sums) {
  std::string text = "num_tokens,tensor_parallel,time_ms\n";
  for (const auto& [degree, by_tokens] : sums) {
    for (const auto& [tokens, time_ms] : by_tokens) text += fmt::format("{},{},{}\n", tokens, degree, time_ms);
  }
  return text;
}

/// The dense operators alone: neither attention nor collectives take time.
models::IterationTables tables_of(const std::string& csv, int degree) {
  const std::string nothing = "num_tokens,time_ms\n1,0\n2,0\n";
  return {
      scenarios::read_token_table(csv, "dense.csv", degree),
      scenarios::read_decode_table("batch,mean_context,time_ms\n1,0,0\n1,1,0\n2,0,0\n2,1,0\n", "decode.csv", degree),
      scenarios::read_prefill_table("chunk,time_ms\n1,0\n2,0\n", "prefill.csv", degree),
      scenarios::read_token_table(nothing, "collectives.csv", degree)};
}

struct Formula {
  models::LanguageModel model;
  models::Accelerator accelerator;
  models::EngineConstants engine;
};

Formula formula_of_catalogue() {
  const auto catalog = scenarios::built_in_catalog();
  return {scenarios::model_from(catalog, "llama-2-70b"), scenarios::accelerator_from(catalog, "h100-sxm"),
          scenarios::engine_from(catalog, "vllm-2025-h100")};
}

struct LayerTime {
  double launches_ms = 0.0;
  double work_ms = 0.0;
};

/// Of one layer, without attention and collectives; tokens of up to 256 sequences decode, more are prompts.
LayerTime layer_time(const Formula& f, int degree, int tokens) {
  models::BatchLoad load;
  (tokens <= 256 ? load.sequences : load.prompt_tokens) = tokens;
  models::Deployment deployment;
  deployment.tensor_parallel = degree;
  auto work = models::iteration_work(f.model, f.accelerator, deployment, load).kernel;
  work.network = work.prefill_attention = work.parallel_layer = 0.0;
  models::KernelTerms launches;
  launches.layer = work.layer;
  launches.layer_sequence = work.layer_sequence;
  launches.prefill_layer = work.prefill_layer;
  const auto& time = f.engine.dense->time;
  const double launches_s = models::dot(models::kernel_terms, time, launches);
  const double all_s = models::dot(models::kernel_terms, time, work);
  return {sim::ms_from_s(launches_s / f.model.layers), sim::ms_from_s((all_s - launches_s) / f.model.layers)};
}

}  // namespace

TEST_CASE("tables made of measured kernels give their sums at the measured points", "[validation]") {
  const auto text = measurements();
  if (!text) {
    std::cout << "[skip] FLEETWATT_DATA is not set\n";
    return;
  }
  const KernelSums sums = sums_of(*text);
  const std::string csv = csv_of(sums);
  REQUIRE(sums.size() == 4);  // 1, 2, 4, 8 GPUs
  auto formula = formula_of_catalogue();
  formula.engine.host = {};
  for (const auto& [degree, by_tokens] : sums) {
    REQUIRE(by_tokens.size() == 259);
    models::Deployment deployment;
    deployment.tensor_parallel = degree;
    const auto tables = std::make_shared<const models::IterationTables>(tables_of(csv, degree));
    const models::IterationModel model(formula.model, formula.accelerator, formula.engine, deployment, tables);
    double worst = 0.0;
    for (const auto& [tokens, time_ms] : by_tokens) {
      const double sum_s = sim::s_from_ms(time_ms);
      worst = std::max(worst, std::abs(value_at(tables->dense_operators, tokens) / sum_s - 1.0));
      const models::BatchLoad prompts{.prompt_tokens = static_cast<double>(tokens),
                                      .prompt_pairs = 0.5 * tokens * tokens};
      worst = std::max(worst,
                       std::abs(model.evaluate(prompts, 0, 0).unlimited_time_s / (formula.model.layers * sum_s) - 1.0));
    }
    CHECK(worst < 1e-12);
    const double between_s = value_at(tables->dense_operators, 12);
    CHECK_THAT(between_s, WithinRel(sim::s_from_ms(0.5 * (by_tokens.at(8) + by_tokens.at(16))), 1e-12));
  }
}

TEST_CASE("a row of the measured kernels, added up by hand", "[validation]") {
  const auto text = measurements();
  if (!text) {
    std::cout << "[skip] FLEETWATT_DATA is not set\n";
    return;
  }
  // 256 tokens on 4 GPUs, in the order of `operators`:
  const double by_hand_ms = 0.006 + 0.033 + 0.003 + 0.022 + 0.006 + 0.101 + 0.006 + 0.059 + 0.004;
  CHECK_THAT(by_hand_ms, WithinRel(0.240, 1e-12));
  const auto tables = tables_of(csv_of(sums_of(*text)), 4);
  CHECK_THAT(value_at(tables.dense_operators, 256), WithinRel(sim::s_from_ms(by_hand_ms), 1e-12));
}

TEST_CASE("for information: the catalogue's formula beside the measured kernels", "[validation]") {
  const auto text = measurements();
  if (!text) {
    std::cout << "[skip] FLEETWATT_DATA is not set\n";
    return;
  }
  const Formula formula = formula_of_catalogue();
  std::cout
      << "Llama 2 70B on H100, a layer without attention and collectives, ms: kernels timed alone (Vidur), and the\n"
         "formula of vllm-2025-h100: its work (weights, arithmetic) and its launches (of the whole layer)\n"
         "GPUs  tokens  kernels    work  work/kernels  launches\n";
  for (const auto& [degree, by_tokens] : sums_of(*text)) {
    std::vector<double> errors;
    for (const auto& [tokens, time_ms] : by_tokens) {
      const LayerTime layer = layer_time(formula, degree, tokens);
      CHECK(layer.work_ms > 0.0);
      errors.push_back(100.0 * std::abs(layer.work_ms / time_ms - 1.0));
      if (tokens == 1 || tokens == 16 || tokens == 64 || tokens == 256 || tokens == 1024 || tokens == 4096)
        std::cout << fmt::format("{:4}  {:6}  {:7.3f} {:7.3f}  {:12.2f}  {:8.3f}\n", degree, tokens, time_ms,
                                 layer.work_ms, layer.work_ms / time_ms, layer.launches_ms);
    }
    std::cout << fmt::format("      median difference of the work over all {} token counts: {:.0f} %\n", errors.size(),
                             median(errors));
  }
}
