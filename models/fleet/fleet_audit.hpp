// The conservation laws of a run. Each has two sides that were gathered by different code: meters against counts,
// hourly bins against totals, owners against the utility's meter, sites against regions.
#pragma once

#include "models/fleet/fleet_result.hpp"

namespace fleetwatt::models {

[[nodiscard]] sim::Audit audit(const Fleet& fleet, const FleetResult& result);

}  // namespace fleetwatt::models
