// Runs a fleet: pools in parallel from tick to tick, then sites, then regions, in order of name, one after the other.
// The books are audited at the end of each day and of the run.
#pragma once

#include <atomic>
#include <functional>
#include <limits>

#include "models/fleet/fleet_result.hpp"
#include "sim/parallel_for.hpp"

namespace fleetwatt::models {

struct RunControl {
  sim::ThreadTeam* team = nullptr;
  /// Called after each simulated hour with the share that is done; may be empty.
  std::function<void(double)> progress = {};
  /// Set from outside to stop at the next tick; may be null.
  const std::atomic<bool>* stop = nullptr;
  /// Go on after an audit that failed; the result says so.
  bool keep_breached = false;
  /// What waiting requests may take. The run ends before the hour that would exceed it; a flag says so.
  double queue_limit_bytes = std::numeric_limits<double>::infinity();
  /// Called before each audit: where a test breaks one side of a ledger. Empty in the program.
  std::function<void(FleetResult&)> before_audit = {};
};

/// The same result for any number of threads. Throws Interrupted when stopped, AuditError where an audit fails.
[[nodiscard]] FleetResult simulate(Fleet& fleet, const RunControl& control);

}  // namespace fleetwatt::models
