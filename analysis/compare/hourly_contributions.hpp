// What each hour contributes to a total: the series whose mean is the total, by which batch means can judge it. Totals
// that are sums or means of an hourly variable are that variable; ratios (PUE, g/kWh) are linearised about their own
// value, the delta method (Law 2015, section 9.5.3; Cochran, Sampling Techniques, 3rd ed., section 6.5).
//
// Totals without such a series have none: percentiles, peaks, counts of jobs, and a site's CO2 and cost (their region
// has one).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/results/reader.hpp"

namespace fleetwatt::analysis {

/// Of `variable`, a total such as `site_pue_mean`, for the entity of that index; as many values as the file has hours,
/// in the total's unit. nullopt where the file has no hourly series for it.
[[nodiscard]] std::optional<std::vector<double>> hourly_contributions(const ResultsFile& file,
                                                                      const std::string& variable, std::size_t entity,
                                                                      double value);

}  // namespace fleetwatt::analysis
