// The files that a run of a scenario reads.
#pragma once

#include <string>
#include <vector>

#include "scenarios/loader/load_scenario.hpp"

namespace fleetwatt::analysis {

/// The scenario, those that it extends, its site tables, and all that its keys name (weather, prices, traces, logs,
/// tables of an engine), as paths from here. Those that begin with a variable that is not set are left out: nothing can
/// read them.
[[nodiscard]] std::vector<std::string> input_paths(const scenarios::LoadedScenario& loaded);

}  // namespace fleetwatt::analysis
