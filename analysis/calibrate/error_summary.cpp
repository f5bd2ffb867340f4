#include "analysis/calibrate/error_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace fleetwatt::analysis {

namespace {

double quantile(const std::vector<double>& sorted, double probability) {
  const double place = probability * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  return std::lerp(sorted[below], sorted[below + 1], place - static_cast<double>(below));
}

}  // namespace

ErrorSummary summarise(const std::vector<double>& relative_errors) {
  ErrorSummary summary{relative_errors.size(), std::numeric_limits<double>::quiet_NaN(),
                       std::numeric_limits<double>::quiet_NaN()};
  if (relative_errors.empty()) return summary;
  std::vector<double> sizes;
  for (const double error : relative_errors) sizes.push_back(std::abs(error));
  std::ranges::sort(sizes);
  summary.median = quantile(sizes, 0.5);
  summary.p90 = quantile(sizes, 0.9);
  return summary;
}

std::string in_percent(const ErrorSummary& errors) {
  if (errors.rows == 0) return "-";
  return fmt::format("{:.1f}/{:.1f}", 100.0 * errors.median, 100.0 * errors.p90);
}

}  // namespace fleetwatt::analysis
