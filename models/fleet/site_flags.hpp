// What a reader should know of one site before trusting a run: plant or power chain beyond their ratings, a hall of the
// wrong size, weather that the plant's model does not know.
#pragma once

#include "models/fleet/fleet_result.hpp"

namespace fleetwatt::models {

void flag_site(const Fleet& fleet, const FleetResult& result, SiteId id, std::vector<Flag>& flags);

}  // namespace fleetwatt::models
