// A sweep from its command to its file: check the grid, run what is not done yet on all cores, write one file. All runs
// have the same random numbers: streams are named by seed and entity, not by run.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "analysis/sweep/sweep_results.hpp"

namespace fleetwatt::analysis {

struct SweepRequest {
  std::string scenario;
  std::vector<std::string> vary;
  std::vector<std::string> overrides;
  std::vector<std::string> series;  ///< hourly variables to keep
  std::vector<std::string> show;  ///< quantities for the screen (see shown_quantities()), checked before the first run
  std::string output;
  int threads = 1;
  std::uint64_t budget = 100'000;
  bool resume = false;
  bool force = false;
  bool skip_impossible = false;  ///< record combinations that make no scenario as failed, rather than refuse the sweep
};

struct SweepOptions {
  /// Called after each run, one call at a time; may be empty. Runs that an earlier sweep finished are among `done`.
  std::function<void(std::size_t done, std::size_t total)> progress;
  /// Set from outside to stop; may be null.
  const std::atomic<bool>* stop = nullptr;
};

struct SweepOutcome {
  Sweep sweep;
  std::string partial;       ///< path of the side file
  std::size_t finished = 0;  ///< all of the grid, unless it was interrupted: then there are no results
  std::size_t resumed = 0;   ///< of an earlier sweep
  std::size_t dropped = 0;   ///< damaged lines of the side file; their runs were done again
  SweepResults results;
  std::size_t written_bytes = 0;

  [[nodiscard]] bool interrupted() const { return finished < sweep.grid.size(); }
};

/// Throws InputError and IoError; Interrupted before the first run. A run that fails is recorded with its error.
[[nodiscard]] SweepOutcome run_sweep(const SweepRequest& request, const SweepOptions& options);

}  // namespace fleetwatt::analysis
