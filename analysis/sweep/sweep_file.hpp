// A sweep as an HDF5 file that xarray opens: a results file (analysis/results/writer.hpp) with a dimension `run`. The
// values of each varied path are a coordinate on it, named by the path.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/sweep/sweep_results.hpp"

namespace fleetwatt::analysis {

/// In the format sweep_format (analysis/results/writer.hpp).
[[nodiscard]] std::vector<std::byte> sweep_image(const Sweep& sweep, const SweepResults& results);

/// The variable of a varied path: the path, but for what a name in the file cannot hold (`/`, blanks), which is `_`.
[[nodiscard]] std::string axis_variable(const std::string& path);

/// `PATH=[VALUE, VALUE]`
[[nodiscard]] std::string axis_text(const Axis& axis);

}  // namespace fleetwatt::analysis
