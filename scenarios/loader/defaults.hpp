// Defaults that follow from the rest of the scenario: how a model is published, on whose clock its users live.
#pragma once

#include "scenarios/loader/load_scenario.hpp"

namespace fleetwatt::scenarios {

/// Fills in what services leave out: `precision` as their model is published, `demand.time_zone` of the sites that they
/// run on. Sites that are in several zones, or in none that is known, are an error where the demand has a shape. Names
/// that lead nowhere are left to the checks.
void fill_defaults(LoadedScenario& loaded);

}  // namespace fleetwatt::scenarios
