#include "models/serving/deployment.hpp"

namespace fleetwatt::models {

namespace {

constexpr double memory_headroom = 1.10;

}  // namespace

double usable_bytes(const Accelerator& accelerator, const EngineConstants& engine) {
  return engine.memory_fraction * accelerator.memory_bytes - engine.activation_bytes;
}

double weight_bytes_a_gpu(const LanguageModel& model, const Deployment& deployment) {
  const double experts = expert_bytes(model, deployment.precision) * model.experts * model.moe_layers;
  const double others = weight_bytes(model, deployment.precision) - experts;
  const int layer_ways = deployment.tensor_parallel * deployment.pipeline_parallel;
  return others / layer_ways + experts / gpus(deployment);
}

int fewest_gpus(const LanguageModel& model, WeightPrecision precision, const Accelerator& accelerator,
                const EngineConstants& engine) {
  int count = 1;
  while (count * usable_bytes(accelerator, engine) < memory_headroom * weight_bytes(model, precision)) count *= 2;
  return count;
}

double kv_capacity_tokens(const LanguageModel& model, const Deployment& deployment, const Accelerator& accelerator,
                          const EngineConstants& engine) {
  const double spare = usable_bytes(accelerator, engine) - weight_bytes_a_gpu(model, deployment);
  const int ways = kv_ways(model, deployment.tensor_parallel) * deployment.pipeline_parallel * deployment.data_parallel;
  return spare * ways / kv_bytes_a_token(model);
}

}  // namespace fleetwatt::models
