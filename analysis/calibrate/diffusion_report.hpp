// The part of the validation page that is about images and videos.
#pragma once

#include <string>

#include "analysis/calibrate/diffusion_catalogue.hpp"

namespace fleetwatt::analysis {

/// What is asked of one kind of media on one part: median and 90th percentile with each model left out of the fit, %.
struct DiffusionTarget {
  models::Media media;
  std::string accelerator;
  std::string title;
  double latency[2];
  double energy[2];
};
[[nodiscard]] const std::vector<DiffusionTarget>& diffusion_targets();

/// Engines of the catalogue, by accelerator, of a generation: the ids that begin with `family`, such as "xdit-2025".
[[nodiscard]] DiffusionEngines catalogue_diffusion_engines(const scenarios::Catalog& catalog,
                                                           const std::string& family);

/// "## Images and videos" and what follows.
[[nodiscard]] std::string diffusion_section(const DiffusionMeasurements& measurements,
                                            const scenarios::Catalog& catalog);

}  // namespace fleetwatt::analysis
