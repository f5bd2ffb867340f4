// The hours of a results file as comma-separated values, tidy or wide.
#pragma once

#include <string>

#include "analysis/export/selection.hpp"

namespace fleetwatt::analysis {

/// A row for each hour, entity and variable: `time,dimension,entity,variable,unit,value`. Time is the start of the hour
/// in UTC; an empty value is one that is not defined.
[[nodiscard]] std::string tidy_csv(const ResultsFile& file, const Selection& selection);

/// A row for each hour, and behind its time a column for each entity of each variable: `region_load_mw/ERCO`. Units
/// stand in the variables' names.
[[nodiscard]] std::string wide_csv(const ResultsFile& file, const Selection& selection);

}  // namespace fleetwatt::analysis
