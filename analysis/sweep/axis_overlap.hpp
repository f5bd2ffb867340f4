// Axes that set one value: of two, the one that is laid later would win in every run, and the other say what is not so.
#pragma once

#include "analysis/sweep/grid.hpp"
#include "scenarios/schema/document.hpp"

namespace fleetwatt::analysis {

/// Whether the two, `first` laid before `second`, set a value twice, or the second takes away what the first set: by
/// what their paths stand for in the document (`*`), and by the keys inside of tables ({ family = "static-pue", pue
/// = 1.2 }).
[[nodiscard]] bool overlap(const Axis& first, const Axis& second, const scenarios::Node& document);

}  // namespace fleetwatt::analysis
