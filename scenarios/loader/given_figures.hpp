// Figures of the catalogue that a scenario changes: the entry's source and basis do not speak for them.
#pragma once

#include "scenarios/loader/load_scenario.hpp"

namespace fleetwatt::scenarios {

/// A figure that a file or the command line gives in an entry of the catalogue is assumed, and so is what a whole
/// model, engine or climate says with it, unless the same hand states the entry's `basis` or that of the figure.
void mark_given_figures(LoadedScenario& loaded);

}  // namespace fleetwatt::scenarios
