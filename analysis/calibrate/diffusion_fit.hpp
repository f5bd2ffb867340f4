// Fits the constants of diffusion engines to measured batches: the form is models/diffusion/batch_cost.hpp, the
// unknowns are logarithms, and what is thought of them beforehand stands in one table (diffusion_fit.cpp). Time is
// fitted first, then energy at the fitted time. H100 and B200 are fitted together: a constant of B200 is H100's times a
// ratio that has a prior of its own, so that a model measured on one part informs both.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "analysis/calibrate/diffusion_rows.hpp"
#include "analysis/calibrate/error_summary.hpp"
#include "models/diffusion/diffusion_engine.hpp"
#include "scenarios/schema/scenario.hpp"

namespace fleetwatt::analysis {

using DiffusionRows = std::vector<DiffusionMeasurement>;
using DiffusionEngines = std::map<std::string, models::DiffusionEngine>;  ///< by accelerator

struct BatchPrediction {
  double time_s = 0.0;
  double energy_j = 0.0;  ///< of all GPUs

  [[nodiscard]] double power_w() const { return energy_j / time_s; }
};

/// H100 and B200, 2025, with constants for images, and the host's terms.
[[nodiscard]] DiffusionEngines fit_images(const DiffusionRows& rows, const scenarios::Catalog& catalog);

/// Adds constants for videos; the host's terms stay: a video's GPU work hides the host.
[[nodiscard]] DiffusionEngines fit_videos(const DiffusionRows& rows, const scenarios::Catalog& catalog,
                                          DiffusionEngines with_host);

/// H100 and A100, 2024: `fitted_2025` (of H100) with one factor a part on GPU work, one on joules of operations and
/// bytes, and a start of their own.
[[nodiscard]] DiffusionEngines fit_2024(const DiffusionRows& rows, const scenarios::Catalog& catalog,
                                        const models::DiffusionEngine& fitted_2025);

[[nodiscard]] BatchPrediction predict(const DiffusionMeasurement& row, const scenarios::Catalog& catalog,
                                      const DiffusionEngines& engines);
[[nodiscard]] std::vector<BatchPrediction> predict_all(const DiffusionRows& rows, const scenarios::Catalog& catalog,
                                                       const DiffusionEngines& engines);

/// Each row by a fit that saw no row of its model.
using DiffusionFit = std::function<DiffusionEngines(const DiffusionRows&)>;
[[nodiscard]] std::vector<BatchPrediction> predict_left_out(const DiffusionRows& rows,
                                                            const scenarios::Catalog& catalog, const DiffusionFit& fit);

struct DiffusionErrors {
  ErrorSummary latency;
  ErrorSummary power;
  ErrorSummary energy;
};
/// Over the rows of one accelerator; `predictions` are in the rows' order.
[[nodiscard]] DiffusionErrors diffusion_errors(const DiffusionRows& rows,
                                               const std::vector<BatchPrediction>& predictions,
                                               const std::string& accelerator);

}  // namespace fleetwatt::analysis
