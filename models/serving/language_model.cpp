#include "models/serving/language_model.hpp"

#include <algorithm>

namespace fleetwatt::models {

namespace {

constexpr double bf16_bytes = 2.0;
constexpr double fp8_bytes = 1.0;

/// Bytes of `count` parameters of which the checkpoint's FP8 part, as far as it reaches, takes one byte each.
double mixed_bytes(double count, double fp8_count) {
  const double in_fp8 = std::min(count, fp8_count);
  return in_fp8 * fp8_bytes + (count - in_fp8) * bf16_bytes;
}

double all_expert_parameters(const LanguageModel& model) {
  return model.expert_parameters * model.experts * model.moe_layers;
}

double fp8_dense_parameters(const LanguageModel& model) {
  if (model.fp8_parameters > 0.0) return model.fp8_parameters;
  return model.dense_read;
}

}  // namespace

double weight_bytes(const LanguageModel& model, WeightPrecision precision) {
  if (precision == WeightPrecision::bf16) return model.parameters * bf16_bytes;
  const double experts = all_expert_parameters(model);
  return experts * fp8_bytes + mixed_bytes(model.parameters - experts, fp8_dense_parameters(model));
}

double dense_read_bytes(const LanguageModel& model, WeightPrecision precision) {
  if (precision == WeightPrecision::bf16) return model.dense_read * bf16_bytes;
  return mixed_bytes(model.dense_read, fp8_dense_parameters(model));
}

double expert_bytes(const LanguageModel& model, WeightPrecision precision) {
  return model.expert_parameters * (precision == WeightPrecision::bf16 ? bf16_bytes : fp8_bytes);
}

double kv_bytes_a_token(const LanguageModel& model) {
  return 2.0 * model.layers * model.kv_heads * model.head_dim * bf16_bytes;
}

}  // namespace fleetwatt::models
