#include "analysis/sweep/sweep_results.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "analysis/results/quantities.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void add_new(std::vector<std::string>& texts, const std::vector<std::string>& more) {
  for (const auto& text : more) {
    if (std::ranges::find(texts, text) == texts.end()) texts.push_back(text);
  }
}

/// Where each of a run's entities stands in the whole.
std::vector<std::size_t> places_of(const RunRecord& record, const SweepResults& results, std::string_view dimension) {
  const std::size_t index = dimension_index(dimension);
  if (index == entity_dimensions.size()) return {0};
  std::vector<std::size_t> places;
  for (const auto& label : record.labels[index])
    places.push_back(
        static_cast<std::size_t>(std::ranges::find(results.labels[index], label) - results.labels[index].begin()));
  return places;
}

/// First reading: how wide the whole is.
void measure(SweepResults& results, const PartialFile& finished) {
  bool same_start = true;
  finished.for_each([&](const RunRecord& record) {
    results.errors[record.run] = record.error;
    results.flags[record.run] = fmt::format("{}", fmt::join(record.flags, "\n"));
    if (!record.error.empty()) return;
    for (std::size_t i = 0; i < results.labels.size(); ++i) add_new(results.labels[i], record.labels[i]);
    add_new(results.inputs, record.inputs);
    same_start = same_start && (!results.start || *results.start == record.start);
    results.start = record.start;
    results.hours = std::max(results.hours, record.hours);
  });
  if (!same_start) results.start.reset();
}

void place_totals(SweepResults& results, const RunRecord& record) {
  for (std::size_t q = 0; q < quantities().size(); ++q) {
    const auto places = places_of(record, results, quantities()[q].dimension);
    const std::size_t row = record.run * results.entities_of(quantities()[q].dimension);
    for (std::size_t i = 0; i < places.size(); ++i) results.totals[q][row + places[i]] = record.totals[q][i];
  }
}

void place_series(SweepResults& results, const RunRecord& record, const ChosenSeries& chosen) {
  for (std::size_t s = 0; s < chosen.size(); ++s) {
    const auto places = places_of(record, results, chosen[s]->dimension);
    const std::size_t width = results.entities_of(chosen[s]->dimension);
    const auto hours = static_cast<std::size_t>(record.hours);
    const std::size_t first_hour = record.run * static_cast<std::size_t>(results.hours);
    for (std::size_t hour = 0; hour < hours; ++hour) {
      for (std::size_t i = 0; i < places.size(); ++i)
        results.series[s][(first_hour + hour) * width + places[i]] = record.series[s][hour * places.size() + i];
    }
  }
}

}  // namespace

std::size_t SweepResults::failures() const {
  return static_cast<std::size_t>(std::ranges::count_if(errors, [](const auto& error) { return !error.empty(); }));
}

std::size_t SweepResults::entities_of(std::string_view dimension) const {
  const std::size_t index = dimension_index(dimension);
  return index == labels.size() ? 1 : labels[index].size();
}

double SweepResults::fleet_total(std::string_view key, std::size_t run) const {
  for (std::size_t q = 0; q < quantities().size(); ++q) {
    if (quantities()[q].dimension == "total" && quantities()[q].key == key) return totals[q][run];
  }
  return nan;
}

SweepResults gather(const Sweep& sweep, const PartialFile& finished) {
  const std::size_t runs = sweep.grid.size();
  SweepResults results;
  results.errors.resize(runs);
  results.flags.resize(runs);
  measure(results, finished);
  for (const auto& quantity : quantities())
    results.totals.emplace_back(runs * results.entities_of(quantity.dimension), nan);
  for (const Variable* variable : sweep.chosen) {
    results.series.emplace_back(
        runs * static_cast<std::size_t>(results.hours) * results.entities_of(variable->dimension), nan);
  }
  finished.for_each([&](const RunRecord& record) {
    if (!record.error.empty()) return;
    place_totals(results, record);
    place_series(results, record, sweep.chosen);
  });
  return results;
}

}  // namespace fleetwatt::analysis
