// What a run's reader should know before trusting it, said from what the run counted. Physics counts; words are formed
// here.
#pragma once

#include "models/fleet/fleet_result.hpp"

namespace fleetwatt::models {

/// Flags of services, then of clusters, then of sites, in order of name; those that building the fleet has shown are
/// not among them.
[[nodiscard]] std::vector<Flag> flags_of_run(const Fleet& fleet, const FleetResult& result);

}  // namespace fleetwatt::models
