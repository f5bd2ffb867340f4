// What a replica can serve: the steady state of a full batch of the service's requests, as many as the batch limit and
// the cache allow. Leaves out latency targets: at capacity the queue stands.
#pragma once

#include <optional>
#include <span>

#include "models/serving/iteration_model.hpp"
#include "models/serving/steady_state.hpp"
#include "models/workload/attachments.hpp"
#include "models/workload/request_trace.hpp"
#include "models/workload/token_lengths.hpp"

namespace fleetwatt::models {

/// Mean and E[x^2]/E[x] of a length: the second is the mean over running requests, among which long ones are more
/// often.
struct LengthMoments {
  double mean = 1.0;
  double running_mean = 1.0;
};

/// A log-normal law's cap is not counted.
[[nodiscard]] LengthMoments moments_of(const AnyLength& length);

/// Prompt and output lengths of a trace; throws nothing, a trace has two entries at least.
struct RequestMoments {
  LengthMoments prompt;
  LengthMoments output;
  double attachment_fraction = 0.0;  ///< of requests with images or videos
};

/// With the attachments' tokens in the prompts.
[[nodiscard]] RequestMoments with_attachments(RequestMoments requests, const Attachments& attachments);
[[nodiscard]] RequestMoments moments_of(const RequestTrace& trace);

/// Sequences that the batch limit and the cache let run together, on average: a request holds room for its prompt and
/// its whole output.
[[nodiscard]] double sequences_that_fit(const IterationModel& model, const RequestMoments& requests);

/// The steady state of that full batch; empty when not one fits.
[[nodiscard]] std::optional<SteadyState> full_batch(const IterationModel& model, const RequestMoments& requests);

/// Requests a second of one replica with a standing queue; 0 when not one fits.
[[nodiscard]] double capacity_per_s(const IterationModel& model, const RequestMoments& requests);

}  // namespace fleetwatt::models
