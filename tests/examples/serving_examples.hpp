// Models, an accelerator and an engine for tests of serving. The figures are those of scenarios/catalog (models.toml,
// hardware.toml, engines.toml), filled in by hand: tests of the model do not depend on the reader of the catalogue.
#pragma once

#include <cmath>

#include "models/hardware/accelerator.hpp"
#include "models/serving/engine_constants.hpp"
#include "models/serving/iteration_model.hpp"
#include "models/serving/language_model.hpp"

namespace fleetwatt::tests {

inline models::LanguageModel llama_8b() {
  return {.id = "llama-3.1-8b",
          .title = "Llama 3.1 8B",
          .parameters = 8.03e9,
          .dense_read = 7.505e9,
          .layers = 32,
          .hidden = 4096,
          .heads = 32,
          .kv_heads = 8,
          .head_dim = 128};
}

inline models::LanguageModel llama_70b() {
  return {.id = "llama-3.1-70b",
          .title = "Llama 3.1 70B",
          .parameters = 70.55e9,
          .dense_read = 69.5e9,
          .layers = 80,
          .hidden = 8192,
          .heads = 64,
          .kv_heads = 8,
          .head_dim = 128};
}

inline models::LanguageModel llama_405b() {
  return {.id = "llama-3.1-405b",
          .title = "Llama 3.1 405B",
          .parameters = 405.85e9,
          .dense_read = 403.75e9,
          .fp8_parameters = 324.5e9,
          .layers = 126,
          .hidden = 16384,
          .heads = 128,
          .kv_heads = 8,
          .head_dim = 128};
}

inline models::LanguageModel qwen3_30b_a3b() {
  return {.id = "qwen3-30b-a3b",
          .title = "Qwen3 30B-A3B",
          .kernel_family = models::KernelFamily::moe,
          .parameters = 30.54e9,
          .dense_read = 1.23e9,
          .layers = 48,
          .hidden = 2048,
          .heads = 32,
          .kv_heads = 4,
          .head_dim = 128,
          .experts = 128,
          .experts_a_token = 8,
          .moe_layers = 48,
          .expert_parameters = 4.72e6};
}

inline models::LanguageModel mixtral_8x7b() {
  return {.id = "mixtral-8x7b",
          .title = "Mixtral 8x7B",
          .kernel_family = models::KernelFamily::moe,
          .parameters = 46.7e9,
          .dense_read = 1.47e9,
          .layers = 32,
          .hidden = 4096,
          .heads = 32,
          .kv_heads = 8,
          .head_dim = 128,
          .experts = 8,
          .experts_a_token = 2,
          .moe_layers = 32,
          .expert_parameters = 176.2e6};
}

inline models::Accelerator h100() {
  return {.id = "h100-sxm",
          .title = "NVIDIA H100 80 GB SXM5",
          .tdp_w = 700,
          .idle_w = 70,
          .bf16_flop_per_s = 989.4e12,
          .fp8_flop_per_s = 1978.9e12,
          .memory_bytes = 80e9,
          .memory_bytes_per_s = 3.35e12,
          .link_bytes_per_s = 900e9,
          .engine = "vllm-2025-h100"};
}

inline models::EngineConstants vllm_2025_h100() {
  models::EngineConstants engine;
  engine.id = "vllm-2025-h100";
  engine.host_s = 230e-6;
  engine.host_sequence_s = 25e-6;
  engine.memory_fraction = 0.9;
  engine.activation_bytes = 2e9;
  engine.dense = {.layer_s = 76e-6,
                  .layer_sequence_s = 0.020e-6,
                  .parallel_layer_s = 3.5e-6,
                  .fp8_layer_s = 23e-6,
                  .prefill_layer_s = 43e-6,
                  .dense_weight_factor = 1.0,
                  .kv_cache_factor = 1.3,
                  .decode_compute_factor = 1.4,
                  .prefill_compute_factor = 1.5,
                  .network_factor = 1.1,
                  .static_w = 369,
                  .compute_w = 678,
                  .weight_w = 93,
                  .kv_cache_w = 519};
  engine.moe = {.layer_s = 105e-6,
                .layer_sequence_s = 0.14e-6,
                .parallel_layer_s = 13e-6,
                .fp8_layer_s = 4.4e-6,
                .prefill_layer_s = 460e-6,
                .dense_weight_factor = 1.0,
                .expert_weight_factor_bf16 = 1.0,
                .expert_weight_factor_fp8 = 1.14,
                .kv_cache_factor = 1.3,
                .decode_compute_factor = 1.4,
                .decode_expert_compute_factor = 5.9,
                .prefill_compute_factor = 1.5,
                .prefill_expert_compute_factor = 2.3,
                .network_factor = 1.1,
                .static_w = 177,
                .compute_w = 3500,
                .weight_w = 401,
                .kv_cache_w = 795,
                .fp8_expert_w = 2800};
  return engine;
}

/// Every factor 0: a test sets the terms that it looks at.
inline models::KernelConstants no_cost() {
  return {.dense_weight_factor = 0.0,
          .expert_weight_factor_bf16 = 0.0,
          .expert_weight_factor_fp8 = 0.0,
          .kv_cache_factor = 0.0,
          .decode_compute_factor = 0.0,
          .decode_expert_compute_factor = 0.0,
          .prefill_compute_factor = 0.0,
          .prefill_expert_compute_factor = 0.0,
          .network_factor = 0.0};
}

/// Every iteration takes `host_s` and nothing else costs time; a GPU draws static_w in it.
inline models::EngineConstants constant_time_engine(double host_s, double static_w) {
  models::EngineConstants engine;
  engine.host_s = host_s;
  engine.dense = engine.moe = no_cost();
  engine.dense.static_w = engine.moe.static_w = static_w;
  return engine;
}

inline double s_of(models::FineTime fine) {
  return std::ldexp(static_cast<double>(fine), -models::fine_bits);
}

}  // namespace fleetwatt::tests
