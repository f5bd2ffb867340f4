// Published figures beside the run's: `[[expect]]`, `run --check` and `claims`.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "analysis/results/run_output.hpp"

namespace fleetwatt::analysis {

enum class Verdict { met, not_met, reported };

struct ExpectationOutcome {
  scenarios::Expectation expected;
  std::string unit;
  double found = 0.0;
  bool judged = true;  ///< false: printed beside, whatever it is
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();

  [[nodiscard]] Verdict verdict() const;
};

/// Before the run: expressions and quantities that no run of this scenario has, and tolerances that are none, are
/// reported.
void check_expectations(scenarios::LoadedScenario& loaded);

[[nodiscard]] std::vector<ExpectationOutcome> compare_expectations(const RunOutput& run);

/// Whether none is `not_met`.
[[nodiscard]] bool all_met(const std::vector<ExpectationOutcome>& outcomes);

}  // namespace fleetwatt::analysis
