#include "analysis/calibrate/ml_energy_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "analysis/calibrate/measurement_table.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr double most_prompts_an_iteration = 0.7;
constexpr double least_batch_share = 0.93;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Rows of one B200 whose GPU was not held up by its host.
bool is_fed(const ServingMeasurement& row) {
  const std::string_view name = row.released_name;
  const bool chat = row.task == "lm-arena-chat";
  const bool fed_in_chat = name == "Qwen/Qwen3-32B" || name == "google/gemma-3-12b-it" ||
                           (name == "Qwen/Qwen3-30B-A3B-Instruct-2507" && row.batch_cap < 768);
  return contains(name, "gpt-oss-120b") || contains(name, "Qwen3-Coder-30B") || (chat && fed_in_chat);
}

std::string why_left_out(const ServingMeasurement& row) {
  if (row.deployment.data_parallel > 1) return "data parallel";
  if (row.accelerator == "b200-sxm" && models::gpus(row.deployment) == 1 && !is_fed(row)) return "starved";
  return "";
}

models::WeightPrecision precision_of(const std::string& name) {
  if (name == "fp8") return models::WeightPrecision::fp8;
  if (name == "mxfp4") return models::WeightPrecision::mxfp4;
  return models::WeightPrecision::bf16;
}

/// Mixtures name the GPUs over which experts are dealt; attention is split over the same GPUs.
models::Deployment deployment_of(const MeasurementTable& table, std::size_t row) {
  models::Deployment deployment;
  deployment.precision = precision_of(table.text(row, "weight_precision"));
  deployment.data_parallel = static_cast<int>(table.number(row, "data_parallel"));
  deployment.tensor_parallel = static_cast<int>(table.number(row, "num_gpus")) / deployment.data_parallel;
  deployment.expert_parallel = table.number(row, "expert_parallel") > 1;
  deployment.batch_limit = 1;  // the steady state needs no table of batches
  return deployment;
}

ServingMeasurement measurement_of(const MeasurementTable& table, std::size_t index, const Task& task) {
  ServingMeasurement row;
  row.line = table.line(index);
  row.released_name = table.text(index, "model");
  row.model = catalogue_model(row.released_name);
  row.accelerator = table.text(index, "gpu_model") == "H100" ? "h100-sxm" : "b200-sxm";
  row.task = task.name;
  const std::string architecture = table.text(index, "architecture");
  row.model_class = contains(architecture, "Hybrid") ? ModelClass::hybrid
                    : architecture == "MoE"          ? ModelClass::moe
                                                     : ModelClass::dense;
  row.deployment = deployment_of(table, index);
  row.batch_cap = static_cast<int>(table.number(index, "max_num_seqs"));
  row.load = {.sequences = table.number(index, "avg_batch_size"),
              .prompt_tokens = task.prompt_tokens,
              .output_tokens = table.number(index, "avg_output_len"),
              .generated_share = task.generated_share};
  row.inter_token_s = table.number(index, "median_itl_ms") * 1e-3;
  row.tokens_per_s = table.number(index, "output_throughput_tokens_per_sec");
  row.power_w = table.number(index, "avg_power_watts");
  row.left_out = why_left_out(row);
  row.median_is_decode = row.load.sequences / row.load.output_tokens < most_prompts_an_iteration &&
                         row.load.sequences >= least_batch_share * row.batch_cap;
  return row;
}

}  // namespace

std::vector<ServingMeasurement> read_ml_energy(const std::string& text, const std::string& file_name) {
  const MeasurementTable table(text, file_name,
                               {"model", "task", "architecture", "weight_precision", "gpu_model", "num_gpus",
                                "expert_parallel", "data_parallel", "max_num_seqs", "avg_batch_size", "avg_output_len",
                                "avg_power_watts", "output_throughput_tokens_per_sec", "median_itl_ms"});
  std::vector<ServingMeasurement> rows;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto task = std::ranges::find(tasks, table.text(i, "task"), &Task::name);
    if (task != tasks.end()) rows.push_back(measurement_of(table, i, *task));
  }
  return rows;
}

}  // namespace fleetwatt::analysis
