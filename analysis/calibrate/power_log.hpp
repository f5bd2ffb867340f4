// Power over time as a meter, a board controller or nvidia-smi logs it, and its mean over a span. A sample holds until
// the next one. Leaves out what a meter does between its samples, and its lag (on Ampere and later, nvidia-smi's
// power.draw is a mean over the last second). One row a time: the rows of several GPUs must be summed before.
#pragma once

#include <string>
#include <vector>

namespace fleetwatt::analysis {

/// Which columns say what; an empty name is looked for among the names that tools write.
struct PowerLogColumns {
  std::string time = {};
  std::string power = {};
};

struct PowerSample {
  double time_s = 0.0;   ///< on the log's own clock; Unix time where it writes dates (UTC where they have no offset)
  double power_w = 0.0;  ///< >= 0
};

struct PowerLog {
  std::vector<PowerSample> samples;  ///< at least one, times strictly increasing
};

/// Reads a CSV log with a header line, or JSON objects one a line (log_table.hpp has what is accepted). Powers are
/// watts, or kilowatts in a column whose name ends in `_kw`, unless the cell has its unit: `412.3 W`, `4.1 kW`.
///
/// throws  InputError with every fault (the first 20 in full): columns that are not there, cells that are no
///         times or no powers, negative powers, a time that does not follow the one above it, no sample at all
[[nodiscard]] PowerLog read_power_log(const std::string& text, const std::string& file_name,
                                      const PowerLogColumns& columns);

/// Mean over [from_s, to_s), each sample weighted by how long it holds: until the next one, and longest_gap_s (> 0) at
/// most, the last one too. What no sample covers carries no weight; NaN where nothing is covered.
[[nodiscard]] double mean_power_w(const PowerLog& log, double from_s, double to_s, double longest_gap_s);

/// How much of [from_s, to_s) samples cover, by the same rule.
[[nodiscard]] double covered_s(const PowerLog& log, double from_s, double to_s, double longest_gap_s);

}  // namespace fleetwatt::analysis
