#include "analysis/results/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace fleetwatt::analysis {

namespace {

std::string with_thousands(std::string digits) {
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t at = point; at > first + 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

constexpr std::array<std::string_view, 8> levels = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

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

std::vector<std::string> bars(const std::vector<double>& values) {
  std::vector<std::string> line;
  if (values.empty()) return line;
  const auto [low, high] = std::ranges::minmax(values);
  for (const double value : values) {
    const double share = high > low ? (value - low) / (high - low) : 0.0;
    const auto level = static_cast<std::size_t>(share * static_cast<double>(levels.size()));
    line.emplace_back(levels[std::min(level, levels.size() - 1)]);
  }
  return line;
}

}  // namespace fleetwatt::analysis
