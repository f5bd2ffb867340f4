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

struct BuiltFleet {
  models::Fleet fleet;
  std::vector<InputFile> inputs;
  std::vector<ReplayNote> replays;
  std::vector<std::string> notes;  ///< names that resolved to others, and the like
  double expected_requests = 0.0;  ///< over the run
};

/// Opens the files that the scenario names. Throws InputError with every fault that was found in them.
[[nodiscard]] BuiltFleet build_fleet(LoadedScenario& loaded);

}  // namespace fleetwatt::scenarios
