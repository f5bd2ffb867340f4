// How a model is laid out on GPUs, and what it takes of their memory.
#pragma once

#include "models/hardware/accelerator.hpp"
#include "models/serving/engine_constants.hpp"
#include "models/serving/language_model.hpp"

namespace fleetwatt::models {

/// A replica is data_parallel ranks of pipeline_parallel stages of tensor_parallel GPUs.
struct Deployment {
  WeightPrecision precision = WeightPrecision::bf16;
  int tensor_parallel = 1;                  ///< GPUs over which each layer is split
  int pipeline_parallel = 1;                ///< stages over which the layers are dealt
  int data_parallel = 1;                    ///< copies of all but the experts, each with its part of the batch
  bool expert_parallel = true;              ///< whole experts dealt over GPUs; false: each expert split over all
  int batch_limit = 256;                    ///< sequences in flight
  int prefill_tokens_per_iteration = 2048;  ///< decoding sequences count against it, as in chunked prefill
  double kv_cache_tokens = 0.0;             ///< capacity; 0 = from memory
};

/// GPUs of a replica.
[[nodiscard]] inline int gpus(const Deployment& deployment) {
  return deployment.tensor_parallel * deployment.pipeline_parallel * deployment.data_parallel;
}

/// Memory of one GPU that weights and cache may use.
[[nodiscard]] double usable_bytes(const Accelerator& accelerator, const EngineConstants& engine);

/// Weights on one GPU: its share of the layers; experts are shared over the data-parallel copies as well.
[[nodiscard]] double weight_bytes_a_gpu(const LanguageModel& model, const Deployment& deployment);

/// GPUs (tensor parallel) whose usable memory holds the weights and ten per cent more: the smallest power of two.
[[nodiscard]] int fewest_gpus(const LanguageModel& model, WeightPrecision precision, const Accelerator& accelerator,
                              const EngineConstants& engine);

/// Tokens of cache beside the weights, over the replica: (usable memory - weights) / bytes a token; negative when the
/// weights do not fit. Window layers count as if every token lay inside the window, as engines without a separate pool
/// for them reserve it.
[[nodiscard]] double kv_capacity_tokens(const LanguageModel& model, const Deployment& deployment,
                                        const Accelerator& accelerator, const EngineConstants& engine);

}  // namespace fleetwatt::models
