// Constants of a serving engine on one kind of accelerator: what a roofline misses. The form that they stand in is
// written out in iteration_model.hpp; the figures are in scenarios/catalog/engines.toml.
#pragma once

#include <string>

#include "sim/provenance.hpp"

namespace fleetwatt::models {

/// Constants of one kernel family (dense, mixture of experts). Times in seconds; `_factor` multiplies an ideal time at
/// peak rate.
struct KernelConstants {
  double layer_s = 0.0;              ///< each layer and iteration
  double layer_sequence_s = 0.0;     ///< each layer and sequence
  double parallel_layer_s = 0.0;     ///< each layer, when more than one GPU
  double fp8_layer_s = 0.0;          ///< each layer with FP8 weights; for experts: each layer and local expert
  double prefill_layer_s = 0.0;      ///< each layer of an iteration that carries prompt tokens
  double dense_weight_factor = 1.0;  ///< reading weights outside the experts
  double expert_weight_factor_bf16 = 1.0;
  double expert_weight_factor_fp8 = 1.0;
  double kv_cache_factor = 1.0;
  double decode_compute_factor = 1.0;
  double decode_expert_compute_factor = 1.0;
  double prefill_compute_factor = 1.0;
  double prefill_expert_compute_factor = 1.0;
  double network_factor = 1.0;
  double static_w = 0.0;      ///< a GPU with a resident kernel, whatever it does
  double compute_w = 0.0;     ///< joules per ideal second of arithmetic
  double weight_w = 0.0;      ///< joules per ideal second of reading weights
  double kv_cache_w = 0.0;    ///< joules per ideal second of reading the cache
  double fp8_expert_w = 0.0;  ///< joules per second of (layers * local experts) microseconds, FP8 experts only
};

struct EngineConstants {
  std::string id;
  std::string title;
  std::string accelerator;        ///< the accelerator on which they were calibrated
  double host_s = 0.0;            ///< each iteration
  double host_sequence_s = 0.0;   ///< each sequence of an iteration
  double memory_fraction = 0.9;   ///< of GPU memory that the engine may use
  double activation_bytes = 2e9;  ///< kept free on each GPU for activations
  KernelConstants dense;
  KernelConstants moe;
  sim::Basis basis = sim::Basis::assumed;
};

}  // namespace fleetwatt::models
