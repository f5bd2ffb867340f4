// How an iteration is dealt over the stages and copies of a replica. A copy of the model sends what it has in flight
// through its stages in micro-batches; each passes all stages in turn, and as many run side by side as there are
// stages, if so many things are in flight. A lone sequence or a lone prompt leaves stages and copies waiting, and takes
// no less time than on one stage. Sequences are dealt over copies first; prompts are one copy's affair.
//
// Beside sequences that decode, a prompt's chunk goes in as many pieces as there are micro-batches: so a full pipeline
// keeps its rate, and the time for which the last piece is still under way is left out, as are the hops between stages.
// Real numbers, since batches may be means; where sequences do not divide evenly, micro-batches count as even.
#pragma once

#include "models/serving/deployment.hpp"
#include "models/serving/iteration_work.hpp"

namespace fleetwatt::models {

struct MicroBatches {
  double in_a_copy = 1.0;   ///< of sequences, side by side in a copy's stages: 1 to stages
  double copies = 1.0;      ///< that have sequences: 1 to copies
  double of_prompts = 1.0;  ///< over which prompt tokens are dealt: 1 to stages
};

[[nodiscard]] MicroBatches micro_batches(const Deployment& deployment, const BatchLoad& load);

}  // namespace fleetwatt::models
