// Published figures beside the run's: `[[expect]]` and `run --check`.
#pragma once

#include <string>
#include <vector>

#include "analysis/results/run_output.hpp"

namespace fleetwatt::analysis {

struct ExpectationOutcome {
  scenarios::Expectation expected;
  std::string unit;
  double found = 0.0;
  double allowed = 0.0;  ///< absolute difference

  [[nodiscard]] bool met() const;
};

/// Before the run: quantities that no run of this scenario has, and tolerances that are neither "10 %" nor a number,
/// are reported.
void check_expectations(scenarios::LoadedScenario& loaded);

[[nodiscard]] std::vector<ExpectationOutcome> compare_expectations(const RunOutput& run);

}  // namespace fleetwatt::analysis
