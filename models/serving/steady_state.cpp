#include "models/serving/steady_state.hpp"

#include <algorithm>
#include <cmath>

namespace fleetwatt::models {

SteadyIterations steady_iterations(const LanguageModel& model, const SteadyLoad& load) {
  SteadyIterations result;
  const double prompts = load.sequences / load.output_tokens;
  const double around = load.prompt_around_token > 0.0 ? load.prompt_around_token : load.prompt_tokens;
  const double context = load.prompt_tokens + load.generated_share * load.output_tokens;
  result.decode_share = std::exp(-prompts);
  result.context_tokens = load.sequences * context;
  result.window_tokens = load.sequences * std::min<double>(context, model.window_tokens);
  result.decode.sequences = load.sequences;
  result.with_prompts = result.decode;
  result.with_prompts.prompts = prompts / -std::expm1(-prompts);
  result.with_prompts.attachments = result.with_prompts.prompts * load.attachment_fraction;
  result.with_prompts.prompt_tokens = result.with_prompts.prompts * load.prompt_tokens;
  result.with_prompts.prompt_pairs = result.with_prompts.prompt_tokens * 0.5 * around;
  const double attended = std::min<double>(0.5 * around, model.window_tokens);
  result.with_prompts.prompt_window_pairs = result.with_prompts.prompt_tokens * attended;
  return result;
}

SteadyState steady_state(const IterationModel& model, const SteadyLoad& load) {
  const SteadyIterations iterations = steady_iterations(model.model(), load);
  const auto decode = model.evaluate(iterations.decode, iterations.context_tokens, iterations.window_tokens);
  const auto with_prompts =
      model.evaluate(iterations.with_prompts, iterations.context_tokens, iterations.window_tokens);
  const double share = iterations.decode_share;
  SteadyState result;
  result.inter_token_s = decode.time_s;
  result.prompt_step_s = with_prompts.time_s;
  result.decode_share = share;
  result.mean_step_s = share * decode.time_s + (1.0 - share) * with_prompts.time_s;
  result.tokens_per_s = load.sequences / result.mean_step_s;
  result.power_w = (share * decode.energy_j + (1.0 - share) * with_prompts.energy_j) / result.mean_step_s;
  result.energy_j_per_token = result.power_w / result.tokens_per_s;
  return result;
}

}  // namespace fleetwatt::models
