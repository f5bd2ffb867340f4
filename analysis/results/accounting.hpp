// What a run's CO2 and cost are, in words: which carbon intensity, from where, at what resolution; whose prices. The
// same words stand in the summary and in the file.
#pragma once

#include <string>

#include "analysis/results/run_output.hpp"

namespace fleetwatt::analysis {

/// "CO2: direct, average, annual; cost: energy at annual prices, no demand charge". What a scenario gives as a number
/// is unstated until it says what it is; regions that differ are all named.
[[nodiscard]] std::string accounting_text(const RunOutput& run);

}  // namespace fleetwatt::analysis
