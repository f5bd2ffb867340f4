// Why a request of one run takes another energy than one of the other: its joules at the meter by owner, side by side.
#pragma once

#include <string>

#include "analysis/compare/compare_results.hpp"
#include "analysis/results/screen.hpp"

namespace fleetwatt::analysis {

/// A table for each service that both runs have and whose energy a request differs; empty where there is none.
[[nodiscard]] std::string request_energy_text(const Comparison& comparison, const Screen& screen = {});

}  // namespace fleetwatt::analysis
