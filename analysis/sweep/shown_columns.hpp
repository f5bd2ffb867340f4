// Which quantities of a sweep stand in its table on the screen.
#pragma once

#include <string>
#include <vector>

#include "analysis/sweep/sweep_results.hpp"

namespace fleetwatt::analysis {

/// A quantity of one entity, by run.
struct ShownColumn {
  std::string path;  ///< `service.chat.ttft_p99_s`; of the fleet the key alone, `energy_mwh`
  std::string unit;
  std::vector<double> values;  ///< not a number where a run failed, or has no such entity
};

/// Throws InputError for a word that names no quantity, the nearest named: `total.pue`, `service.chat.ttft_p99_s`,
/// `service.*.ttft_p99_s`, a key alone (`ttft_p99_s`, of all that have it; `pue`, of the fleet where the fleet has it),
/// or a variable of the results file (`service_ttft_p99_overall_s`).
void check_shown(const std::vector<std::string>& words);

/// What was asked for, then those that differ most between the runs: at most five, by the difference of their extremes
/// over the larger; without what says the same (in proportion to another column) and counts of jobs, requests and
/// tokens. Where nothing differs, the totals of the fleet. Words that name an entity that no run has are left out.
[[nodiscard]] std::vector<ShownColumn> shown_columns(const SweepResults& results,
                                                     const std::vector<std::string>& words);

}  // namespace fleetwatt::analysis
