// A run on one screen, and the same for a program.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "analysis/results/expectations.hpp"
#include "analysis/results/run_output.hpp"
#include "analysis/results/screen.hpp"

namespace fleetwatt::analysis {

/// What is true of this execution and not of the run: never in the results file.
struct Execution {
  double wall_s = 0.0;
  int threads = 1;
  std::string written;  ///< path of the results file; empty when none
  std::size_t written_bytes = 0;
};

/// How the summary is printed.
struct SummaryView {
  Screen screen;
  bool all_rows = false;  ///< every site, service and cluster, however many there are
};

/// Of more than twelve sites, a row a region; of more than twelve services or clusters, the twelve with the most
/// requests or jobs, and how many more there are.
[[nodiscard]] std::string summary_text(const RunOutput& run, const Execution& execution, const SummaryView& view = {});
[[nodiscard]] nlohmann::ordered_json summary_json(const RunOutput& run, const Execution& execution,
                                                  const std::vector<ExpectationOutcome>& expectations);

}  // namespace fleetwatt::analysis
