#include "analysis/compare/compare_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "analysis/compare/hourly_contributions.hpp"
#include "analysis/compare/paired_noise.hpp"
#include "analysis/results/writer.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr std::array order = {"fleet", "region", "site", "service", "cluster"};

[[noreturn]] void refuse(const std::string& file, std::string message, std::string mend) {
  throw sim::InputError(sim::Diagnostic{{file, 0, 0}, std::move(message), "", 1, std::move(mend)});
}

void require_run(const ResultsFile& file) {
  if (file.format() != file_format)
    refuse(file.name(), "holds differences of two runs already", "name the results file of a run");
}

NamedSpan span_of(const ResultsFile& file) {
  return {file.name(), file.start(), static_cast<std::int64_t>(file.hours().size())};
}

/// Where a file holds one total.
struct Total {
  std::string variable;
  std::string dimension;
  std::string unit;
  std::size_t entity = 0;
  double value = 0.0;
  std::string path;
};

/// All totals of a file by dimension, and of each entity together.
std::vector<Total> totals_of(const ResultsFile& file) {
  std::vector<Total> totals;
  for (const auto* dimension : order) {
    const auto& entities = file.labels(dimension);
    const std::string_view group = std::string_view(dimension) == "fleet" ? "total" : dimension;
    for (std::size_t entity = 0; entity < entities.size(); ++entity) {
      for (const auto& variable : file.totals()) {
        if (variable.dimension != dimension) continue;
        const std::string path = group == "total"
                                     ? fmt::format("total.{}", total_key(variable.name))
                                     : fmt::format("{}.{}.{}", group, entities[entity], total_key(variable.name));
        totals.push_back(
            {variable.name, std::string(group), variable.unit, entity, file.values(variable)[entity], path});
      }
    }
  }
  return totals;
}

std::optional<BatchEstimate> estimate_of(const ResultsFile& file_a, const Total& a, const ResultsFile& file_b,
                                         const Total& b) {
  const auto hours_a = hourly_contributions(file_a, a.variable, a.entity, a.value);
  const auto hours_b = hourly_contributions(file_b, b.variable, b.entity, b.value);
  if (!hours_a || !hours_b) return std::nullopt;
  std::vector<double> differences;
  for (std::size_t hour = 0; hour < hours_a->size(); ++hour) differences.push_back((*hours_b)[hour] - (*hours_a)[hour]);
  return batch_means(differences);
}

std::map<std::string, const Total*> by_path(const std::vector<Total>& totals) {
  std::map<std::string, const Total*> map;
  for (const auto& total : totals) map[total.path] = &total;
  return map;
}

}  // namespace

double QuantityDifference::fraction() const {
  return a == 0.0 ? std::numeric_limits<double>::quiet_NaN() : difference() / std::fabs(a);
}

bool QuantityDifference::differs() const {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) != std::isnan(b);
  constexpr double rounding = 1e-12;
  return std::fabs(difference()) > rounding * std::max(std::fabs(a), std::fabs(b));
}

bool QuantityDifference::below_noise() const {
  return noise && differs() && std::fabs(difference()) < *noise;
}

void require_same_hours(const NamedSpan& a, const NamedSpan& b) {
  if (a.start == b.start && a.hours == b.hours) return;
  const auto span = [](const NamedSpan& run) {
    return fmt::format("{} ({})", run.name, span_text(run.start, run.hours));
  };
  refuse("", fmt::format("{} and {} do not cover the same hours", span(a), span(b)),
         "give both the same `scenario.start` and `scenario.duration`");
}

Comparison compare_results(const ResultsFile& a, const ResultsFile& b, std::vector<Change> changes) {
  require_run(a);
  require_run(b);
  require_same_hours(span_of(a), span_of(b));
  const auto totals_a = totals_of(a);
  const auto totals_b = totals_of(b);
  const auto in_a = by_path(totals_a);
  const auto in_b = by_path(totals_b);
  Comparison comparison;
  comparison.paired = a.seed() == b.seed();
  comparison.changes = std::move(changes);
  for (const auto& total : totals_b) {
    if (!in_a.contains(total.path)) comparison.only_b.push_back(total.path);
  }
  for (const auto& total : totals_a) {
    const auto found = in_b.find(total.path);
    if (found == in_b.end()) {
      comparison.only_a.push_back(total.path);
      continue;
    }
    const Total& other = *found->second;
    const auto estimate = estimate_of(a, total, b, other);
    if (estimate) comparison.batches = estimate->batches;
    comparison.quantities.push_back(
        {total.path, total.dimension, total.unit, total.value, other.value,
         estimate ? std::optional(noise_standard_errors * estimate->standard_error) : std::nullopt});
  }
  return comparison;
}

}  // namespace fleetwatt::analysis
