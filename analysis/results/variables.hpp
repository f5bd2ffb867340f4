// The registry of hourly variables: name, dimension, unit, meaning. The writer, the exports and the documentation read
// it; a test compares it with what a run records.
#pragma once

#include <span>
#include <string_view>

namespace fleetwatt::analysis {

struct Variable {
  std::string_view name;
  std::string_view dimension;  ///< site, region, service, cluster; empty for the fleet as a whole
  std::string_view unit;       ///< as the file's `units` has it; "1" for a plain number
  std::string_view long_name;
  std::string_view cell_methods;
};

[[nodiscard]] std::span<const Variable> variables();
/// Null for a name that is not registered.
[[nodiscard]] const Variable* find_variable(std::string_view name);

}  // namespace fleetwatt::analysis
