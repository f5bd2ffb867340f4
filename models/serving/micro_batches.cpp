#include "models/serving/micro_batches.hpp"

#include <algorithm>

#include "models/serving/iteration_table.hpp"

namespace fleetwatt::models {

MicroBatches micro_batches(const Deployment& deployment, const BatchLoad& load) {
  const double stages = deployment.pipeline_parallel;
  const double copies = deployment.data_parallel;
  MicroBatches dealt;
  dealt.copies = std::clamp(load.sequences, 1.0, copies);
  dealt.in_a_copy = std::clamp(load.sequences / copies, 1.0, stages);
  const double chunks = equal_chunks(load.prompt_tokens, load.prompt_pairs).count;
  dealt.of_prompts = std::clamp(load.sequences / copies + chunks, 1.0, stages);
  return dealt;
}

}  // namespace fleetwatt::models
