#include "analysis/results/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace fleetwatt::analysis {

namespace {

std::string with_thousands(std::string digits) {
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t at = point; at > first + 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

constexpr std::array<std::string_view, 8> bars = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

}  // namespace

std::string fixed(double value, int decimals) {
  return std::isfinite(value) ? with_thousands(fmt::format("{:.{}f}", value, decimals)) : "-";
}

int decimals_shown(double value) {
  if (!std::isfinite(value) || value == 0.0) return 0;
  const int magnitude = static_cast<int>(std::floor(std::log10(std::fabs(value))));
  const double leading = std::fabs(value) / std::pow(10.0, magnitude);
  const int significant = leading < 2.0 ? 4 : 3;
  return std::clamp(significant - 1 - magnitude, 0, 9);
}

std::string figure(double value) {
  return fixed(value, decimals_shown(value));
}

std::string count(double value) {
  return fixed(value, 0);
}

std::string percent(double fraction) {
  if (!std::isfinite(fraction)) return "-";
  const double value = fraction * 1e2;
  const bool near_an_end = value > 90.0 || (value < 10.0 && value > 0.0);
  return fmt::format("{:.{}f} %", value, near_an_end && value < 99.95 ? 1 : 0);
}

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::size_t width = display_width(columns[i].head);
    for (const auto& row : rows) width = std::max(width, display_width(row[i]));
    widths.push_back(width);
  }
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string blanks(widths[i] - display_width(cells[i]), ' ');
      text += (i == 0 ? "" : "   ") + (columns[i].align == Align::right ? blanks + cells[i] : cells[i] + blanks);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
  };
  std::vector<std::string> heads;
  for (const auto& column : columns) heads.push_back(column.head);
  std::string text = line(heads);
  for (const auto& row : rows) text += line(row);
  return text;
}

std::string sparkline(const std::vector<double>& values, std::size_t width) {
  const std::size_t cells = std::min(width, values.size());
  if (cells == 0) return "";
  std::vector<double> means;
  for (std::size_t i = 0; i < cells; ++i) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(i * values.size() / cells);
    const auto end = values.begin() + static_cast<std::ptrdiff_t>((i + 1) * values.size() / cells);
    means.push_back(std::accumulate(begin, end, 0.0) / static_cast<double>(end - begin));
  }
  const auto [low, high] = std::ranges::minmax(means);
  std::string text;
  for (const double mean : means) {
    const double share = high > low ? (mean - low) / (high - low) : 0.0;
    text += bars[std::min<std::size_t>(static_cast<std::size_t>(share * static_cast<double>(bars.size())),
                                       bars.size() - 1)];
  }
  return text;
}

}  // namespace fleetwatt::analysis
