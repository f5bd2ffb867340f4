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
          .vocabulary = 128256,
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
          .vocabulary = 128256,
          .heads = 64,
          .kv_heads = 8,
          .head_dim = 128};
}

inline models::LanguageModel llama_405b() {
  return {.id = "llama-3.1-405b",
          .title = "Llama 3.1 405B",
          .parameters = 405.85e9,
          .dense_read = 403.75e9,
          .fp8_dense_parameters = 324.5e9,
          .layers = 126,
          .hidden = 16384,
          .vocabulary = 128256,
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
          .vocabulary = 151936,
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
          .vocabulary = 32000,
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

/// Constants of the size of the catalogue's, rounded, so that worked numbers stay when the catalogue is fitted again.
inline models::EngineConstants rounded_h100_engine() {
  models::EngineConstants engine;
  engine.id = "rounded-h100";
  engine.accelerator = "h100-sxm";
  engine.host = {.iteration = 230e-6, .sequence = 25e-6, .prompt = 500e-6};
  engine.dense = {.time = {.layer = 76e-6,
                           .layer_sequence = 0.020e-6,
                           .parallel_layer = 3.5e-6,
                           .fp8_layer = 23e-6,
                           .prefill_layer = 43e-6,
                           .dense_weights = 1.0,
                           .kv_cache = 1.3,
                           .compute = 1.4,
                           .compute_fp8 = 1.5,
                           .prefill_compute = 1.5,
                           .prefill_compute_fp8 = 2.0,
                           .prefill_attention = 1.5,
                           .network = 1.1},
                  .power = {.resident = 240, .compute = 640, .weights = 200, .kv_cache = 600}};
  engine.moe = {.time = {.layer = 105e-6,
                         .layer_sequence = 0.14e-6,
                         .dense_layer = 76e-6,
                         .parallel_layer = 13e-6,
                         .fp8_layer = 23e-6,
                         .fp8_local_expert = 4.4e-6,
                         .untuned_layer = 30e-6,
                         .prefill_layer = 460e-6,
                         .dense_weights = 1.0,
                         .expert_weights_bf16 = 1.1,
                         .expert_weights_fp8 = 1.14,
                         .expert_weights_4bit = 1.2,
                         .untuned_expert_weights = 0.2,
                         .kv_cache = 1.3,
                         .compute = 1.4,
                         .compute_fp8 = 1.5,
                         .expert_compute = 1.9,
                         .prefill_compute = 1.5,
                         .prefill_compute_fp8 = 2.0,
                         .prefill_attention = 1.5,
                         .prefill_expert_compute = 3.0,
                         .prefill_expert_compute_fp8 = 1.5,
                         .network = 1.1},
                .power = {.resident = 180,
                          .compute = 870,
                          .weights = 340,
                          .kv_cache = 700,
                          .fp8_experts = 2300,
                          .unpacked_experts = 2600}};
  return engine;
}

/// Every iteration takes `host_s` and nothing else costs time; a GPU draws resident_w in it.
inline models::EngineConstants constant_time_engine(double host_s, double resident_w) {
  models::EngineConstants engine;
  engine.host.iteration = host_s;
  engine.dense.emplace().power.resident = resident_w;
  engine.moe.emplace().power.resident = resident_w;
  return engine;
}

inline double s_of(models::FineTime fine) {
  return std::ldexp(static_cast<double>(fine), -models::fine_bits);
}

}  // namespace fleetwatt::tests
