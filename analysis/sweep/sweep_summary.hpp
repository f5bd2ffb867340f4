// A sweep on one screen, and the same for a program.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "analysis/results/summary.hpp"
#include "analysis/sweep/sweep_results.hpp"

namespace fleetwatt::analysis {

/// A line a run, at most twenty, then the first failures.
[[nodiscard]] std::string sweep_text(const Sweep& sweep, const SweepResults& results, const Execution& execution,
                                     const Screen& screen = {});

/// Every run with its inputs and quantities; the totals of a failed run are absent.
[[nodiscard]] nlohmann::ordered_json sweep_json(const Sweep& sweep, const SweepResults& results,
                                                const Execution& execution);

}  // namespace fleetwatt::analysis
