// Images in prompts: an encoder's time once for each, when its prompt begins.
#include <catch2/catch.hpp>

#include "models/serving/capacity.hpp"
#include "models/serving/replica.hpp"
#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using models::IterationModel;

namespace {

models::EngineConstants quarter_second_engine() {
  auto engine = tests::constant_time_engine(0.25, 300);
  engine.host.attachment = 0.5;
  return engine;
}

}  // namespace

TEST_CASE("a prompt in two chunks pays its encoder once", "[serving]") {
  const IterationModel model(tests::llama_8b(), tests::h100(), quarter_second_engine(),
                             {.prefill_tokens_per_iteration = 100});
  models::Replica replica(model, {70.0, sim::Duration::from_whole_s(60)});
  models::Request request{.arrival = {}, .id = 1, .prompt_tokens = 150, .output_tokens = 2, .has_attachment = true};
  REQUIRE(replica.submit(request));
  std::vector<models::CompletedRequest> completed;
  replica.run_until(sim::SimTime::at(sim::Duration::from_whole_s(60)), completed);
  REQUIRE(completed.size() == 1);
  // chunk of 100 with the encoder 0.75 s, chunk of 50 0.25 s, one decode 0.25 s
  CHECK(completed[0].time_to_first_token.s() == Approx(1.0).epsilon(1e-3));
  CHECK(completed[0].latency.s() == Approx(1.25).epsilon(1e-3));
}

TEST_CASE("capacity counts attachments' tokens and their encoder", "[serving]") {
  const IterationModel model(tests::llama_8b(), tests::h100(), quarter_second_engine(), {.batch_limit = 8});
  const models::FixedLength prompts{100}, outputs{50};
  const auto text = models::moments_of(prompts, outputs);
  const auto some =
      models::moments_of(prompts, outputs, {.attachments = {.fraction = 0.5, .tokens = 600, .stream = 1}});
  CHECK(some.prompt.mean == 400);
  CHECK(some.attachment_fraction == 0.5);
  // 0.16 requests an iteration begin, half of them with 0.5 s of encoder
  const double ratio = models::capacity_per_s(model, text) / models::capacity_per_s(model, some);
  CHECK(ratio == Approx((0.25 + 0.16 * 0.5 * 0.5) / 0.25).epsilon(0.02));
}
