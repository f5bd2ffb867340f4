// What can be checked before the first run of a sweep.
#pragma once

#include <atomic>

#include "analysis/sweep/grid.hpp"
#include "scenarios/loader/load_scenario.hpp"
#include "sim/parallel_for.hpp"

namespace fleetwatt::analysis {

/// What to do about combinations of values that make no scenario.
enum class Impossible { refuse, skip };

struct CheckedGrid {
  std::size_t first_run = 0;             ///< that can be built; 0 but where others are skipped
  std::vector<std::string> input_paths;  ///< of all that was loaded, each once
};

/// Loads the scenario with the values of the grid, as each run will: every combination where there are at most a
/// thousand, else each value of each axis beside the first values of the others. Of an axis of more than a thousand
/// numbers every one is held against its key's range, and a thousand are loaded. Files that the scenario names are not
/// opened. Throws InputError with every fault that was found, each once, with the combination that it needs; where
/// `impossible` says to skip them, only where no combination can be built. Throws InputError, too, where two axes set
/// one value (`site.*.x` and `site.a.x`), and where two runs would be the same scenario, as with the values 24
/// and 24.0. Interrupted where `stop` is set.
[[nodiscard]] CheckedGrid check_grid(const scenarios::ScenarioFiles& files, const std::vector<std::string>& overrides,
                                     const Grid& grid, Impossible impossible, sim::ThreadTeam& team,
                                     const std::atomic<bool>* stop);

/// The overrides of a run: those of the command line, then those of the grid.
[[nodiscard]] std::vector<std::string> overrides_of(const std::vector<std::string>& overrides, const Grid& grid,
                                                    std::size_t run);

/// The same fault with the option that the user wrote: what `--set` says of a value of the grid, `--vary` says.
[[nodiscard]] sim::Diagnostic told_of_grid(sim::Diagnostic diagnostic, const Grid& grid, std::size_t run);

}  // namespace fleetwatt::analysis
