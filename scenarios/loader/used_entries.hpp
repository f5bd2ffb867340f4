// Which entries of the catalogue a scenario rests on.
#pragma once

#include <set>
#include <string>

#include "scenarios/schema/scenario.hpp"

namespace fleetwatt::scenarios {

/// `catalog.KIND.NAME` of the entries that the scenario uses, those that other entries name among them.
[[nodiscard]] std::set<std::string> used_entries(const Scenario& scenario);

}  // namespace fleetwatt::scenarios
