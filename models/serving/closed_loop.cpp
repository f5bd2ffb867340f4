#include "models/serving/closed_loop.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <queue>
#include <vector>

#include "sim/random_stream.hpp"

namespace fleetwatt::models {

namespace {

constexpr std::int64_t rounds = 24;  // requests that each place in the batch sees
constexpr std::int64_t fewest_requests = 200;

/// Sums over iterations of one kind.
struct Sums {
  double iterations = 0.0;
  double sequences = 0.0;
  BatchLoad prompts;
};

/// Counts iterations, not their times; those without prompts between two ends of requests all at once.
class Counter {
 public:
  Counter(const LanguageModel& model, const Deployment& deployment, const LoopLoad& load)
      : load_(load), window_(model.window_tokens), most_tokens_(deployment.prefill_tokens_per_iteration) {
    // Requests stand anywhere in their answers at first.
    sim::RandomStream stream(0, "closed loop", "phases");
    for (int i = 0; i < load.sequences; ++i) {
      const auto left = static_cast<std::int64_t>(stream.uniform() * load.output_tokens);
      if (left > 0)
        ends_.push(left);
      else
        begin_request();
    }
  }

  ClosedLoop operator()() {
    const std::int64_t requests = std::max<std::int64_t>(rounds * load_.sequences, fewest_requests);
    run_until(requests / 3);
    decode_ = with_prompts_ = {};
    run_until(requests);
    const double iterations = decode_.iterations + with_prompts_.iterations;
    ClosedLoop loop;
    loop.prompt_share = with_prompts_.iterations / iterations;
    loop.with_prompts = mean(with_prompts_);
    loop.decode = mean(decode_.iterations > 0.0 ? decode_ : with_prompts_);
    loop.decode.load = {.sequences = loop.decode.load.sequences};
    const double gaps = decode_.sequences + with_prompts_.sequences;
    loop.requests_an_iteration = (gaps + with_prompts_.prompts.prompts) / (load_.output_tokens * iterations);
    loop.decode_weight_of_prompts = gaps > 0.0 ? with_prompts_.sequences / gaps : 0.0;
    return loop;
  }

 private:
  void run_until(std::int64_t requests) {
    while (ended_ < requests) {
      if (unfinished_.empty())
        decode_until_an_end();
      else
        iterate_with_prompts();
      while (!ends_.empty() && ends_.top() <= now_) {
        ends_.pop();
        ++ended_;
        begin_request();
      }
    }
  }

  void decode_until_an_end() {
    const auto iterations = static_cast<double>(ends_.top() - now_);
    decode_.iterations += iterations;
    decode_.sequences += iterations * static_cast<double>(ends_.size());
    now_ = ends_.top();
  }

  void iterate_with_prompts() {
    const auto decoding = static_cast<int>(ends_.size());
    ++now_;
    with_prompts_.iterations += 1.0;
    with_prompts_.sequences += decoding;
    int budget = std::max(most_tokens_ - decoding, 1);
    while (budget > 0 && !unfinished_.empty()) {
      int& done = unfinished_.front();
      const int chunk = std::min(budget, load_.prompt_tokens - done);
      add_chunk(done, chunk);
      budget -= chunk;
      done += chunk;
      if (done < load_.prompt_tokens) break;
      unfinished_.pop_front();
      with_prompts_.prompts.prompts += 1.0;
      finish_prompt();
    }
    for (; ended_at_once_ > 0; --ended_at_once_) begin_request();
  }

  void add_chunk(int done, int chunk) {
    const double attended = done + 0.5 * chunk;
    BatchLoad& sum = with_prompts_.prompts;
    sum.prompt_tokens += chunk;
    sum.prompt_pairs += chunk * attended;
    sum.prompt_window_pairs += chunk * std::min(attended, window_);
  }

  void finish_prompt() {
    if (load_.output_tokens > 1) {
      ends_.push(now_ + load_.output_tokens - 1);
      return;
    }
    ++ended_;
    ++ended_at_once_;
  }

  void begin_request() { unfinished_.push_back(0); }

  [[nodiscard]] LoopIteration mean(const Sums& sums) const {
    if (sums.iterations <= 0.0) return {};
    LoopIteration mean;
    mean.load = sums.prompts;
    mean.load.sequences = sums.sequences;
    for (double BatchLoad::*amount : {&BatchLoad::sequences, &BatchLoad::prompts, &BatchLoad::prompt_tokens,
                                      &BatchLoad::prompt_pairs, &BatchLoad::prompt_window_pairs})
      mean.load.*amount /= sums.iterations;
    const double context = load_.prompt_tokens + 0.5 * load_.output_tokens;
    mean.context_tokens = mean.load.sequences * context;
    mean.window_tokens = mean.load.sequences * std::min(context, window_);
    return mean;
  }

  LoopLoad load_;
  double window_ = 0.0;
  int most_tokens_ = 0;
  std::int64_t now_ = 0;  ///< iterations so far
  std::int64_t ended_ = 0;
  std::int64_t ended_at_once_ = 0;  ///< in this iteration, with their first token
  std::deque<int> unfinished_;      ///< prompts, oldest first: tokens done
  std::priority_queue<std::int64_t, std::vector<std::int64_t>, std::greater<>> ends_;  ///< of those that decode
  Sums decode_;
  Sums with_prompts_;
};

}  // namespace

ClosedLoop closed_loop(const LanguageModel& model, const Deployment& deployment, const LoopLoad& load) {
  return Counter(model, deployment, load)();
}

LoopState loop_state(const IterationModel& model, const ClosedLoop& loop, const LoopLoad& load) {
  const auto evaluate = [&](const LoopIteration& iteration) {
    return model.evaluate(iteration.load, iteration.context_tokens, iteration.window_tokens);
  };
  const auto decode = evaluate(loop.decode);
  const auto with_prompts = evaluate(loop.with_prompts);
  const auto mixed = [](double share_of_prompts, double alone, double with) {
    return (1.0 - share_of_prompts) * alone + share_of_prompts * with;
  };
  LoopState state;
  state.decode_step_s = decode.time_s;
  state.prompt_step_s = with_prompts.time_s;
  state.mean_step_s = mixed(loop.prompt_share, decode.time_s, with_prompts.time_s);
  if (load.output_tokens > 1)
    state.time_per_output_token_s = mixed(loop.decode_weight_of_prompts, decode.time_s, with_prompts.time_s);
  const double energy_j = mixed(loop.prompt_share, decode.energy_j, with_prompts.energy_j);
  const double tokens = loop.requests_an_iteration * load.output_tokens;
  state.tokens_per_s = tokens / state.mean_step_s;
  state.power_w = energy_j / state.mean_step_s;
  state.energy_j_per_token = energy_j / tokens;
  return state;
}

}  // namespace fleetwatt::models
