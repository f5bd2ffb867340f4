// How a service stands on a cluster's accelerators: its engine's constants and its layout, with the scenario's defaults
// filled in. Checks and builders read the same plan.
#pragma once

#include "models/serving/deployment.hpp"
#include "scenarios/schema/scenario.hpp"

namespace fleetwatt::scenarios {

/// The engine that the service names, else the accelerator's; empty where there is none.
[[nodiscard]] std::string engine_name(const ServiceSpec& spec, const models::Accelerator& accelerator);

/// The catalogue must have the engine. On another part than it was calibrated on, its power is carried over
/// (models/serving/carried_power.hpp), and it is modelled at best.
[[nodiscard]] models::EngineConstants engine_for(const Catalog& catalog, const ServiceSpec& spec,
                                                 const models::Accelerator& accelerator);

/// `tensor_parallel` absent: the fewest GPUs, a power of two, that hold the weights and ten per cent, over the stages.
[[nodiscard]] models::Deployment deployment_of(const ServiceSpec& spec, const models::LanguageModel& model,
                                               const models::Accelerator& accelerator,
                                               const models::EngineConstants& engine);

}  // namespace fleetwatt::scenarios
