// Rows of a measured log as text cells: CSV with a header line, or JSON objects, one a line. Columns are named, or
// recognised among the names that tools write; times are seconds, or dates as ISO 8601 and nvidia-smi write them.
// Leaves out objects inside objects: their keys are no columns.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/workload/text_lines.hpp"

namespace fleetwatt::analysis {

struct LogRow {
  int line = 0;                    ///< of the file, from 1
  std::vector<std::string> cells;  ///< may be fewer than the columns: keys that later JSON lines brought in
};

struct LogTable {
  std::vector<std::string> columns;
  std::vector<LogRow> rows;
};

/// Reads a whole log: JSON lines where the first character that is not blank is `{`, otherwise CSV. A byte-order mark,
/// CRLF, blank lines and `#` comments are accepted. Missing keys and `null` are empty cells. Adds to `faults`: an empty
/// text, a JSON array, a line that is no JSON object, a row with another number of fields than the header.
[[nodiscard]] LogTable read_log_table(std::string_view text, models::FaultList& faults);

/// What a column is for, and the names that tools give it, the preferred one first; case does not count.
struct ColumnRole {
  std::string_view meaning;  ///< "arrival times"
  std::span<const std::string_view> well_known;
};

/// A column of a table, with what its name says of the unit.
struct LogColumn {
  std::size_t index = 0;
  std::string name;

  /// The cell of a row, empty where the row has none.
  [[nodiscard]] std::string_view of(const LogRow& row) const;
  /// Seconds per unit: 1e-3 for a name that ends in `_ms`, 1e-6 `_us`, 1e-9 `_ns`, otherwise 1.
  [[nodiscard]] double unit_s() const;
};

/// The column called `named` exactly, a fault where there is none; for an empty name the first well-known one that the
/// table has, or nullopt. A name that stands twice in the header is a fault.
[[nodiscard]] std::optional<LogColumn> find_column(const LogTable& table, const std::string& named,
                                                   const ColumnRole& role, models::FaultList& faults);

/// Adds the fault that none of the role's well-known names is there, with the columns that are.
void add_not_recognised(const LogTable& table, const ColumnRole& role, models::FaultList& faults);

/// ASCII letters only.
[[nodiscard]] std::string lower_case(std::string_view text);

/// A moment in seconds: a number on a clock of the log's own, or a date as Unix time (UTC where it has no offset). A
/// fault and nullopt for an empty cell, for anything else, and for a number too large to be seconds.
[[nodiscard]] std::optional<double> read_moment_s(const LogColumn& column, const LogRow& row,
                                                  models::FaultList& faults);

/// A length of time in seconds; a fault and nullopt for an empty cell or anything but a number.
[[nodiscard]] std::optional<double> read_duration_s(const LogColumn& column, const LogRow& row,
                                                    models::FaultList& faults);

}  // namespace fleetwatt::analysis
