#include "scenarios/loader/service_plan.hpp"

#include <algorithm>

#include "models/serving/carried_power.hpp"
#include "scenarios/loader/catalog_lookup.hpp"

namespace fleetwatt::scenarios {

std::string engine_name(const ServiceSpec& spec, const models::Accelerator& accelerator) {
  return spec.engine.empty() ? accelerator.engine : spec.engine;
}

models::EngineConstants engine_for(const Catalog& catalog, const ServiceSpec& spec,
                                   const models::Accelerator& accelerator) {
  auto engine = engine_from(catalog, engine_name(spec, accelerator));
  if (spec.demand.attachments) engine.host.attachment = spec.demand.attachments->encoder_s;
  if (engine.accelerator == accelerator.id) return engine;
  engine.basis = sim::weakest(engine.basis, sim::Basis::modelled);  // fitted to another part
  if (!catalog.accelerator.contains(engine.accelerator)) return engine;
  return models::with_carried_power(engine, accelerator_from(catalog, engine.accelerator), accelerator);
}

models::Deployment deployment_of(const ServiceSpec& spec, const models::LanguageModel& model,
                                 const models::Accelerator& accelerator, const models::EngineConstants& engine) {
  models::Deployment deployment;
  deployment.precision = spec.precision;
  deployment.pipeline_parallel = spec.pipeline_parallel;
  deployment.data_parallel = spec.data_parallel;
  const int fewest = models::fewest_gpus(model, spec.precision, accelerator, engine);
  deployment.tensor_parallel = spec.tensor_parallel.value_or(std::max(fewest / spec.pipeline_parallel, 1));
  deployment.expert_parallel = spec.expert_parallel.value_or(spec.precision != models::WeightPrecision::mxfp4);
  deployment.batch_limit = spec.batch_limit.value_or(deployment.batch_limit);
  deployment.prefill_tokens_per_iteration = spec.prefill_tokens_per_iteration;
  deployment.kv_cache_tokens =
      spec.kv_cache_blocks ? *spec.kv_cache_blocks * spec.kv_block_tokens : spec.kv_cache_tokens.value_or(0.0);
  return deployment;
}

}  // namespace fleetwatt::scenarios
