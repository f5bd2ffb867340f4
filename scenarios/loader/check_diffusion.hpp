// What can be wrong with a service of images or videos, and with a service whose model is of the other kind.
#pragma once

#include <array>
#include <string>

#include "models/hardware/accelerator.hpp"
#include "scenarios/loader/load_scenario.hpp"

namespace fleetwatt::scenarios {

/// Of a service's keys, those that only language models have.
inline constexpr std::array language_keys = {"precision",       "tensor_parallel",      "pipeline_parallel",
                                             "data_parallel",   "expert_parallel",      "prefill_tokens_per_iteration",
                                             "kv_cache_tokens", "kv_cache_blocks",      "kv_block_tokens",
                                             "over_length",     "context_limit_tokens", "slo.ttft_p99_s",
                                             "slo.tpot_p99_ms", "demand.lengths",       "demand.attachments"};

/// Whether the service's model is in the catalogue and of the service's kind; reports it where it is not.
bool check_model_kind(LoadedScenario& loaded, const std::string& name, const ServiceSpec& service);

/// Keys that mean nothing to such a service, and a size that its model cannot make. The model must be known.
void check_diffusion_service(LoadedScenario& loaded, const std::string& name, const ServiceSpec& service);

/// Engine, layout and memory on one cluster's accelerator.
void check_diffusion_on(LoadedScenario& loaded, const std::string& name, const ServiceSpec& service,
                        const std::string& cluster, const models::Accelerator& accelerator);

}  // namespace fleetwatt::scenarios
