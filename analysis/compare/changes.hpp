// What was changed between two runs: keys of their scenarios, or, of results files alone, the attributes that differ.
#pragma once

#include <string>
#include <vector>

#include "analysis/results/reader.hpp"
#include "scenarios/loader/load_scenario.hpp"

namespace fleetwatt::analysis {

struct Change {
  std::string path;
  std::string before;  ///< empty where it was not set
  std::string after;
};

/// Keys whose values differ, in the order of the format. Of keys that only one scenario has (those of another cooling
/// family, of a site that the other lacks) the written ones: defaults and catalogue entries follow from them.
[[nodiscard]] std::vector<Change> changed_keys(const scenarios::LoadedScenario& a, const scenarios::LoadedScenario& b);

/// Title, program, seed, `--set` values by their path, input files by their name, and lines of the scenario's text
/// (`scenario:14` counts the lines of A's).
[[nodiscard]] std::vector<Change> changed_attributes(const ResultsFile& a, const ResultsFile& b);

}  // namespace fleetwatt::analysis
