// The measured vLLM 0.19 run of Llama 3.1 8B on an RTX PRO 6000 (serving-runs/), replayed request by request: with the
// catalogue alone, and with two constants fitted to the run itself.
#pragma once

#include <string>

#include "analysis/calibrate/fit_profile.hpp"
#include "scenarios/schema/scenario.hpp"

namespace fleetwatt::analysis {

/// Beside what the requests' own times say of the full batch: the share of seconds in which the engine's record shows
/// at most one sequence less than the limit. It samples after an iteration has ended, before a finished sequence's
/// place is given away.
struct MeasuredRun {
  ProfileFit fit;
  double sampled_at_limit_fraction = 0.0;
};

/// `folder` holds serving-runs/.
[[nodiscard]] MeasuredRun replay_measured_run(const std::string& folder, const scenarios::Catalog& catalog);

}  // namespace fleetwatt::analysis
