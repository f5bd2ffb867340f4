#include "scenarios/loader/diffusion_plan.hpp"

#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/loader/service_plan.hpp"

namespace fleetwatt::scenarios {

std::string diffusion_engine_name(const ServiceSpec& spec, const models::Accelerator& accelerator) {
  return spec.engine.empty() ? accelerator.diffusion_engine : spec.engine;
}

models::DiffusionModel diffusion_model_from(const Catalog& catalog, const std::string& name) {
  auto model = static_cast<const models::DiffusionModel&>(catalog.diffusion_model.at(name));
  model.id = name;
  return model;
}

models::DiffusionEngine diffusion_engine_from(const Catalog& catalog, const std::string& name) {
  auto engine = static_cast<const models::DiffusionEngine&>(catalog.diffusion_engine.at(name));
  engine.id = name;
  return engine;
}

models::DiffusionLayout layout_of(const DiffusionSpec& spec) {
  return {spec.ulysses_parallel, spec.ring_parallel};
}

models::MediaSize media_size(const DiffusionSpec& spec, const models::DiffusionModel& model) {
  return {.steps = spec.steps.value_or(model.steps),
          .width_px = spec.width_px.value_or(model.width_px),
          .height_px = spec.height_px.value_or(model.height_px),
          .frames = spec.frames.value_or(model.frames)};
}

models::DiffusionDeployment diffusion_deployment(const Catalog& catalog, const ServiceSpec& spec,
                                                 const models::Accelerator& accelerator) {
  models::DiffusionDeployment deployment{
      .model = diffusion_model_from(catalog, spec.model),
      .accelerator = accelerator,
      .engine = diffusion_engine_from(catalog, diffusion_engine_name(spec, accelerator)),
      .layout = layout_of(*spec.diffusion),
      .size = {},
      .batch_limit = spec.batch_limit.value_or(1)};
  deployment.size = media_size(*spec.diffusion, deployment.model);
  const std::string& measured_on = deployment.engine.accelerator;
  if (measured_on == accelerator.id) return deployment;
  deployment.engine.basis = sim::weakest(deployment.engine.basis, sim::Basis::modelled);  // fitted to another part
  if (catalog.accelerator.contains(measured_on))
    deployment.engine =
        models::with_carried_power(deployment.engine, accelerator_from(catalog, measured_on), accelerator);
  return deployment;
}

int gpus_a_replica(const Catalog& catalog, const ServiceSpec& spec, const models::Accelerator& accelerator) {
  if (spec.diffusion) return models::gpus(layout_of(*spec.diffusion));
  return models::gpus(
      deployment_of(spec, model_from(catalog, spec.model), accelerator, engine_for(catalog, spec, accelerator)));
}

}  // namespace fleetwatt::scenarios
