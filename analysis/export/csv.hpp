// The hours of a results file as comma-separated values, tidy or wide, piece by piece, a few megabytes at a
// time: a table may be larger than memory.
#pragma once

#include <functional>
#include <string_view>

#include "analysis/export/selection.hpp"

namespace fleetwatt::analysis {

/// Takes the next piece of the text; false ends it there.
using TextSink = std::function<bool(std::string_view piece)>;

/// Numbers of the table that was written.
struct CsvSize {
  std::size_t rows = 0;     ///< under the head
  std::size_t columns = 0;  ///< wide: behind the time
};

/// A row for each hour, entity and variable: `time,dimension,entity,variable,unit,value`. Time is the start of the hour
/// in UTC; an empty value is one that is not defined.
CsvSize tidy_csv(const ResultsFile& file, const Selection& selection, const TextSink& sink);

/// A row for each hour, and behind its time a column for each entity of each variable: `region_load_mw/ERCO`. Units
/// stand in the variables' names.
CsvSize wide_csv(const ResultsFile& file, const Selection& selection, const TextSink& sink);

/// The first line of a table that `tidy_csv` or `wide_csv` wrote looks so; no other program's is likely to.
[[nodiscard]] bool begins_as_export(std::string_view text);

}  // namespace fleetwatt::analysis
