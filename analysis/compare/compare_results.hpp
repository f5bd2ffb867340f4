// Two runs side by side: every total that both have, the difference B - A, and how much of it may be chance
// (analysis/compare/paired_noise.hpp).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/compare/changes.hpp"
#include "analysis/results/reader.hpp"

namespace fleetwatt::analysis {

struct QuantityDifference {
  std::string path;       ///< `site.dallas.pue`, as in `run --json`
  std::string dimension;  ///< total, region, site, service, cluster
  std::string unit;
  double a = 0.0;
  double b = 0.0;
  std::optional<double> noise;  ///< 1.96 standard errors of the difference; absent without an hourly series

  [[nodiscard]] double difference() const { return b - a; }
  /// Of |a|; not a number where a is 0.
  [[nodiscard]] double fraction() const;
  /// By more than rounding: a part in 10^12.
  [[nodiscard]] bool differs() const;
  /// Whether the difference may well be chance; false where it is not known.
  [[nodiscard]] bool below_noise() const;
};

struct Comparison {
  std::vector<QuantityDifference> quantities;  ///< that both have: total, then by region, site, service, cluster
  std::vector<std::string> only_a;             ///< paths of quantities
  std::vector<std::string> only_b;
  std::size_t batches = 0;  ///< of the noise; 0 where the runs are too short for it
  bool paired = true;       ///< the same seed, so that what the runs share cancels
  std::vector<Change> changes;
};

/// Throws InputError, with both named, where the two do not cover the same hours, or one is not the file of a run.
[[nodiscard]] Comparison compare_results(const ResultsFile& a, const ResultsFile& b, std::vector<Change> changes);

/// Throws InputError where start or length differ; `a` and `b` name the two.
struct NamedSpan {
  std::string name;
  sim::UtcSeconds start;
  std::int64_t hours = 0;
};
void require_same_hours(const NamedSpan& a, const NamedSpan& b);

}  // namespace fleetwatt::analysis
