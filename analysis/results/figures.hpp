// Numbers and tables as people read them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fleetwatt::analysis {

/// Three significant digits (four where the first is 1), thousands apart by commas, no exponent: 0.138, 9.91,
/// 2,747,104. `-` for what is not a number.
[[nodiscard]] std::string figure(double value);
/// With that many decimals, thousands apart; `-` for what is not a number.
[[nodiscard]] std::string fixed(double value, int decimals);
/// The decimals that figure() shows.
[[nodiscard]] int decimals_shown(double value);
/// A count, thousands apart.
[[nodiscard]] std::string count(double value);
/// `64 %`, `99.1 %`
[[nodiscard]] std::string percent(double fraction);

enum class Align { left, right };

struct Column {
  std::string head;
  Align align = Align::right;
};

/// Rows under their heads, each column as wide as its widest cell, three blanks between columns.
[[nodiscard]] std::string table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows);

/// At most `width` bars, each the mean of its part of the series, from the least (lowest bar) to the greatest.
[[nodiscard]] std::string sparkline(const std::vector<double>& values, std::size_t width);

/// How many columns a text takes on a terminal: code points, not bytes.
[[nodiscard]] std::size_t display_width(std::string_view text);

}  // namespace fleetwatt::analysis
