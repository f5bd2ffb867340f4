// What can be checked before the first run of a sweep.
#pragma once

#include <atomic>

#include "analysis/sweep/grid.hpp"
#include "scenarios/loader/load_scenario.hpp"
#include "sim/parallel_for.hpp"

namespace fleetwatt::analysis {

/// Loads the scenario with the values of the grid, as each run will: every combination where there are at most a
/// thousand, else each value of each axis beside the first values of the others. Of an axis of more than a thousand
/// numbers every one is held against its key's range, and a thousand are loaded. Files that the scenario names are not
/// opened. Throws InputError with every fault that was found, each once; Interrupted where `stop` is set.
void check_grid(const scenarios::ScenarioFiles& files, const std::vector<std::string>& overrides, const Grid& grid,
                sim::ThreadTeam& team, const std::atomic<bool>* stop);

/// The overrides of a run: those of the command line, then those of the grid.
[[nodiscard]] std::vector<std::string> overrides_of(const std::vector<std::string>& overrides, const Grid& grid,
                                                    std::size_t run);

/// The same fault with the option that the user wrote: what `--set` says of a value of the grid, `--vary` says.
[[nodiscard]] sim::Diagnostic told_of_grid(sim::Diagnostic diagnostic, const Grid& grid, std::size_t run);

}  // namespace fleetwatt::analysis
