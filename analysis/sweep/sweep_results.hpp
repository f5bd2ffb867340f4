// All runs of a sweep side by side: what its file, its table and its JSON are made of. Runs may differ in their
// entities (a varied region) and in their length: the whole is as wide as the widest, and not a number where a run has
// nothing.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "analysis/sweep/grid.hpp"
#include "analysis/sweep/partial_file.hpp"

namespace fleetwatt::analysis {

/// What is true of a sweep before its first run.
struct Sweep {
  std::string title;
  std::string scenario_text;
  std::vector<std::string> overrides;
  std::optional<std::uint64_t> seed;  ///< none where it is varied
  Grid grid;
  ChosenSeries chosen;
};

struct SweepResults {
  std::array<std::vector<std::string>, 4> labels;  ///< by entity_dimensions, in the order in which runs first have them
  std::optional<sim::UtcSeconds> start;            ///< none where runs begin at different times, or none ran
  std::int64_t hours = 0;
  std::vector<std::vector<double>> totals;  ///< by quantity: (run, entity) row by row
  std::vector<std::vector<double>> series;  ///< by chosen variable: (run, hour, entity) row by row
  std::vector<std::string> errors;          ///< by run; empty where all went well
  std::vector<std::string> flags;           ///< by run, a line each
  std::vector<std::string> inputs;          ///< of all runs, each once

  [[nodiscard]] std::size_t failures() const;
  /// How many entities a dimension has: 1 for the fleet.
  [[nodiscard]] std::size_t entities_of(std::string_view dimension) const;
  /// A total of the whole fleet, such as "pue"; not a number where the run failed.
  [[nodiscard]] double fleet_total(std::string_view key, std::size_t run) const;
};

/// All runs are in the file.
[[nodiscard]] SweepResults gather(const Sweep& sweep, const PartialFile& finished);

}  // namespace fleetwatt::analysis
