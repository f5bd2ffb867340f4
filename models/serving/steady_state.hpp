// A replica whose batch stays full of like requests: what a benchmark under saturating load measures. Iterations are of
// two kinds, those in which only decoding goes on and those in which prompts begin; with x = B / mean output prompts an
// iteration on average, beginning independently, a share e^-x is of the first kind. Leaves out: that the batch's
// context varies about its mean; queues.
#pragma once

#include "models/serving/iteration_model.hpp"

namespace fleetwatt::models {

struct SteadyLoad {
  double sequences = 0.0;      ///< mean number in flight
  double prompt_tokens = 0.0;  ///< mean
  double output_tokens = 0.0;  ///< mean
  /// Mean tokens that a running sequence has generated over the mean output: 0.5 for outputs of one length,
  /// (1 + cv^2)/2 for others (a running sequence is more often a long one).
  double generated_share = 0.5;
  /// Mean over prompt tokens of their prompt's length, E[p^2]/E[p], to which what a token attends to is proportional;
  /// 0: prompts are alike, prompt_tokens.
  double prompt_around_token = 0.0;
  double attachment_fraction = 0.0;  ///< of requests with images or videos, whose tokens are in the mean prompt
};

struct SteadyState {
  double inter_token_s = 0.0;  ///< of an iteration that only decodes: the median gap while x < ln 2
  double mean_step_s = 0.0;    ///< over all iterations
  double tokens_per_s = 0.0;   ///< output tokens of the replica
  double power_w = 0.0;        ///< all GPUs of the replica
  double energy_j_per_token = 0.0;
  double prompt_step_s = 0.0;  ///< of an iteration in which prompts begin
  double decode_share = 1.0;   ///< of iterations that only decode
};

[[nodiscard]] SteadyState steady_state(const IterationModel& model, const SteadyLoad& load);

/// The two kinds of iteration: their batches and the context that stands in the cache.
struct SteadyIterations {
  BatchLoad decode;
  BatchLoad with_prompts;
  double decode_share = 1.0;
  double context_tokens = 0.0;
  double window_tokens = 0.0;
};

[[nodiscard]] SteadyIterations steady_iterations(const LanguageModel& model, const SteadyLoad& load);

}  // namespace fleetwatt::models
