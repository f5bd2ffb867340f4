// A run as an HDF5 file that xarray opens with nothing of ours installed: dimension scales, CF attributes, UTC time.
// Nothing that changes from run to run goes in, so equal runs make equal files.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/results/run_output.hpp"

namespace fleetwatt::analysis {

inline constexpr const char* file_format = "fleetwatt results 1";

[[nodiscard]] std::vector<std::byte> results_image(const RunOutput& run);

/// Refuses (InputError) to let a run of `title` replace something that is not a finished run of the same title; `force`
/// lets it.
enum class Overwrite { same_scenario_only, anything };
void check_target(const std::string& path, const std::string& title, Overwrite overwrite);

}  // namespace fleetwatt::analysis
