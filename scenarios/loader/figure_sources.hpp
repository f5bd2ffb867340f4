// Where every figure in force comes from: the catalogue's entries and the single figures that differ from theirs, the
// files that were read, what the scenario says itself, and the defaults that were left to stand.
#pragma once

#include <string>
#include <vector>

#include "scenarios/loader/build_fleet.hpp"

namespace fleetwatt::scenarios {

struct FigureOrigin {
  std::string entry;  ///< path of an entry, figure or key; of a file, its name as the scenario writes it
  std::string basis;  ///< of the catalogue: measured, calibrated, modelled, assumed; else file, given or default
  std::string text;
};

/// Entries first, then files, what is given, defaults; each in the order of the format. A default that several sites
/// share is there once, with `*` for their names. Names of files are without their folders, so that a results file does
/// not depend on where the scenario stood.
[[nodiscard]] std::vector<FigureOrigin> figure_sources(const LoadedScenario& loaded, const BuiltFleet& built);

}  // namespace fleetwatt::scenarios
