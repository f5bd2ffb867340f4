// A measured serving run again, on one simulated replica: the requests of the log arrive when they did, with their
// tokens, and are served by models::Replica, the class that a run uses, iteration by iteration until all are done. What
// the log measured and what the replay gives are the same quantities, worked out in the same way. Leaves out: requests
// that failed in the measured run; prefix caching, preemption and speculative decoding, as the replica does.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/calibrate/power_log.hpp"
#include "analysis/calibrate/serving_log.hpp"
#include "models/serving/iteration_model.hpp"

namespace fleetwatt::analysis {

/// How one request fared, in seconds from its arrival.
struct RequestTimes {
  double time_to_first_token_s = 0.0;
  std::optional<double> time_per_output_token_s;  ///< (last - first token)/(tokens - 1); empty for a single token
  double latency_s = 0.0;                         ///< to its last token
};

/// Means over requests; NaN where none has such a time.
struct MeanTimes {
  double time_to_first_token_s = 0.0;
  double time_per_output_token_s = 0.0;
  double latency_s = 0.0;
};

/// A run as measured or replayed. Its span is from the first arrival to the last token.
struct ServedRun {
  std::vector<RequestTimes> requests;  ///< in the log's order
  MeanTimes mean;
  double span_s = 0.0;
  /// Share of the span in which as many requests as the batch may hold, or more, had arrived and not ended. The engine
  /// then runs a full batch, unless its cache is full.
  double full_batch_fraction = 0.0;
  int most_in_flight = 0;  ///< requests that had arrived and not ended
};

struct Replay {
  ServedRun run;
  double at_batch_limit_fraction = 0.0;    ///< share of the span in iterations whose batch was at the limit
  double energy_j = 0.0;                   ///< all GPUs over the span, idle between requests included
  std::vector<double> energy_in_second_j;  ///< the same, by whole seconds since the first arrival; the last may be
                                           ///< partly after the span
};

/// What the log itself says; `batch_limit` sequences are in flight at most.
[[nodiscard]] ServedRun measured_run(const ServingLog& log, int batch_limit);

/// The first request, by its place in the log, that the cache can never hold.
[[nodiscard]] std::optional<std::size_t> request_beyond_cache(const ServingLog& log,
                                                              const models::IterationModel& model);

/// Serves the requests of the log. All must fit the cache (`request_beyond_cache`), else OutOfRange; so does a log
/// longer than 17 years.
[[nodiscard]] Replay replay(const ServingLog& log, const models::IterationModel& model);

/// Mean power of all GPUs over [from_s, to_s), seconds since the first arrival, each second weighted by how much of it
/// the measured log covers (power_log.hpp); NaN where it covers nothing. `first_arrival_s` is on the power log's clock.
[[nodiscard]] double replayed_power_w(const Replay& replay, const PowerLog& log, double first_arrival_s, double from_s,
                                      double to_s, double longest_gap_s);

}  // namespace fleetwatt::analysis
