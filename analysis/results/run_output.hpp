// A finished run: the scenario that was asked for, the fleet that it made, and what was observed.
// What the summary, the file, the checks and the exports are made of.
#pragma once

#include <optional>
#include <string>

#include "models/fleet/attribution.hpp"
#include "models/fleet/fleet_result.hpp"
#include "scenarios/loader/build_fleet.hpp"

namespace fleetwatt::analysis {

struct RunOutput {
  scenarios::LoadedScenario loaded;
  scenarios::BuiltFleet built;
  models::FleetResult result;
  models::Attribution attribution;

  [[nodiscard]] const models::Fleet& fleet() const { return built.fleet; }
  [[nodiscard]] const scenarios::Header& header() const { return loaded.scenario.scenario; }
};

/// "CISO", or "CISO 70 %, BPAT 30 %".
[[nodiscard]] std::string regions_text(const models::Fleet& fleet, std::size_t site);

}  // namespace fleetwatt::analysis
