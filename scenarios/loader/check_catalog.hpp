// Catalogue entries against themselves: figures that each lie in their range, and together cannot be.
#pragma once

#include "scenarios/loader/load_scenario.hpp"

namespace fleetwatt::scenarios {

/// Reports each fault at its key, whether it stands in the built-in catalogue, the scenario or on the command line.
/// Figures that an entry lacks are no fault here (missing_figures.hpp).
void check_catalog(LoadedScenario& loaded);

/// Of all servers of a cluster, their accelerators at their power limit; both entries must be in the catalogue.
[[nodiscard]] double full_load_w(const Catalog& catalog, const ClusterSpec& cluster);

/// What a hall carries beyond what it is built for before a scenario is refused: what lies between is flagged where it
/// happens in the run.
inline constexpr double most_over_capacity = 1.2;

}  // namespace fleetwatt::scenarios
