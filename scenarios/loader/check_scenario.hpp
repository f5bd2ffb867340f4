// What a scenario must have beyond right keys and ranges: names that exist, values that go together.
#pragma once

#include "scenarios/loader/load_scenario.hpp"

namespace fleetwatt::scenarios {

/// Reports every fault to the scenario's diagnostics; opens no file.
void check_scenario(LoadedScenario& loaded);

/// The clusters, as SITE.CLUSTER, that a pattern names; `*` stands for any text without a dot.
[[nodiscard]] std::vector<std::string> clusters_matching(const Scenario& scenario, const std::string& pattern);

}  // namespace fleetwatt::scenarios
