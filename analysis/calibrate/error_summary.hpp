// Errors of predictions, as people read them: median and 90th percentile of |predicted / measured - 1|.
#pragma once

#include <string>
#include <vector>

namespace fleetwatt::analysis {

struct ErrorSummary {
  std::size_t rows = 0;
  double median = 0.0;
  double p90 = 0.0;  ///< linear between order statistics
};

/// NaN for no rows.
[[nodiscard]] ErrorSummary summarise(const std::vector<double>& relative_errors);

/// "4.1/9.3" in per cent; "-" for no rows.
[[nodiscard]] std::string in_percent(const ErrorSummary& errors);

}  // namespace fleetwatt::analysis
