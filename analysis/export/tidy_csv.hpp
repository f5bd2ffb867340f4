// A results file as one tidy table: a row for each hour, entity and variable.
#pragma once

#include <string>

namespace fleetwatt::analysis {

/// `time,dimension,entity,variable,unit,value`; time is the start of the hour in UTC, an empty value is one that is not
/// defined. Throws IoError where `path` is not a results file of fleetwatt.
[[nodiscard]] std::string tidy_csv(const std::string& path);

}  // namespace fleetwatt::analysis
