// Predicted against measured serving, as a page: what tests hold to their targets, `./dev validate` prints and writes.
#pragma once

#include <string>
#include <vector>

#include "analysis/calibrate/catalogue_fit.hpp"
#include "analysis/calibrate/row_errors.hpp"

namespace fleetwatt::analysis {

/// A set of benchmark rows that is reported as one.
struct RowClass {
  std::string accelerator;
  ModelClass model_class = ModelClass::dense;
};
inline const std::vector<RowClass> reported_classes = {{"h100-sxm", ModelClass::dense},
                                                       {"h100-sxm", ModelClass::moe},
                                                       {"h100-sxm", ModelClass::hybrid},
                                                       {"b200-sxm", ModelClass::dense},
                                                       {"b200-sxm", ModelClass::moe}};
[[nodiscard]] bool belongs(const ServingMeasurement& row, const RowClass& wanted);

/// The benchmark of 2025: what the catalogue predicts, and what fits predict that saw no row of the model, or of its
/// backbone.
struct BenchmarkPredictions {
  std::vector<models::SteadyState> fitted;
  std::vector<models::SteadyState> model_out;
  std::vector<models::SteadyState> backbone_out;
  std::vector<models::SteadyState> at_the_cap;  ///< the catalogue's, with the batch's cap for its mean
};
[[nodiscard]] BenchmarkPredictions predict_benchmark(const std::vector<ServingMeasurement>& rows,
                                                     const scenarios::Catalog& catalog);

/// Engines of one generation ("2025", "2024", "2023") in the catalogue, by accelerator.
[[nodiscard]] EnginesByAccelerator catalogue_engines(const scenarios::Catalog& catalog, const std::string& generation);

/// Errors of the 2024 rows (batch over throughput, and power) on one accelerator.
struct OlderErrors {
  ErrorSummary time;
  ErrorSummary power;
};
[[nodiscard]] OlderErrors errors_2024(const std::vector<ServingMeasurement>& rows, const scenarios::Catalog& catalog,
                                      const std::string& accelerator);

/// Errors of the 2023 rows.
struct PhaseErrors {
  ErrorSummary prompt;
  ErrorSummary token;
};
[[nodiscard]] PhaseErrors errors_2023(const std::vector<PhaseMeasurement>& rows, const scenarios::Catalog& catalog,
                                      const std::string& accelerator);

/// The page, in Markdown, with the pictures that `plots.py` draws from the rows' file.
/// `folder` holds the data, for the measured run.
[[nodiscard]] std::string validation_page(const Measurements& measurements, const scenarios::Catalog& catalog,
                                          const std::string& folder);

/// Every row: measured, predicted, error, error of the fit that left the model out; a CSV file.
[[nodiscard]] std::string validation_rows(const Measurements& measurements, const scenarios::Catalog& catalog);

}  // namespace fleetwatt::analysis
