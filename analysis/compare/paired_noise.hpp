// How far a difference between two runs can be chance: nonoverlapping batch means of the paired hourly differences.
// Both runs draw the same random numbers, so what they share cancels hour by hour and only the noise of the difference
// is left. Method: Law, Simulation Modeling and Analysis, 5th ed. (2015), sections 9.5.3 (batch means) and 11.2 (common
// random numbers); 10 to 30 batches: Schmeiser (1982), Oper. Res. 30(3), 556.
//
// What it leaves out:
// - A regular course (day and night, working days) counts as noise where batches cut it: the estimate is then too wide,
//   and a difference is rather marked than not. Batches are therefore whole days once the run has ten of them.
// - What lasts longer than a batch (a queue that builds up, a week's weather) is not seen: the estimate is too narrow.
// - 1.96 is the normal's quantile. With b batches Student's t with b - 1 degrees of freedom would be exact: under pure
//   noise 8 % (b = 10) to 6 % (b = 30) of differences go unmarked, not 5 %.
// - It speaks of these hours with other random numbers, not of other seasons, other scenarios or errors of the models.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace fleetwatt::analysis {

struct BatchEstimate {
  double mean = 0.0;
  double standard_error = 0.0;  ///< of the mean
  std::size_t batches = 0;
};

inline constexpr std::size_t fewest_batches = 10;
inline constexpr std::size_t most_batches = 30;
/// Standard errors within which a difference may be chance.
inline constexpr double noise_standard_errors = 1.96;

/// Of hourly values in the order of time. nullopt for fewer than ten hours, and where a value is not a number.
[[nodiscard]] std::optional<BatchEstimate> batch_means(std::span<const double> hourly);

}  // namespace fleetwatt::analysis
