// What a sweep keeps of one run: its totals, the hourly series that were asked for, or why it failed. A line of JSON
// each in the side file (analysis/sweep/partial_file.hpp).
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/results/run_output.hpp"
#include "analysis/results/variables.hpp"

namespace fleetwatt::analysis {

/// Dimensions of entities, in the order of RunRecord::labels; totals of the whole fleet have none.
inline constexpr std::array<std::string_view, 4> entity_dimensions = {"site", "region", "service", "cluster"};

/// What is not a number (a PUE without IT load) is null in the line, and not a number again when it is read.
struct RunRecord {
  std::size_t run = 0;
  std::string error;  ///< empty where all went well; else there is nothing below
  sim::UtcSeconds start;
  std::int64_t hours = 0;
  std::array<std::vector<std::string>, 4> labels;
  std::vector<std::vector<double>> totals;  ///< by quantity of the registry, then by entity
  std::vector<std::vector<double>> series;  ///< by chosen variable: (hour, entity) row by row
  std::vector<std::string> flags;
  std::vector<std::string> inputs;  ///< file as the scenario names it, and hash of its contents
};

using ChosenSeries = std::vector<const Variable*>;

[[nodiscard]] RunRecord record_of(std::size_t run, const RunOutput& output, const ChosenSeries& chosen);
[[nodiscard]] RunRecord record_of_failure(std::size_t run, std::string error);

/// One line, without its end.
[[nodiscard]] std::string json_line(const RunRecord& record);
/// Throws nlohmann::json::exception where the text is not such a line.
[[nodiscard]] RunRecord record_from(const nlohmann::json& line);
/// Whether a record can be of a sweep of so many runs: its number is one of them, each total and series has as many
/// numbers as its entities and hours ask for, and no entity has a name twice.
[[nodiscard]] bool is_of_sweep(const RunRecord& record, std::size_t runs, const ChosenSeries& chosen);

/// Index of a dimension in RunRecord::labels; its size for the fleet as a whole.
[[nodiscard]] std::size_t dimension_index(std::string_view dimension);

/// `trace.csv 0123456789abcdef`
[[nodiscard]] std::vector<std::string> input_lines(const scenarios::BuiltFleet& built);

}  // namespace fleetwatt::analysis
