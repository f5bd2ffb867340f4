// Catalogue entries of a scenario's own may be made from nothing: what a model cannot do without is then asked for by
// name, rather than taken as 0.
#pragma once

#include <string>
#include <vector>

#include "scenarios/schema/scenario.hpp"

namespace fleetwatt::scenarios {

/// Keys of the entry that it lacks, in the order of the format; empty for an entry that can be used.
[[nodiscard]] std::vector<std::string> missing_figures(const ServerEntry& entry);
[[nodiscard]] std::vector<std::string> missing_figures(const AcceleratorEntry& entry);
[[nodiscard]] std::vector<std::string> missing_figures(const ModelEntry& entry);
/// Twelve months each.
[[nodiscard]] std::vector<std::string> missing_figures(const DiffusionModelEntry& entry);
[[nodiscard]] std::vector<std::string> missing_figures(const ClimateEntry& entry);

}  // namespace fleetwatt::scenarios
