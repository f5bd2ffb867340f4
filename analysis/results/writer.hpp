// A run as an HDF5 file that xarray opens with nothing of ours installed: dimension scales, CF attributes, UTC time.
// Nothing that changes from run to run goes in, so equal runs make equal files.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/run_output.hpp"

namespace fleetwatt::analysis {

inline constexpr const char* file_format = "fleetwatt results 1";
inline constexpr const char* differences_format = "fleetwatt differences 1";  ///< analysis/compare
inline constexpr const char* sweep_format = "fleetwatt sweep 1";              ///< analysis/sweep

[[nodiscard]] std::vector<std::byte> results_image(const RunOutput& run);

/// The dimension `time`, with its bounds, in a new file.
void add_time(Hdf5Image& file, sim::UtcSeconds start, std::int64_t hours);

/// Refuses (InputError) to let a run of `title` replace something that is not a finished run of the same title; `force`
/// lets it. Files of another format are kept apart the same way.
enum class Overwrite { same_scenario_only, anything };
void check_target(const std::string& path, const std::string& title, Overwrite overwrite,
                  const std::string& format = file_format);

}  // namespace fleetwatt::analysis
