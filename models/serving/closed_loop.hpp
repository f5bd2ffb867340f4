// A replica that always has so many like requests in flight: as one ends, the next begins. Which iterations it then
// has, chunk by chunk as the replica plans them (replica.hpp): a request decodes only once its last chunk is done,
// prompts wait for each other, and a long prompt's chunks hold up those that decode for as many iterations. Which
// iterations there are does not depend on their times, so they are counted without them, and the two kinds, without and
// with prompts, are evaluated at their means. Leaves out: queues, lengths that vary.
#pragma once

#include "models/serving/iteration_model.hpp"

namespace fleetwatt::models {

struct LoopLoad {
  int sequences = 1;  ///< requests in flight, > 0
  int prompt_tokens = 1;
  int output_tokens = 1;
};

struct LoopIteration {
  BatchLoad load;
  double context_tokens = 0.0;
  double window_tokens = 0.0;
};

/// The mean iteration of each kind. Where every one has prompts, `decode` is that without them.
struct ClosedLoop {
  LoopIteration decode;
  LoopIteration with_prompts;
  double prompt_share = 0.0;              ///< of iterations, those with prompts
  double requests_an_iteration = 0.0;     ///< its tokens over those of a request
  double decode_weight_of_prompts = 0.0;  ///< of the gaps between two tokens of a request, those with prompts in them
};

[[nodiscard]] ClosedLoop closed_loop(const LanguageModel& model, const Deployment& deployment, const LoopLoad& load);

struct LoopState {
  double decode_step_s = 0.0;            ///< of an iteration without prompts
  double prompt_step_s = 0.0;            ///< of one with prompts
  double mean_step_s = 0.0;              ///< over all iterations
  double time_per_output_token_s = 0.0;  ///< mean gap between two tokens of a request; 0 for a single token
  double tokens_per_s = 0.0;             ///< output tokens of the replica
  double power_w = 0.0;                  ///< all GPUs of the replica
  double energy_j_per_token = 0.0;
};

[[nodiscard]] LoopState loop_state(const IterationModel& model, const ClosedLoop& loop, const LoopLoad& load);

}  // namespace fleetwatt::models
