// How an image or video service runs on an accelerator: its size, its engine and its layout, from the scenario and the
// catalogue.
#pragma once

#include <string>

#include "models/diffusion/batch_table.hpp"
#include "scenarios/schema/scenario.hpp"

namespace fleetwatt::scenarios {

/// The service's engine, or the accelerator's; empty where there is none.
[[nodiscard]] std::string diffusion_engine_name(const ServiceSpec& spec, const models::Accelerator& accelerator);

[[nodiscard]] models::DiffusionModel diffusion_model_from(const Catalog& catalog, const std::string& name);
[[nodiscard]] models::DiffusionEngine diffusion_engine_from(const Catalog& catalog, const std::string& name);

[[nodiscard]] models::DiffusionLayout layout_of(const DiffusionSpec& spec);

/// What is asked for; the model's own where the scenario does not say.
[[nodiscard]] models::MediaSize media_size(const DiffusionSpec& spec, const models::DiffusionModel& model);

/// `spec.diffusion` must be there, model and engine in the catalogue. An engine of another part keeps its factors; its
/// power is carried over.
[[nodiscard]] models::DiffusionDeployment diffusion_deployment(const Catalog& catalog, const ServiceSpec& spec,
                                                               const models::Accelerator& accelerator);

/// GPUs of one replica of a service, of whatever kind, on an accelerator.
[[nodiscard]] int gpus_a_replica(const Catalog& catalog, const ServiceSpec& spec,
                                 const models::Accelerator& accelerator);

}  // namespace fleetwatt::scenarios
