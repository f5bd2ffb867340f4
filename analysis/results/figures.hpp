// Numbers as people read them, and short lines of bars.
#pragma once

#include <string>
#include <vector>

#include "analysis/results/table.hpp"

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

/// A bar a value, from the least (lowest bar) to the greatest.
[[nodiscard]] std::vector<std::string> bars(const std::vector<double>& values);

}  // namespace fleetwatt::analysis
