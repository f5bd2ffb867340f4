// A figure in a sentence.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>

namespace fleetwatt::models {

/// So many significant digits, and all of those before the point: "0.0123", "12.3", "12345".
[[nodiscard]] inline std::string in_digits(double value, int digits) {
  return std::abs(value) >= std::pow(10.0, digits) ? fmt::format("{:.0f}", value)
                                                   : fmt::format("{:.{}g}", value, digits);
}

}  // namespace fleetwatt::models
