// From a scenario to a fleet that can run: names become indexes, written units become SI, files become series.
#pragma once

#include <memory>

#include "models/fleet/fleet.hpp"
#include "models/serving/pace.hpp"
#include "scenarios/loader/load_scenario.hpp"

namespace fleetwatt::scenarios {

/// An input file that went into the fleet.
struct InputFile {
  std::string written;  ///< as the scenario names it
  std::uint64_t content_hash = 0;
  std::size_t bytes = 0;
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
  double accepted_per_s = 0.0;  ///< of them, those short enough for the model's context and a replica's cache
  double capacity_per_s = 0.0;  ///< estimated: steady state of full batches
  std::size_t pools = 0;
  std::vector<std::string> saturated = {};  ///< clusters of those pools whose share is more than they can serve
};

/// What is expected of a service's pool, for a forecast of the run.
struct ExpectedLoad {
  std::size_t pool = 0;  ///< into the fleet's
  int replicas = 1;
  double requests_per_s = 0.0;  ///< arriving, mean over the demand curve's week
  double accepted_fraction = 1.0;
  int normal_draws = 0;       ///< a request's log-normal lengths
  sim::Duration length = {};  ///< that requests come for, from the run's start
  models::DemandCurve curve{models::DemandShape::flat, sim::TimeZone::utc()};
  std::vector<models::PacePoint> pace;  ///< of one replica, by the requests that it is given; the last is its capacity

  /// Of all replicas.
  [[nodiscard]] double capacity_per_s() const { return pace.empty() ? 0.0 : replicas * pace.back().requests_per_s; }
};

struct BuiltFleet {
  models::Fleet fleet;
  std::vector<InputFile> inputs;
  std::vector<ReplayNote> replays;
  std::vector<CapacityNote> capacities;
  std::vector<ExpectedLoad> loads;
  std::vector<std::string> notes;  ///< names that resolved to others, and the like
  double expected_requests = 0.0;  ///< over the run
};

/// Opens the files that the scenario names. Throws InputError with every fault that was found in them.
[[nodiscard]] BuiltFleet build_fleet(LoadedScenario& loaded);

}  // namespace fleetwatt::scenarios
