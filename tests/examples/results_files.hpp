// Results files for tests, in memory: a scenario's text, run.
#pragma once

#include <string>
#include <vector>

#include "analysis/results/reader.hpp"
#include "analysis/results/writer.hpp"
#include "analysis/run/run_scenario.hpp"
#include "tests/examples/scenario_files.hpp"

namespace fleetwatt::tests {

inline std::vector<std::byte> image_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return analysis::results_image(analysis::run_scenario(loaded_from(text, overrides), {}));
}

/// A site with a service and one with jobs, on two grids, for twelve hours.
inline std::string two_sites_scenario() {
  return tiny_with("duration = \"2h\"", "duration = \"12h\"") +
         R"(
[site.b]
region = "ERCO"

[site.b.cluster.training]
nodes = 2
jobs  = { synthetic = { mean_interarrival_s = 600 } }
)";
}

/// Two sites as a results file, named for messages.
inline analysis::ResultsFile two_sites_file(const std::vector<std::string>& overrides = {},
                                            const std::string& name = "two.h5") {
  return {name, image_of(two_sites_scenario(), overrides)};
}

/// What a call complains of; empty when it does not.
template <class Call>
std::string complaint_of(Call call) {
  try {
    call();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace fleetwatt::tests
