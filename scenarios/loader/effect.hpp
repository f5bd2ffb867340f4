// Keys that mean something, but nothing in this scenario: the processor of a log where jobs are synthetic, the
// scheduler of a cluster without jobs. Written, they are refused; `show --all` leaves them out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/loader/load_scenario.hpp"

namespace fleetwatt::scenarios {

struct IdleKey {
  std::string path;  ///< it and all below
  std::string why;
  std::string mend;
  std::string cause;  ///< the key that makes it so, which may have been laid over it; empty where none can
};

[[nodiscard]] std::vector<IdleKey> idle_keys(const Scenario& scenario);

/// Whether a path is one of them or below one.
[[nodiscard]] bool is_idle(const std::vector<IdleKey>& idle, const std::string& path);

/// Refuses those that are written, but for keys of a base that something laid over it has made idle.
void check_effect(LoadedScenario& loaded);

/// What the column of a region's carbon file says that its intensities are; empty where it does not say.
[[nodiscard]] std::optional<models::CarbonBasis> basis_of_column(const RegionSpec& region);

}  // namespace fleetwatt::scenarios
