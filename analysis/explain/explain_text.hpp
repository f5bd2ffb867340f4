// An explanation of a served model as people read it, and as JSON with the same figures unrounded.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "analysis/explain/explain_service.hpp"
#include "analysis/results/screen.hpp"

namespace fleetwatt::analysis {

/// A head, what fits in memory, batches against latency, power and energy, and the parts of three of them.
[[nodiscard]] std::string explanation_text(const ServiceExplanation& explained, const Screen& screen = {});

/// Times in ms, energies in J, memory in GB; the parts of every batch. What is not a number is null.
[[nodiscard]] nlohmann::ordered_json explanation_json(const ServiceExplanation& explained);

}  // namespace fleetwatt::analysis
