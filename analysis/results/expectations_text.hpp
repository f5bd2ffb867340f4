// Published figures and the run's, as people and programs read them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/results/expectations.hpp"
#include "analysis/results/screen.hpp"

namespace fleetwatt::analysis {

/// What one scenario's run says of its claims.
struct CheckedScenario {
  std::string file;  ///< without its folder
  std::vector<ExpectationOutcome> outcomes;
};

/// A line each: published, simulated, difference, what is allowed, verdict, source.
[[nodiscard]] std::string expectations_text(const std::vector<ExpectationOutcome>& outcomes, const Screen& screen = {});

/// The claims of several scenarios in one table, by their numbers, each with its scenario; and how many are met.
[[nodiscard]] std::string claims_text(const std::vector<CheckedScenario>& scenarios, const Screen& screen = {});

/// What such a page begins with.
inline constexpr const char* claims_heading = "# Claims and what the simulation says\n\nWritten by `fleetwatt claims ";

/// The same as a Markdown page, with sources. `folder` stands in the command that repeats it.
[[nodiscard]] std::string claims_page(const std::vector<CheckedScenario>& scenarios, const std::string& folder);

[[nodiscard]] nlohmann::ordered_json outcome_json(const ExpectationOutcome& outcome);

}  // namespace fleetwatt::analysis
