// Runs a fleet: pools in parallel from tick to tick, then sites, then regions, in order of name, one after the other.
#pragma once

#include <atomic>
#include <functional>

#include "models/fleet/fleet_result.hpp"
#include "sim/parallel_for.hpp"

namespace fleetwatt::models {

struct RunControl {
  sim::ThreadTeam* team = nullptr;
  /// Called after each simulated hour with the share that is done; may be empty.
  std::function<void(double)> progress;
  /// Set from outside to stop at the next tick; may be null.
  const std::atomic<bool>* stop = nullptr;
};

/// The same result for any number of threads. Throws Interrupted when stopped.
[[nodiscard]] FleetResult simulate(Fleet& fleet, const RunControl& control);

}  // namespace fleetwatt::models
