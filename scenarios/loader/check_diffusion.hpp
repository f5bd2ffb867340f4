// What can be wrong with a service of images or videos, and with a service whose model is of the other kind.
#pragma once

#include <string>

#include "models/hardware/accelerator.hpp"
#include "scenarios/loader/load_scenario.hpp"

namespace fleetwatt::scenarios {

/// Whether the service's model is in the catalogue and of the service's kind; reports it where it is not.
bool check_model_kind(LoadedScenario& loaded, const std::string& name, const ServiceSpec& service);

/// Keys that mean nothing to such a service, and a size that its model cannot make. The model must be known.
void check_diffusion_service(LoadedScenario& loaded, const std::string& name, const ServiceSpec& service);

/// Engine, layout and memory on one cluster's accelerator.
void check_diffusion_on(LoadedScenario& loaded, const std::string& name, const ServiceSpec& service,
                        const std::string& cluster, const models::Accelerator& accelerator);

}  // namespace fleetwatt::scenarios
