// All diffusion engines of the built-in catalogue, fitted to the measurements that they rest on.
#pragma once

#include <string>
#include <vector>

#include "analysis/calibrate/diffusion_fit.hpp"

namespace fleetwatt::analysis {

/// The benchmark of 2025, each row by fits that saw no row of its model; `engines` are those fitted to all rows.
[[nodiscard]] std::vector<BatchPrediction> images_left_out(const DiffusionMeasurements& measurements,
                                                           const scenarios::Catalog& catalog);
[[nodiscard]] std::vector<BatchPrediction> videos_left_out(const DiffusionMeasurements& measurements,
                                                           const scenarios::Catalog& catalog,
                                                           const DiffusionEngines& engines);

/// Every entry of diffusion_engines.toml, with its fit's errors in `figures`.
[[nodiscard]] std::vector<scenarios::DiffusionEngineEntry> fit_diffusion_catalogue(
    const DiffusionMeasurements& measurements, const scenarios::Catalog& catalog);

/// The text of diffusion_engines.toml: constants to three significant digits.
[[nodiscard]] std::string diffusion_catalogue_text(const std::vector<scenarios::DiffusionEngineEntry>& engines);

}  // namespace fleetwatt::analysis
