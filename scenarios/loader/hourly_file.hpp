// Hourly files as people have them: a CSV with a column of times and columns of values. Reads what a run needs, says
// which hours are missing, and fills them from their neighbours where that was asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/workload/text_lines.hpp"
#include "scenarios/schema/scenario.hpp"

namespace fleetwatt::scenarios {

struct HourlyFileRequest {
  std::string file_name;
  std::string time_column;                   ///< empty: the first
  std::vector<std::string> value_columns;    ///< headers, or what a header must contain where none is equal
  sim::Duration time_shift;                  ///< added to each time
  std::optional<std::int64_t> utc_offset_s;  ///< of times without an offset of their own; empty: UTC
  bool clock_must_be_known = false;          ///< refuse times without an offset where `utc_offset_s` is empty
  GapFill fill = GapFill::refuse;
  sim::UtcSeconds start;
  std::int64_t hours = 0;
};

struct HourlyColumns {
  std::vector<std::vector<double>> values;  ///< (columns, hours of the run)
  std::int64_t filled_hours = 0;            ///< that the file lacked in the run
};

/// Throws InputError with file and line for a missing column, a time or value that is none, hours out of order or
/// double, a file that does not cover the run, or (unless filled) a missing hour; where only hours beyond the run are
/// at fault, nothing is said.
[[nodiscard]] HourlyColumns read_hourly_file(std::string_view text, const HourlyFileRequest& request);

}  // namespace fleetwatt::scenarios
