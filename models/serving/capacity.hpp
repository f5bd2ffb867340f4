// What a replica can serve: the steady state of a full batch of the service's requests, as many as the batch limit, the
// cache and the prompt tokens of an iteration allow; and how many iterations it makes below that. Leaves out latency
// targets: at capacity the queue stands.
#pragma once

#include <optional>
#include <vector>

#include "models/serving/context_limit.hpp"
#include "models/serving/iteration_model.hpp"
#include "models/serving/pace.hpp"
#include "models/serving/steady_state.hpp"
#include "models/workload/attachments.hpp"
#include "models/workload/request_trace.hpp"
#include "models/workload/token_lengths.hpp"

namespace fleetwatt::models {

/// Of prompts or outputs, in tokens. The second is the mean over running requests, which a request is for as long as
/// its output: among them those with long outputs are more often.
struct LengthMoments {
  double mean = 1.0;
  double running_mean = 1.0;
};

/// Of the requests that a replica runs.
struct RequestMoments {
  LengthMoments prompt;
  LengthMoments output;
  double prompt_around_token = 0.0;  ///< as SteadyLoad's
  double attachment_fraction = 0.0;  ///< of requests with images or videos
  double accepted_fraction = 1.0;    ///< of those that arrive; the others are rejected for their length
};

/// What becomes of lengths on the way to a replica.
struct LengthRules {
  ContextLimit context = {};
  Attachments attachments = {};
  std::int64_t most_tokens = 0;  ///< that the cache holds; longer requests are rejected; 0 = no limit
};

/// Lengths as asked for, attachments, then the limits: from a grid over both laws, good to half a per cent; exact for a
/// trace. All zero where none is accepted.
[[nodiscard]] RequestMoments moments_of(const AnyLength& prompt, const AnyLength& output,
                                        const LengthRules& rules = {});
[[nodiscard]] RequestMoments moments_of(const RequestTrace& trace, const LengthRules& rules = {});

/// Sequences that the batch limit and the cache let run together, on average: a request holds room for its prompt and
/// its whole output.
[[nodiscard]] double sequences_that_fit(const IterationModel& model, const RequestMoments& requests);

/// The steady state of the batch that a standing queue keeps: as many as fit, or as many as the prompt tokens of an
/// iteration can feed. Empty when not one fits.
[[nodiscard]] std::optional<SteadyState> full_batch(const IterationModel& model, const RequestMoments& requests);

/// Requests a second of one replica with a standing queue; 0 when not one fits.
[[nodiscard]] double capacity_per_s(const IterationModel& model, const RequestMoments& requests);

/// From idle to a full batch, by load. Requests come independently: with n of them on average a replica is busy in a
/// share 1 - e^-n of the time. Empty when not one fits.
[[nodiscard]] std::vector<PacePoint> pace_by_load(const IterationModel& model, const RequestMoments& requests);

}  // namespace fleetwatt::models
