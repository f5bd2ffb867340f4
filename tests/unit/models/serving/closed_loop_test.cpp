// The counted loop against the replica that goes iteration by iteration: same requests, always as many in flight.
#include "models/serving/closed_loop.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "models/serving/replica.hpp"
#include "sim/random_stream.hpp"
#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using Catch::Matchers::WithinRel;
using models::Deployment;
using models::IterationModel;
using models::LoopLoad;

namespace {

struct Seen {
  double time_per_output_token_s = 0.0;
  double tokens_per_s = 0.0;
  double power_w = 0.0;
};

/// A replica with a standing queue; requests stand anywhere in their answers when it starts.
Seen replica_with(const IterationModel& model, const LoopLoad& load) {
  const auto tick = sim::Duration::from_whole_s(1);
  models::Replica replica(model, {.idle_w = 0.0, .tick = tick});
  sim::RandomStream stream(7, "test", "phases");
  const int requests = 40 * load.sequences + 300;
  for (int i = 0; i < requests; ++i) {
    models::Request request;
    request.id = static_cast<std::uint64_t>(i);
    request.prompt_tokens = load.prompt_tokens;
    request.output_tokens = load.output_tokens;
    if (i < load.sequences) request.output_tokens = 1 + static_cast<int>(stream.uniform() * load.output_tokens);
    REQUIRE(replica.submit(request));
  }
  std::vector<models::CompletedRequest> completed;
  struct Mark {
    double s = 0.0;
    double j = 0.0;
    std::size_t completed = 0;
  } from, to;
  for (int i = 1; replica.waiting() > 0; ++i) {
    to = {replica.busy_s(), replica.counted_active_j(), completed.size()};
    if (from.s == 0.0 && completed.size() > static_cast<std::size_t>(3 * load.sequences)) from = to;
    replica.run_until(sim::SimTime::at(tick * i), completed);
  }
  REQUIRE(to.completed > from.completed + 50);
  double gaps_s = 0.0;
  for (std::size_t i = from.completed; i < to.completed; ++i) gaps_s += completed[i].time_per_output_token->s();
  const auto ended = static_cast<double>(to.completed - from.completed);
  return {gaps_s / ended, ended * load.output_tokens / (to.s - from.s), (to.j - from.j) / (to.s - from.s)};
}

void check_against_replica(const models::LanguageModel& model, const Deployment& deployment, const LoopLoad& load) {
  Deployment limited = deployment;
  limited.batch_limit = load.sequences;
  limited.kv_cache_tokens = 1e8;
  const IterationModel iterations(model, tests::h100(), tests::rounded_h100_engine(), limited);
  const Seen seen = replica_with(iterations, load);
  const auto state = models::loop_state(iterations, models::closed_loop(model, limited, load), load);
  INFO(fmt::format("{}, {} in flight, {} + {} tokens: TPOT {:.2f} for {:.2f} ms, {:.1f} for {:.1f} tokens/s", model.id,
                   load.sequences, load.prompt_tokens, load.output_tokens, 1e3 * state.time_per_output_token_s,
                   1e3 * seen.time_per_output_token_s, state.tokens_per_s, seen.tokens_per_s));
  CHECK_THAT(state.time_per_output_token_s, WithinRel(seen.time_per_output_token_s, 0.02));
  CHECK_THAT(state.tokens_per_s, WithinRel(seen.tokens_per_s, 0.02));
  CHECK_THAT(state.power_w, WithinRel(seen.power_w, 0.02));
}

}  // namespace

TEST_CASE("prompts around and over the chunk size: as the replica has them", "[unit]") {
  for (const int prompt : {200, 2000, 2048, 2100, 4096, 5000, 8000}) {
    for (const int sequences : {1, 8, 32}) check_against_replica(tests::llama_8b(), {}, {sequences, prompt, 200});
  }
}

TEST_CASE("other models, layouts and lengths: as the replica has them", "[unit]") {
  check_against_replica(tests::llama_70b(), {.tensor_parallel = 4}, {64, 1000, 400});
  check_against_replica(tests::llama_405b(),
                        {.precision = models::WeightPrecision::fp8, .tensor_parallel = 8, .pipeline_parallel = 2},
                        {48, 3000, 300});
  check_against_replica(tests::qwen3_30b_a3b(), {}, {128, 500, 250});
  check_against_replica(tests::mixtral_8x7b(), {.tensor_parallel = 2}, {16, 6000, 50});
  check_against_replica(tests::llama_8b(), {.prefill_tokens_per_iteration = 512}, {24, 1500, 150});
}

TEST_CASE("sequences that decode take of a small chunk: as the replica has it", "[unit]") {
  check_against_replica(tests::llama_8b(), {.prefill_tokens_per_iteration = 64}, {40, 256, 100});
}

TEST_CASE("alone, a request has no prompt in its gaps", "[unit]") {
  const IterationModel model(tests::llama_8b(), tests::h100(), tests::rounded_h100_engine(), {});
  const LoopLoad load{1, 5000, 100};
  const auto loop = models::closed_loop(tests::llama_8b(), {}, load);
  const auto state = models::loop_state(model, loop, load);
  CHECK(state.time_per_output_token_s == state.decode_step_s);
  CHECK_THAT(loop.prompt_share, WithinRel(3.0 / (3 + 99), 1e-3));  // chunks of 2,048, 2,048 and 904
  CHECK_THAT(loop.requests_an_iteration, WithinRel(1.0 / (3 + 99), 1e-3));
}

TEST_CASE("requests of one token: prompts only, as many as an iteration takes", "[unit]") {
  const auto loop = models::closed_loop(tests::llama_8b(), {}, {64, 512, 1});
  CHECK(loop.prompt_share == 1.0);
  CHECK(loop.decode_weight_of_prompts == 0.0);
  CHECK_THAT(loop.requests_an_iteration, WithinRel(4.0, 1e-9));
  CHECK(loop.with_prompts.load.prompt_tokens == 2048);
}
