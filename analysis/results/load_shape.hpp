// The fleet's load as one line of bars: hour by hour where a screen has room for them, else the shape of its days or of
// its year.
#pragma once

#include <string>
#include <vector>

#include "analysis/results/screen.hpp"
#include "sim/calendar.hpp"

namespace fleetwatt::analysis {

/// Hourly loads of a run that began at `start`, in W. Up to three days, a bar an hour; then the mean of each hour of
/// the day, in UTC; and from 60 days on the mean of each seven days, of each month where those are too many, or of each
/// year. The last may be cut short by the run's end. Ends in a line break.
[[nodiscard]] std::string load_shape(const std::vector<double>& load_w, sim::UtcSeconds start, const Screen& screen);

}  // namespace fleetwatt::analysis
