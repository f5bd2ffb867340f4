#include "analysis/sweep/shown_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/results/quantities.hpp"
#include "scenarios/loader/name_pattern.hpp"
#include "scenarios/schema/nearest.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr std::size_t most_that_differ = 5;
constexpr std::array usual_keys = {"energy_mwh", "peak_load_mw", "pue", "co2_t", "cost_usd", "water_m3"};

/// `service.chat.ttft_p99_s`: dimension, entity (which may hold dots) and key; a key alone has neither of the others.
struct Word {
  std::string dimension;
  std::string entity;
  std::string key;
};

Word parsed(const std::string& text) {
  const std::size_t first = text.find('.');
  const std::size_t last = text.rfind('.');
  if (first == std::string::npos) return {"", "", text};
  if (first == last) return {text.substr(0, first), "", text.substr(last + 1)};
  return {text.substr(0, first), text.substr(first + 1, last - first - 1), text.substr(last + 1)};
}

bool has_total(const std::string& key) {
  return std::ranges::any_of(quantities(), [&](const Quantity& q) { return q.dimension == "total" && q.key == key; });
}

bool is_named(const Quantity& quantity, const Word& word) {
  if (quantity.variable == word.key && word.dimension.empty()) return true;
  if (quantity.key != word.key) return false;
  if (!word.dimension.empty()) return quantity.dimension == word.dimension;
  return quantity.dimension == "total" || !has_total(word.key);
}

/// A name may hold dots (`us-east.serving`), which a pattern's `*` does not match: part by part, as it is written.
bool is_entity(const Word& word, const std::string& name) {
  return word.entity.empty() || word.entity == "*" || scenarios::name_matches(word.entity, name);
}

std::string path_of(const Quantity& quantity, const std::string& entity) {
  return entity.empty() ? std::string(quantity.key) : fmt::format("{}.{}.{}", quantity.dimension, entity, quantity.key);
}

ShownColumn column_of(const SweepResults& results, std::size_t q, std::size_t entity) {
  const Quantity& quantity = quantities()[q];
  const std::size_t dimension = dimension_index(quantity.dimension);
  const std::size_t width = results.entities_of(quantity.dimension);
  ShownColumn column;
  column.path = path_of(quantity, dimension < results.labels.size() ? results.labels[dimension][entity] : "");
  column.unit = quantity.unit == "1" ? "" : std::string(quantity.unit);
  for (std::size_t run = 0; run < results.errors.size(); ++run)
    column.values.push_back(results.totals[q][run * width + entity]);
  return column;
}

/// Difference of the extremes over the larger; 0 where a run's number is missing that another has.
double spread(const ShownColumn& column) {
  double low = INFINITY, high = -INFINITY;
  for (const double value : column.values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  const double size = std::max(std::fabs(low), std::fabs(high));
  return high > low && size > 0.0 ? (high - low) / size : 0.0;
}

/// In the same proportion in every run: energy and mean load, a site alone and the fleet.
bool says_the_same(const ShownColumn& a, const ShownColumn& b) {
  constexpr double same = 1e-9;
  double ratio = NAN;
  for (std::size_t run = 0; run < a.values.size(); ++run) {
    const double x = a.values[run];
    const double y = b.values[run];
    if (std::isfinite(x) != std::isfinite(y)) return false;
    if (!std::isfinite(x) || (x == 0.0 && y == 0.0)) continue;
    if (x == 0.0 || y == 0.0) return false;
    if (std::isnan(ratio)) ratio = y / x;
    if (std::fabs(y / x - ratio) > same * std::fabs(ratio)) return false;
  }
  return true;
}

/// Of a few jobs or requests one more is much: counts would push everything else out.
bool is_count(std::string_view key) {
  return key.starts_with("jobs") || key.starts_with("requests") || key == "output_tokens";
}

void add_asked(const SweepResults& results, const std::string& text, std::vector<ShownColumn>& columns) {
  const Word word = parsed(text);
  for (std::size_t q = 0; q < quantities().size(); ++q) {
    if (!is_named(quantities()[q], word)) continue;
    const std::size_t dimension = dimension_index(quantities()[q].dimension);
    for (std::size_t i = 0; i < results.entities_of(quantities()[q].dimension); ++i) {
      if (dimension < results.labels.size() && !is_entity(word, results.labels[dimension][i])) continue;
      auto column = column_of(results, q, i);
      if (std::ranges::find(columns, column.path, &ShownColumn::path) == columns.end())
        columns.push_back(std::move(column));
    }
  }
}

/// By registry and entity, the more different first.
std::vector<ShownColumn> candidates(const SweepResults& results) {
  std::vector<ShownColumn> all;
  for (std::size_t q = 0; q < quantities().size(); ++q) {
    if (is_count(quantities()[q].key)) continue;
    for (std::size_t i = 0; i < results.entities_of(quantities()[q].dimension); ++i) {
      auto column = column_of(results, q, i);
      if (spread(column) > 0.0) all.push_back(std::move(column));
    }
  }
  std::ranges::stable_sort(all, std::ranges::greater{}, spread);
  return all;
}

void add_those_that_differ(const SweepResults& results, std::vector<ShownColumn>& columns) {
  const std::size_t most = columns.size() + most_that_differ;
  for (auto& candidate : candidates(results)) {
    if (columns.size() == most) return;
    if (std::ranges::none_of(columns, [&](const auto& shown) { return says_the_same(shown, candidate); }))
      columns.push_back(std::move(candidate));
  }
}

}  // namespace

void check_shown(const std::vector<std::string>& words) {
  for (const auto& text : words) {
    const Word word = parsed(text);
    if (std::ranges::any_of(quantities(), [&](const Quantity& q) { return is_named(q, word); })) continue;
    std::vector<std::string> known;
    for (const auto& quantity : quantities()) {
      if (word.dimension.empty() || quantity.dimension == word.dimension) known.emplace_back(quantity.key);
    }
    std::string mend = scenarios::suggestion(word.key, known);
    if (known.empty()) mend = scenarios::suggestion(word.dimension, {"total", "site", "region", "service", "cluster"});
    throw sim::InputError(
        sim::Diagnostic{{"--show " + text, 0, 0}, fmt::format("no quantity `{}`", text), "", 1, std::move(mend)});
  }
}

std::vector<ShownColumn> shown_columns(const SweepResults& results, const std::vector<std::string>& words) {
  std::vector<ShownColumn> columns;
  for (const auto& word : words) add_asked(results, word, columns);
  add_those_that_differ(results, columns);
  if (!columns.empty()) return columns;
  for (const auto* key : usual_keys) add_asked(results, std::string("total.") + key, columns);
  return columns;
}

}  // namespace fleetwatt::analysis
