// Errors of a set of benchmark rows: what is scored, on which rows.
#pragma once

#include <functional>
#include <vector>

#include "analysis/calibrate/error_summary.hpp"
#include "analysis/calibrate/measurement.hpp"
#include "models/serving/steady_state.hpp"

namespace fleetwatt::analysis {

struct RowErrors {
  ErrorSummary inter_token;  ///< of rows whose median gap is that of decoding alone
  ErrorSummary throughput;
  ErrorSummary power;
  ErrorSummary energy;  ///< a token
};

/// Over the rows that are not left out and that `wanted` picks; `predictions` are in the rows' order.
[[nodiscard]] RowErrors row_errors(const std::vector<ServingMeasurement>& rows,
                                   const std::vector<models::SteadyState>& predictions,
                                   const std::function<bool(const ServingMeasurement&)>& wanted);

}  // namespace fleetwatt::analysis
