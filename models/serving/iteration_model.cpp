#include "models/serving/iteration_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "sim/error.hpp"

namespace fleetwatt::models {

namespace {

constexpr double flops_a_parameter = 2.0;
constexpr double memory_headroom = 1.10;

/// How unevenly routing loads the ranks: the mean maximum of n standard normals.
double imbalance(int gpus) {
  if (gpus <= 1) return 0.0;
  if (gpus <= 2) return 0.56;
  if (gpus <= 4) return 1.03;
  return 1.42;
}

FineTime fine_from_s(double time_s) {
  return std::llround(std::ldexp(time_s, fine_bits));
}

/// Rounded up: power then stays at or below the limit, also where a rounded time is multiplied by tokens of context.
FineTime fine_rounded_up(double time_s) {
  return static_cast<FineTime>(std::ceil(std::ldexp(time_s, fine_bits)));
}

/// Ideal seconds of one GPU for 2 FLOPs on each of `count` parameters, of which `fp8_count` run at the FP8 peak.
double ideal_flops_s(double count, double fp8_count, const Accelerator& accelerator) {
  const double fp8_rate = accelerator.fp8_flop_per_s > 0.0 ? accelerator.fp8_flop_per_s : accelerator.bf16_flop_per_s;
  return flops_a_parameter * (fp8_count / fp8_rate + (count - fp8_count) / accelerator.bf16_flop_per_s);
}

/// Of one GPU, for weights and cache.
double usable_bytes(const Accelerator& accelerator, const EngineConstants& engine) {
  return engine.memory_fraction * accelerator.memory_bytes - engine.activation_bytes;
}

}  // namespace

int fewest_gpus(const LanguageModel& model, WeightPrecision precision, const Accelerator& accelerator,
                const EngineConstants& engine) {
  int gpus = 1;
  while (gpus * usable_bytes(accelerator, engine) < memory_headroom * weight_bytes(model, precision)) gpus *= 2;
  return gpus;
}

double kv_capacity_tokens(const LanguageModel& model, const Deployment& deployment, const Accelerator& accelerator,
                          const EngineConstants& engine) {
  const double usable = deployment.tensor_parallel * usable_bytes(accelerator, engine);
  return (usable - weight_bytes(model, deployment.precision)) / kv_bytes_a_token(model);
}

IterationModel::IterationModel(const LanguageModel& model, const Accelerator& accelerator,
                               const EngineConstants& engine, const Deployment& deployment)
    : model_(model),
      accelerator_(accelerator),
      engine_(engine),
      kernel_(model.kernel_family == KernelFamily::dense ? engine.dense : engine.moe),
      deployment_(deployment),
      gpus_(deployment.tensor_parallel),
      costed_layers_(model.kernel_family == KernelFamily::dense ? model.layers : model.moe_layers) {
  if (kernel_.static_w >= accelerator.tdp_w) {
    throw sim::OutOfRange(fmt::format("the engine's static power of {} W is not below the power limit of {} W",
                                      kernel_.static_w, accelerator.tdp_w));
  }
  const bool fp8 = deployment.precision == WeightPrecision::fp8;
  const double fp8_dense = fp8 ? 2.0 * model.dense_read - dense_read_bytes(model, deployment.precision) : 0.0;
  const double active_experts = model.expert_parameters * model.experts_a_token * model.moe_layers;
  dense_flops_a_token_s_ = ideal_flops_s(model.dense_read, fp8_dense, accelerator) / gpus_;
  expert_flops_a_token_s_ = ideal_flops_s(active_experts, fp8 ? active_experts : 0.0, accelerator) / gpus_;

  const double capacity = deployment.kv_cache_tokens > 0.0 ? deployment.kv_cache_tokens
                                                           : kv_capacity_tokens(model, deployment, accelerator, engine);
  kv_capacity_ = static_cast<std::int64_t>(std::floor(capacity));

  const double kv_ideal_s =
      kv_bytes_a_token(model) / (std::min(deployment.tensor_parallel, model.kv_heads) * accelerator.memory_bytes_per_s);
  context_ = fine({kernel_.kv_cache_factor * kv_ideal_s, kernel_.kv_cache_w * kv_ideal_s});
  for (int sequences = 0; sequences <= deployment.batch_limit; ++sequences) {
    decode_.push_back(decode_terms(sequences));
    decode_fine_.push_back(fine(decode_.back()));
  }
}

IterationModel::Terms IterationModel::decode_terms(int sequences) const {
  const double b = sequences;
  const bool fp8 = deployment_.precision == WeightPrecision::fp8;
  const double weights_s = dense_read_bytes(model_, deployment_.precision) / (gpus_ * accelerator_.memory_bytes_per_s);
  const double flops_s = dense_flops_a_token_s_ * b;
  const double link_one_way = accelerator_.link_bytes_per_s / 2.0;
  const double network_s = 8.0 * model_.layers * model_.hidden * b * (gpus_ - 1.0) / gpus_ / link_one_way;

  Terms terms;
  terms.time_s =
      engine_.host_s + engine_.host_sequence_s * b + costed_layers_ * (kernel_.layer_s + kernel_.layer_sequence_s * b) +
      (gpus_ > 1.0 ? costed_layers_ * kernel_.parallel_layer_s : 0.0) + kernel_.dense_weight_factor * weights_s +
      kernel_.decode_compute_factor * flops_s + kernel_.network_factor * network_s;
  terms.dynamic_j = kernel_.compute_w * flops_s + kernel_.weight_w * weights_s;
  if (model_.kernel_family == KernelFamily::moe)
    add_experts(sequences, terms);
  else if (fp8)
    terms.time_s += costed_layers_ * kernel_.fp8_layer_s;
  return terms;
}

void IterationModel::add_experts(int sequences, Terms& terms) const {
  const double b = sequences;
  const bool fp8 = deployment_.precision == WeightPrecision::fp8;
  const double z = imbalance(deployment_.tensor_parallel);
  const double local_experts = model_.experts / gpus_;
  const double chosen = 1.0 - std::pow(1.0 - static_cast<double>(model_.experts_a_token) / model_.experts, 0.7 * b);
  const double busiest =
      std::min(local_experts, local_experts * chosen + z * std::sqrt(local_experts * chosen * (1.0 - chosen)));
  const double weights_s =
      model_.moe_layers * expert_bytes(model_, deployment_.precision) * busiest / accelerator_.memory_bytes_per_s;
  const double flops_s = sequences == 0 ? 0.0 : expert_flops_a_token_s_ * b;
  const double unevenness = sequences == 0 ? 1.0 : 1.0 + z * std::sqrt(gpus_ / (b * model_.experts_a_token));

  terms.time_s += (fp8 ? kernel_.expert_weight_factor_fp8 : kernel_.expert_weight_factor_bf16) * weights_s +
                  kernel_.decode_expert_compute_factor * flops_s * unevenness;
  terms.dynamic_j += kernel_.weight_w * weights_s + kernel_.compute_w * flops_s;
  if (!fp8) return;
  terms.time_s += model_.moe_layers * local_experts * kernel_.fp8_layer_s;
  terms.dynamic_j += kernel_.fp8_expert_w * model_.moe_layers * local_experts * 1e-6;
}

double IterationModel::experts_touched(double tokens) const {
  return model_.experts * (1.0 - std::pow(1.0 - static_cast<double>(model_.experts_a_token) / model_.experts, tokens));
}

void IterationModel::add_prefill(const Batch& batch, Terms& terms) const {
  const double p = batch.prompt_tokens;
  const double attention_s =
      4.0 * model_.layers * model_.hidden * batch.prompt_pairs / (gpus_ * accelerator_.bf16_flop_per_s);
  const double link_one_way = accelerator_.link_bytes_per_s / 2.0;
  const double network_s = 8.0 * model_.layers * model_.hidden * p * (gpus_ - 1.0) / gpus_ / link_one_way;
  terms.time_s += costed_layers_ * kernel_.prefill_layer_s + kernel_.network_factor * network_s +
                  kernel_.prefill_compute_factor * (p * dense_flops_a_token_s_ + attention_s) +
                  kernel_.prefill_expert_compute_factor * p * expert_flops_a_token_s_;
  terms.dynamic_j += kernel_.compute_w * (p * (dense_flops_a_token_s_ + expert_flops_a_token_s_) + attention_s);
  if (model_.kernel_family != KernelFamily::moe) return;
  const double more_experts = experts_touched(batch.sequences + p) - experts_touched(batch.sequences);
  const double weights_s = model_.moe_layers * more_experts * expert_bytes(model_, deployment_.precision) /
                           (gpus_ * accelerator_.memory_bytes_per_s);
  const bool fp8 = deployment_.precision == WeightPrecision::fp8;
  terms.time_s += (fp8 ? kernel_.expert_weight_factor_fp8 : kernel_.expert_weight_factor_bf16) * weights_s;
  terms.dynamic_j += kernel_.weight_w * weights_s;
}

IterationModel::FineTerms IterationModel::fine(const Terms& terms) const {
  const double headroom_w = accelerator_.tdp_w - kernel_.static_w;
  return {fine_from_s(terms.time_s), fine_rounded_up(terms.dynamic_j / headroom_w), terms.dynamic_j};
}

IterationCost IterationModel::cost(const Batch& batch) const {
  assert(batch.sequences >= 0 && batch.sequences <= deployment_.batch_limit);
  const auto sequences = static_cast<std::size_t>(batch.sequences);
  FineTerms terms = decode_fine_[sequences];
  if (batch.prompt_tokens > 0) {
    Terms with_prefill = decode_[sequences];
    add_prefill(batch, with_prefill);
    terms = fine(with_prefill);
  }
  const FineTime time = terms.time + context_.time * batch.context_tokens;
  const FineTime limited = terms.limited_time + context_.limited_time * batch.context_tokens;
  const FineTime taken = std::max(time, limited);
  const double dynamic_j = terms.dynamic_j + context_.dynamic_j * static_cast<double>(batch.context_tokens);
  const double static_j = kernel_.static_w * std::ldexp(static_cast<double>(taken), -fine_bits);
  return {taken, gpus_ * (static_j + dynamic_j)};
}

}  // namespace fleetwatt::models
