// Where a deployment leaves the measurements that its engine's constants rest on.
#pragma once

#include <string>
#include <vector>

#include "models/serving/deployment.hpp"

namespace fleetwatt::models {

/// One sentence for each way in which it does; none where it stays inside.
[[nodiscard]] std::vector<std::string> beyond_calibration(const LanguageModel& model, const Deployment& deployment,
                                                          const Accelerator& accelerator,
                                                          const EngineConstants& engine);

/// Whether weights are of a precision whose bytes and rates no measurement has seen.
[[nodiscard]] bool has_unmeasured_weights(const LanguageModel& model, WeightPrecision precision);

/// Tensor parallel over more GPUs than a server has: the accelerator's link counts, and there is no such link between
/// servers. One sentence, or none.
[[nodiscard]] std::vector<std::string> beyond_a_server(const Deployment& deployment, int gpus_a_server);

}  // namespace fleetwatt::models
