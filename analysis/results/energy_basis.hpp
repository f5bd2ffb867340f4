// Which share of a run's energy rests on what. Each owner of energy has the weakest basis among the catalogue entries
// that its formula read; shares are weighted by energy.
#pragma once

#include <array>

#include "analysis/results/run_output.hpp"

namespace fleetwatt::analysis {

/// Joules by basis, in the order of sim::Basis.
[[nodiscard]] std::array<double, 4> energy_by_basis_j(const RunOutput& run);

}  // namespace fleetwatt::analysis
