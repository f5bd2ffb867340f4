// All engines of the built-in catalogue, fitted to the measurements that they rest on.
#pragma once

#include <string>
#include <vector>

#include "analysis/calibrate/fit_engines.hpp"
#include "analysis/calibrate/older_engines.hpp"

namespace fleetwatt::analysis {

/// The measurements, read from a folder that holds `inference-measurements/`.
struct Measurements {
  std::vector<ServingMeasurement> benchmark_2025;
  std::vector<ServingMeasurement> benchmark_2024;
  std::vector<PhaseMeasurement> phases_2023;
};
[[nodiscard]] Measurements read_measurements(const std::string& folder);

/// Engines before the fit: what is not fitted, such as the memory that they use.
[[nodiscard]] EnginesByAccelerator engines_2025();

/// Every engine entry of engines.toml, with its fit's errors in `source` and `figures`.
[[nodiscard]] std::vector<scenarios::EngineEntry> fit_catalogue(const Measurements& measurements,
                                                                const scenarios::Catalog& catalog);

/// The text of engines.toml.
[[nodiscard]] std::string catalogue_text(const std::vector<scenarios::EngineEntry>& engines);

/// The group that is left out with a row: its released name.
[[nodiscard]] inline std::string released_model(const ServingMeasurement& row) {
  return row.released_name;
}

}  // namespace fleetwatt::analysis
