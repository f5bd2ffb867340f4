#include "analysis/compare/paired_noise.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fleetwatt::analysis {

namespace {

constexpr std::size_t hours_a_day = 24;

/// Where batch `i` of `batches` begins: at a whole day where the run has days enough.
std::size_t begin_of(std::size_t i, std::size_t batches, std::size_t hours) {
  const std::size_t days = hours / hours_a_day;
  if (i == batches) return hours;
  return days >= fewest_batches ? i * days / batches * hours_a_day : i * hours / batches;
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::optional<BatchEstimate> batch_means(std::span<const double> hourly) {
  const std::size_t hours = hourly.size();
  if (hours < fewest_batches || !std::ranges::all_of(hourly, [](double x) { return std::isfinite(x); }))
    return std::nullopt;
  const std::size_t days = hours / hours_a_day;
  BatchEstimate estimate;
  estimate.mean = mean_of(hourly);
  estimate.batches = std::clamp(days, fewest_batches, most_batches);
  double squares = 0.0;
  for (std::size_t i = 0; i < estimate.batches; ++i) {
    const std::size_t begin = begin_of(i, estimate.batches, hours);
    const std::size_t end = begin_of(i + 1, estimate.batches, hours);
    // Batches differ in length by a day or an hour at most; each counts by its length.
    const double weight =
        static_cast<double>(end - begin) * static_cast<double>(estimate.batches) / static_cast<double>(hours);
    const double deviation = weight * (mean_of(hourly.subspan(begin, end - begin)) - estimate.mean);
    squares += deviation * deviation;
  }
  const auto batches = static_cast<double>(estimate.batches);
  estimate.standard_error = std::sqrt(squares / (batches * (batches - 1.0)));
  return estimate;
}

}  // namespace fleetwatt::analysis
