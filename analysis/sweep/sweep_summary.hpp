// A sweep on one screen, and the same for a program.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/results/summary.hpp"
#include "analysis/sweep/sweep_results.hpp"

namespace fleetwatt::analysis {

struct ShownRuns {
  std::vector<std::string> quantities;  ///< beside those that differ most (analysis/sweep/shown_columns.hpp)
  bool all = false;                     ///< runs and failures, rather than the first of them
};

/// A line a run, at most twenty, then the first failures.
[[nodiscard]] std::string sweep_text(const Sweep& sweep, const SweepResults& results, const Execution& execution,
                                     const ShownRuns& shown = {}, const Screen& screen = {});

/// Every run with its inputs and quantities; the totals of a failed run are absent.
[[nodiscard]] nlohmann::ordered_json sweep_json(const Sweep& sweep, const SweepResults& results,
                                                const Execution& execution);

}  // namespace fleetwatt::analysis
