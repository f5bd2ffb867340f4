#include "models/serving/language_model.hpp"

#include <algorithm>

namespace fleetwatt::models {

namespace {

constexpr double bf16_bytes = 2.0;

double all_expert_parameters(const LanguageModel& model) {
  return model.expert_parameters * model.experts * model.moe_layers;
}

}  // namespace

KernelFamily kernel_family(const LanguageModel& model, WeightPrecision precision) {
  return is_mixture(model) && precision == WeightPrecision::mxfp4 ? KernelFamily::moe_mxfp4 : model.kernel_family;
}

int full_attention_layers(const LanguageModel& model) {
  return model.full_attention_layers.value_or(model.layers - model.window_layers);
}

double bytes_a_parameter(WeightPrecision precision) {
  switch (precision) {
    case WeightPrecision::fp8:
      return 1.0;
    case WeightPrecision::mxfp4:
      return (4.0 + 8.0 / 32.0) / 8.0;
    case WeightPrecision::int4:
      return (4.0 + (16.0 + 4.0) / 128.0) / 8.0;
    case WeightPrecision::bf16:
      break;
  }
  return bf16_bytes;
}

double reduced_dense_parameters(const LanguageModel& model, WeightPrecision precision) {
  if (precision == WeightPrecision::bf16) return 0.0;
  if (precision == WeightPrecision::mxfp4 && is_mixture(model)) return 0.0;  // only the experts are
  const double head = static_cast<double>(model.vocabulary) * model.hidden;
  const double all_but_head = std::max(model.dense_read - head, 0.0);
  if (precision == WeightPrecision::fp8) return model.fp8_dense_parameters.value_or(all_but_head);
  return all_but_head;
}

double weight_bytes(const LanguageModel& model, WeightPrecision precision) {
  const double experts = all_expert_parameters(model);
  const double reduced = reduced_dense_parameters(model, precision);
  return (experts + reduced) * bytes_a_parameter(precision) + (model.parameters - experts - reduced) * bf16_bytes;
}

double dense_read_bytes(const LanguageModel& model, WeightPrecision precision) {
  const double reduced = reduced_dense_parameters(model, precision);
  return reduced * bytes_a_parameter(precision) + (model.dense_read - reduced) * bf16_bytes;
}

double expert_bytes(const LanguageModel& model, WeightPrecision precision) {
  return model.expert_parameters * bytes_a_parameter(precision);
}

double kv_bytes_a_token_and_layer(const LanguageModel& model) {
  if (model.latent_values > 0) return model.latent_values * bf16_bytes;
  return 2.0 * model.kv_heads * model.head_dim * bf16_bytes;
}

double kv_bytes_a_token(const LanguageModel& model) {
  return (full_attention_layers(model) + model.window_layers) * kv_bytes_a_token_and_layer(model);
}

int kv_ways(const LanguageModel& model, int tensor_parallel) {
  return model.latent_values > 0 ? 1 : std::min(tensor_parallel, model.kv_heads);
}

}  // namespace fleetwatt::models
