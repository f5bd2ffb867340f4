// The one path from a scenario to a finished run, which the command line, sweeps and notebooks all take: load, build,
// simulate with its audits, attribute.
#pragma once

#include <atomic>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "analysis/results/run_output.hpp"

namespace fleetwatt::analysis {

struct RunOptions {
  int threads = 1;
  /// Called with the share of the run that is done; may be empty.
  std::function<void(double)> progress = {};
  /// Set from outside to stop; may be null.
  const std::atomic<bool>* stop = nullptr;
  /// Called with the fleet before it runs: where a run that cannot be held is refused. May be empty.
  std::function<void(const scenarios::BuiltFleet&)> before_simulating = {};
  /// Go on after an audit that failed; the result says so.
  bool keep_breached = false;
  /// See models::RunControl.
  double queue_limit_bytes = std::numeric_limits<double>::infinity();
  /// Called before each audit: where a test breaks one side of a ledger. Empty in the program.
  std::function<void(models::FleetResult&)> before_audit = {};
};

/// Throws InputError, IoError, AuditError or Interrupted.
[[nodiscard]] RunOutput run_scenario(scenarios::LoadedScenario loaded, const RunOptions& options);

}  // namespace fleetwatt::analysis
