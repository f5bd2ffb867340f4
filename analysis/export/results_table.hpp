// What is in a results file, for the screen: what was run and its totals, or the hours of one variable.
#pragma once

#include <string>

#include "analysis/export/selection.hpp"
#include "analysis/results/screen.hpp"

namespace fleetwatt::analysis {

/// Title, hours, seed, version, overrides and flags of the run, then a table for each dimension: a row for each total,
/// a column for each entity.
[[nodiscard]] std::string totals_table(const ResultsFile& file, const Screen& screen = {});

struct HourlyChoice {
  std::string by;  ///< dimension; empty: the variable's own, else the fleet's
  std::string
      variable;  ///< full name or the part after the dimension; empty: the load, or the energy where there is none
};

/// A row for each hour (its start, UTC), a column for each entity. Throws InputError where the choice names nothing, or
/// more than one variable.
[[nodiscard]] std::string hourly_table(const ResultsFile& file, const HourlyChoice& choice, const Screen& screen = {});

}  // namespace fleetwatt::analysis
