// From a scenario to a fleet that can run: names become indexes, written units become SI, files become series.
#pragma once

#include <memory>

#include "models/fleet/fleet.hpp"
#include "scenarios/loader/load_scenario.hpp"

namespace fleetwatt::scenarios {

/// An input file that went into the fleet.
struct InputFile {
  std::string written;  ///< as the scenario names it
  std::uint64_t content_hash = 0;
};

/// A trace replay that is part of a service's demand, for the summary to state.
struct ReplayNote {
  std::string service;
  std::size_t requests = 0;
  std::vector<sim::Duration> offsets;
};

/// What is asked of a service, and what its replicas can serve with a standing queue.
struct CapacityNote {
  std::string service;
  double offered_per_s = 0.0;
  double capacity_per_s = 0.0;  ///< estimated: steady state of full batches
};

struct BuiltFleet {
  models::Fleet fleet;
  std::vector<InputFile> inputs;
  std::vector<ReplayNote> replays;
  std::vector<CapacityNote> capacities;
  std::vector<std::string> notes;  ///< names that resolved to others, and the like
  double expected_requests = 0.0;  ///< over the run
};

/// Opens the files that the scenario names. Throws InputError with every fault that was found in them.
[[nodiscard]] BuiltFleet build_fleet(LoadedScenario& loaded);

}  // namespace fleetwatt::scenarios
