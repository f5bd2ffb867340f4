// Whether a model's weights and one request's cache fit the memory of the GPUs that it is laid out on; in words, by how
// much they do not and what would.
#pragma once

#include <optional>
#include <string>

#include "models/serving/deployment.hpp"

namespace fleetwatt::models {

/// Empty where the weights leave room for cache; else one sentence with the figures.
[[nodiscard]] std::optional<std::string> memory_shortage(const LanguageModel& model, const Deployment& deployment,
                                                         const Accelerator& accelerator, const EngineConstants& engine);

/// Ways out of a shortage: more GPUs in this precision, fewer bytes a weight on these.
[[nodiscard]] std::string what_would_fit(const LanguageModel& model, const Deployment& deployment,
                                         const Accelerator& accelerator, const EngineConstants& engine);

}  // namespace fleetwatt::models
