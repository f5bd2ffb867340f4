#include "analysis/calibrate/older_engines.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "analysis/calibrate/measurement_table.hpp"
#include "analysis/calibrate/ml_energy_rows.hpp"
#include "scenarios/loader/catalog_lookup.hpp"

namespace fleetwatt::analysis {

namespace {

using namespace sets;

constexpr double us = 1e-6;
constexpr bool by_engine = true;

/// Chat: a first turn of shared conversations. Code: a function's signature and description.
constexpr std::array tasks_2024 = {Task{"chat", 270.0, 0.70}, Task{"code", 180.0, 0.60}};
constexpr const char* phase_model = "llama-2-70b";

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

models::BatchLoad prompts_alone(const PhaseMeasurement& row) {
  models::BatchLoad load;
  load.prompts = row.batch;
  load.prompt_tokens = static_cast<double>(row.batch) * row.prompt_tokens;
  load.prompt_pairs = load.prompt_tokens * 0.5 * row.prompt_tokens;
  return load;
}

double mean_context(const PhaseMeasurement& row) {
  return row.batch * (row.prompt_tokens + 0.5 * row.output_tokens);
}

models::Deployment deployment_of(const PhaseMeasurement& row) {
  models::Deployment deployment;
  deployment.tensor_parallel = row.tensor_parallel;
  deployment.batch_limit = 1;
  return deployment;
}

}  // namespace

const FitPlan& plan_2024() {
  static const std::vector<Unknown> time = {
      {"sequence", by_engine, 200 * us, 1.0, {{all_families, "sequence_us"}}},
      {"prompt", by_engine, 20e3 * us, 2.0, {{all_families, "prompt_us"}}},
      {"dense layer",
       by_engine,
       500 * us,
       0.7,
       {{dense, "layer_us"}, {dense, "prefill_layer_us"}, {moe, "dense_layer_us"}}},
      {"mixture layer", by_engine, 800 * us, 0.7, {{moe, "layer_us"}, {moe, "prefill_layer_us"}}},
      {"parallel layer", by_engine, 300 * us, 1.0, {{dense, "parallel_layer_us"}, {moe, "parallel_layer_us"}}}};
  static const std::vector<Unknown> power = {{"waiting", by_engine, 60, 0.5, {{dense | moe, "waiting_w"}}},
                                             {"dense resident", by_engine, 270, 0.5, {{dense, "resident_w"}}},
                                             {"dense compute", by_engine, 650, 0.5, {{dense, "compute_w"}}},
                                             {"dense weights", by_engine, 250, 0.5, {{dense, "weight_w"}}},
                                             {"dense cache", by_engine, 600, 0.5, {{dense, "kv_cache_w"}}},
                                             {"mixture resident", by_engine, 220, 0.5, {{moe, "resident_w"}}},
                                             {"mixture compute", by_engine, 1000, 0.5, {{moe, "compute_w"}}},
                                             {"mixture weights", by_engine, 400, 0.5, {{moe, "weight_w"}}},
                                             {"mixture cache", by_engine, 700, 0.5, {{moe, "kv_cache_w"}}}};
  static const FitPlan plan{time, power};
  return plan;
}

const FitPlan& plan_2023() {
  static const std::vector<Unknown> time = {
      {"iteration", by_engine, 5e3 * us, 1.0, {{all_families, "iteration_us"}}},
      {"layer", by_engine, 400 * us, 1.0, {{dense, "layer_us"}}},
      {"sequence", by_engine, 300 * us, 1.0, {{all_families, "sequence_us"}}},
      {"prompt token", by_engine, 40 * us, 1.0, {{all_families, "prompt_token_us"}}},
      {"prompt token beyond", by_engine, 60 * us, 1.0, {{all_families, "prompt_token_beyond_us"}}},
      {"prefill layer", by_engine, 100 * us, 1.0, {{dense, "prefill_layer_us"}}},
      {"weights", by_engine, 0.8, 0.5, {{dense, "dense_weight_factor"}}},
      {"cache", by_engine, 1.5, 0.5, {{dense, "kv_cache_factor"}}},
      {"prefill compute",
       by_engine,
       1.3,
       0.3,
       {{dense, "prefill_compute_factor"}, {dense, "prefill_attention_factor"}}}};
  static const std::vector<Unknown> no_power;
  static const FitPlan plan{time, no_power};
  return plan;
}

std::vector<ServingMeasurement> read_ml_energy_2024(const std::string& text, const std::string& file_name) {
  const MeasurementTable table(
      text, file_name,
      {"kind", "task", "model", "gpu", "num_gpus", "tensor_parallel", "pipeline_parallel", "max_batch", "avg_batch",
       "avg_output_tokens", "tpot_ms", "throughput_tok_per_s", "mean_gpu_power_w"});
  static constexpr std::array wanted = {"llama-3.1-8b", "llama-3.1-405b", "llama-2-70b", "mixtral-8x7b"};
  std::vector<ServingMeasurement> rows;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto task = std::ranges::find(tasks_2024, table.text(i, "task"), &Task::name);
    if (table.text(i, "kind") != "llm" || task == tasks_2024.end()) continue;
    ServingMeasurement row;
    row.released_name = table.text(i, "model");
    row.model = catalogue_model(row.released_name);
    if (std::ranges::find(wanted, row.model) == wanted.end()) continue;
    row.line = table.line(i);
    row.accelerator = table.text(i, "gpu").find("A100") == std::string::npos ? "h100-sxm" : "a100-40-sxm";
    row.task = task->name;
    row.model_class = row.model == "mixtral-8x7b" ? ModelClass::moe : ModelClass::dense;
    row.deployment.tensor_parallel = static_cast<int>(table.number(i, "tensor_parallel"));
    row.deployment.pipeline_parallel = static_cast<int>(table.number(i, "pipeline_parallel"));
    row.deployment.expert_parallel = false;
    row.deployment.batch_limit = 1;
    row.batch_cap = static_cast<int>(table.number(i, "max_batch"));
    row.load = {table.number(i, "avg_batch"), task->prompt_tokens, table.number(i, "avg_output_tokens"),
                task->generated_share};
    row.inter_token_s = table.number(i, "tpot_ms") * 1e-3;
    row.tokens_per_s = table.number(i, "throughput_tok_per_s");
    row.power_w = table.number(i, "mean_gpu_power_w");
    rows.push_back(row);
  }
  return rows;
}

EnginesByAccelerator fit_engines_2024(const std::vector<ServingMeasurement>& rows, const scenarios::Catalog& catalog,
                                      EnginesByAccelerator engines) {
  std::vector<TimeRow> times;
  std::vector<PowerRow> powers;
  for (const auto& row : rows) {
    times.push_back(mean_step_row(row, catalog));
    powers.push_back({times.back(), row.power_w / models::gpus(row.deployment)});
  }
  fit_time(times, plan_2024().time, engines);
  fit_power(powers, plan_2024().power, prior_factors(catalog, engines), engines);
  return engines;
}

std::vector<PhaseMeasurement> read_phases(const std::string& text, const std::string& file_name) {
  const MeasurementTable table(
      text, file_name,
      {"hardware", "prompt_size", "batch_size", "token_size", "prompt_time", "token_time", "tensor_parallel"});
  using Configuration = std::tuple<std::string, int, int, int, int>;
  std::map<Configuration, std::pair<std::vector<double>, std::vector<double>>> repeats;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::string& hardware = table.text(i, "hardware");
    if (hardware != "a100-80gb" && hardware != "h100-80gb") continue;
    const auto whole = [&](const char* column) { return static_cast<int>(table.number(i, column)); };
    if (whole("tensor_parallel") == 2 && whole("batch_size") == 64) continue;
    auto& [prompts, tokens] = repeats[{hardware == "a100-80gb" ? "a100-80-sxm" : "h100-sxm", whole("tensor_parallel"),
                                       whole("batch_size"), whole("prompt_size"), whole("token_size")}];
    prompts.push_back(table.number(i, "prompt_time") * 1e-3);
    tokens.push_back(table.number(i, "token_time") * 1e-3);
  }
  std::vector<PhaseMeasurement> rows;
  for (const auto& [configuration, times] : repeats) {
    const auto& [accelerator, tensor_parallel, batch, prompt, output] = configuration;
    rows.push_back({accelerator, tensor_parallel, batch, prompt, output, median(times.first), median(times.second)});
  }
  return rows;
}

EnginesByAccelerator fit_engines_2023(const std::vector<PhaseMeasurement>& rows, const scenarios::Catalog& catalog,
                                      EnginesByAccelerator engines) {
  std::vector<TimeRow> times;
  for (const auto& row : rows) {
    TimeRow time;
    time.model = scenarios::model_from(catalog, phase_model);
    time.accelerator = scenarios::accelerator_from(catalog, row.accelerator);
    time.deployment = deployment_of(row);
    time.loads = {{prompts_alone(row), 1.0}};
    time.measured_s = row.prompt_s;
    times.push_back(time);
    time.loads = {{{.sequences = static_cast<double>(row.batch)}, 1.0}};
    time.context_tokens = mean_context(row);
    time.measured_s = row.token_s;
    times.push_back(time);
  }
  fit_time(times, plan_2023().time, engines);
  return engines;
}

PhasePrediction predict_phases(const PhaseMeasurement& row, const scenarios::Catalog& catalog,
                               const EnginesByAccelerator& engines) {
  const models::IterationModel model(scenarios::model_from(catalog, phase_model),
                                     scenarios::accelerator_from(catalog, row.accelerator), engines.at(row.accelerator),
                                     deployment_of(row));
  return {model.evaluate(prompts_alone(row), 0.0, 0.0).time_s,
          model.evaluate({.sequences = static_cast<double>(row.batch)}, mean_context(row), 0.0).time_s};
}

}  // namespace fleetwatt::analysis
