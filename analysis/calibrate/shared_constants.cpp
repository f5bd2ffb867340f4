#include "analysis/calibrate/shared_constants.hpp"

namespace fleetwatt::analysis {

namespace {

using namespace sets;

constexpr double us = 1e-6;
constexpr bool shared = false;
constexpr bool by_engine = true;

}  // namespace

const std::vector<Unknown>& time_unknowns() {
  static const std::vector<Unknown> unknowns = {
      {"iteration", shared, 230 * us, 0.5, {{all_families, "iteration_us"}}},
      {"sequence", shared, 20 * us, 0.5, {{all_families, "sequence_us"}}},
      {"prompt", shared, 500 * us, 1.0, {{all_families, "prompt_us"}}},
      {"dense layer", shared, 76 * us, 0.25, {{dense, "layer_us"}, {mixtures, "dense_layer_us"}}},
      {"hybrid layer", shared, 55 * us, 0.4, {{hybrid, "layer_us"}}},
      {"mixture layer", shared, 105 * us, 0.2, {{moe, "layer_us"}}},
      {"MXFP4 layer", shared, 105 * us, 0.3, {{moe_mxfp4, "layer_us"}}, "mixture layer"},
      {"latent-attention layer", shared, 105 * us, 0.5, {{moe_latent, "layer_us"}}, "mixture layer"},
      {"chunked-attention layer", shared, 105 * us, 4.0, {{moe_chunked, "layer_us"}}, "mixture layer"},
      {"dense layer, sequence", shared, 0.10 * us, 1.0, {{dense, "layer_sequence_us"}}},
      {"hybrid layer, sequence", shared, 0.10 * us, 1.0, {{hybrid, "layer_sequence_us"}}},
      {"mixture layer, sequence", shared, 0.20 * us, 1.0, {{mixtures, "layer_sequence_us"}}},
      {"dense layer, parallel", shared, 3 * us, 0.5, {{dense | hybrid, "parallel_layer_us"}}},
      {"mixture layer, parallel", shared, 10 * us, 0.5, {{mixtures, "parallel_layer_us"}}},
      {"FP8 layer", shared, 20 * us, 0.25, {{all_families, "fp8_layer_us"}}},
      {"FP8 layer, sequence", by_engine, 0.05 * us, 1.0, {{all_families, "fp8_layer_sequence_us"}}},
      {"FP8 local expert", by_engine, 3.4 * us, 0.25, {{mixtures, "fp8_local_expert_us"}}},
      {"untuned layer", by_engine, 60 * us, 1.0, {{mixtures, "untuned_layer_us"}}},
      {"untuned expert weights", by_engine, 0.4, 1.0, {{mixtures, "untuned_expert_weight_factor"}}},
      {"dense prefill layer", shared, 50 * us, 1.0, {{dense, "prefill_layer_us"}}},
      {"hybrid prefill layer", shared, 300 * us, 1.0, {{hybrid, "prefill_layer_us"}}},
      {"mixture prefill layer", shared, 400 * us, 0.5, {{mixtures, "prefill_layer_us"}}},
      {"dense weights", by_engine, 1.1, 0.15, {{all_families, "dense_weight_factor"}}},
      {"BF16 experts", by_engine, 1.3, 0.25, {{mixtures, "expert_weight_factor_bf16"}}},
      {"FP8 experts", by_engine, 0.9, 0.15, {{mixtures, "expert_weight_factor_fp8"}}},
      {"4-bit experts", by_engine, 1.15, 0.3, {{mixtures, "expert_weight_factor_4bit"}}},
      {"cache", by_engine, 1.3, 0.2, {{all_families, "kv_cache_factor"}}},
      {"recurrent state", by_engine, 1.1, 0.3, {{hybrid, "state_factor"}}},
      {"compute", by_engine, 1.3, 0.5, {{all_families, "compute_factor"}}},
      {"FP8 compute", by_engine, 1.5, 0.8, {{all_families, "compute_factor_fp8"}}},
      {"expert compute", by_engine, 1.7, 1.5, {{moe | moe_latent | moe_chunked, "expert_compute_factor"}}},
      {"4-bit expert compute", by_engine, 4.5, 1.0, {{moe_mxfp4, "expert_compute_factor"}}},
      {"prefill compute",
       by_engine,
       1.5,
       0.3,
       {{all_families, "prefill_compute_factor"}, {all_families, "prefill_attention_factor"}}},
      {"FP8 prefill compute", by_engine, 2.0, 0.4, {{all_families, "prefill_compute_factor_fp8"}}},
      {"prefill of experts", by_engine, 3.0, 0.5, {{moe | moe_latent | moe_chunked, "prefill_expert_compute_factor"}}},
      {"prefill of 4-bit experts", by_engine, 3.0, 1.0, {{moe_mxfp4, "prefill_expert_compute_factor"}}},
      {"prefill of FP8 experts", by_engine, 1.5, 1.0, {{mixtures, "prefill_expert_compute_factor_fp8"}}},
      {"network", by_engine, 1.0, 0.3, {{all_families, "network_factor"}}}};
  return unknowns;
}

const std::vector<Unknown>& power_unknowns() {
  static const std::vector<Unknown> unknowns = {
      {"dense resident", by_engine, 250, 0.2, {{dense, "resident_w"}}},
      {"dense compute", by_engine, 440, 0.3, {{dense, "compute_w"}}},
      {"dense weights", by_engine, 260, 0.6, {{dense, "weight_w"}}},
      {"dense cache", by_engine, 560, 0.3, {{dense, "kv_cache_w"}}},
      {"hybrid resident", by_engine, 270, 1.0, {{hybrid, "resident_w"}}},
      {"hybrid compute", by_engine, 650, 1.0, {{hybrid, "compute_w"}}},
      {"hybrid weights", by_engine, 250, 1.0, {{hybrid, "weight_w"}}},
      {"hybrid cache", by_engine, 600, 2.0, {{hybrid, "kv_cache_w"}}},
      {"mixture resident", by_engine, 200, 0.2, {{mixtures, "resident_w"}}},
      {"mixture compute", by_engine, 800, 0.3, {{mixtures, "compute_w"}}},
      {"mixture weights", by_engine, 450, 0.5, {{mixtures, "weight_w"}}},
      {"mixture cache", by_engine, 700, 0.3, {{mixtures, "kv_cache_w"}}},
      {"FP8 experts", by_engine, 2500, 0.6, {{mixtures, "fp8_expert_w"}}},
      {"unpacked experts", by_engine, 3000, 1.0, {{mixtures, "unpacked_expert_w"}}}};
  return unknowns;
}

}  // namespace fleetwatt::analysis
