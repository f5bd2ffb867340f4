// The registry of a run's totals. One quantity, three doors: `site.dallas.pue` in `run --json` and in [[expect]],
// `site_pue_mean` in the results file.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/results/run_output.hpp"

namespace fleetwatt::analysis {

struct Quantity {
  std::string_view dimension;  ///< site, region, service, cluster, total
  std::string_view key;        ///< after the entity's name
  std::string_view variable;   ///< in the results file
  std::string_view unit;
  std::string_view meaning;
  double (*value)(const RunOutput& run, std::size_t entity);
};

[[nodiscard]] std::span<const Quantity> quantities();

/// Entities of a dimension, in the order of their index; one without a name for the total.
[[nodiscard]] std::vector<std::string> entities(const RunOutput& run, std::string_view dimension);

/// A quantity by its path, such as `total.energy_mwh` or `cluster.dallas.training.jobs_done`.
struct NamedValue {
  std::string path;
  std::string_view unit;
  double value = 0.0;
};
[[nodiscard]] std::vector<NamedValue> all_values(const RunOutput& run);

}  // namespace fleetwatt::analysis
