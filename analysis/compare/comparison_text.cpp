#include "analysis/compare/comparison_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "analysis/compare/paired_noise.hpp"
#include "analysis/compare/request_energy.hpp"
#include "analysis/results/figures.hpp"

namespace fleetwatt::analysis {

namespace {

bool is_listed(const QuantityDifference& quantity, Listed listed) {
  return listed == Listed::all || quantity.differs();
}

/// A value as long as a column bears.
std::string shortened(const std::string& text) {
  constexpr std::size_t most = 60;
  if (text.empty()) return "(not set)";
  if (display_width(text) <= most) return text;
  std::size_t end = most - 3;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not inside a character
  return text.substr(0, end) + "...";
}

std::string changes_text(const std::vector<Change>& changes, const Screen& screen) {
  if (changes.empty()) return "nothing was changed\n";
  std::vector<std::vector<std::string>> rows;
  for (const auto& change : changes) rows.push_back({change.path, shortened(change.before), shortened(change.after)});
  return table({{"changed", Align::left}, {"A", Align::left}, {"B", Align::left}}, rows, screen);
}

std::string with_sign(const std::string& figure, double value) {
  return value > 0.0 ? "+" + figure : figure;
}

/// Of |a|, two significant digits.
std::string percent_of(double fraction) {
  if (!std::isfinite(fraction)) return "-";
  const double value = fraction * 1e2;
  const double size = std::fabs(value);
  const int decimals =
      size >= 10.0 || size == 0.0 ? 0 : std::clamp(1 - static_cast<int>(std::floor(std::log10(size))), 0, 6);
  return fmt::format("{:+.{}f} %", value, decimals);
}

/// Both of a pair to the digit at which the difference shows.
int decimals_of(const QuantityDifference& quantity) {
  const double size = std::fabs(quantity.difference());
  const int of_difference = size > 0.0 && std::isfinite(size) ? 1 - static_cast<int>(std::floor(std::log10(size))) : 0;
  return std::clamp(std::max({of_difference, decimals_shown(quantity.a), decimals_shown(quantity.b)}), 0, 9);
}

std::vector<std::string> row(const QuantityDifference& quantity) {
  const int decimals = decimals_of(quantity);
  return {quantity.path,
          quantity.unit,
          fixed(quantity.a, decimals),
          fixed(quantity.b, decimals),
          with_sign(figure(quantity.difference()), quantity.difference()),
          percent_of(quantity.fraction()),
          quantity.noise ? figure(*quantity.noise) : "-",
          quantity.below_noise() ? "~" : ""};
}

std::string quantities_text(const Comparison& comparison, Listed listed, const Screen& screen) {
  std::vector<std::vector<std::string>> rows;
  std::string dimension;
  for (const auto& quantity : comparison.quantities) {
    if (!is_listed(quantity, listed)) continue;
    if (!rows.empty() && quantity.dimension != dimension) rows.emplace_back(8);
    dimension = quantity.dimension;
    rows.push_back(row(quantity));
  }
  if (rows.empty()) return "no quantity differs\n";
  return table({{"quantity", Align::left},
                {"unit", Align::left},
                {"A"},
                {"B"},
                {"B - A"},
                {"of A"},
                {"noise"},
                {"", Align::left, true}},
               rows, screen);
}

std::string legend(const Comparison& comparison, Listed listed) {
  const auto equal = std::ranges::count_if(comparison.quantities, [](const auto& q) { return !q.differs(); });
  std::string text;
  if (listed == Listed::that_differ && equal > 0)
    text += fmt::format("{} quantities do not differ; --all lists them\n", equal);
  if (comparison.batches == 0) return text + fmt::format("noise: not known of runs under {} hours\n", fewest_batches);
  text += fmt::format(
      "noise: {} standard errors of B - A, from {} batches of paired hours; ~ marks what it may explain; - where there "
      "is no hourly series\n",
      noise_standard_errors, comparison.batches);
  if (!comparison.paired)
    text += "the seeds differ: nothing cancels, and chance that lasts longer than a batch is not in the noise\n";
  return text;
}

std::string only_text(const char* which, const std::vector<std::string>& paths) {
  return paths.empty() ? "" : fmt::format("only {}: {}\n", which, fmt::join(paths, ", "));
}

nlohmann::ordered_json number(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

}  // namespace

std::string comparison_text(const Comparison& comparison, const Headlines& heads, Listed listed, const Screen& screen) {
  const std::string text =
      fmt::format("A  {}\nB  {}\n\n{}\n{}{}{}{}{}", heads.a, heads.b, changes_text(comparison.changes, screen),
                  request_energy_text(comparison, screen), quantities_text(comparison, listed, screen),
                  legend(comparison, listed), only_text("A", comparison.only_a), only_text("B", comparison.only_b));
  return wrapped(text, screen);
}

nlohmann::ordered_json comparison_json(const Comparison& comparison, Listed listed) {
  nlohmann::ordered_json json;
  json["changes"] = nlohmann::ordered_json::array();
  for (const auto& change : comparison.changes)
    json["changes"].push_back({{"path", change.path}, {"a", change.before}, {"b", change.after}});
  json["batches"] = comparison.batches;
  json["paired"] = comparison.paired;
  json["quantities"] = nlohmann::ordered_json::object();
  for (const auto& quantity : comparison.quantities) {
    if (!is_listed(quantity, listed)) continue;
    nlohmann::ordered_json entry = {{"unit", quantity.unit},
                                    {"a", number(quantity.a)},
                                    {"b", number(quantity.b)},
                                    {"difference", number(quantity.difference())},
                                    {"fraction", number(quantity.fraction())}};
    entry["noise"] = quantity.noise ? number(*quantity.noise) : nlohmann::ordered_json(nullptr);
    entry["below_noise"] =
        quantity.noise ? nlohmann::ordered_json(quantity.below_noise()) : nlohmann::ordered_json(nullptr);
    json["quantities"][quantity.path] = std::move(entry);
  }
  json["only_a"] = comparison.only_a;
  json["only_b"] = comparison.only_b;
  return json;
}

}  // namespace fleetwatt::analysis
