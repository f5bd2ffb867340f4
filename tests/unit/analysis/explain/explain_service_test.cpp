// Why a served model takes its time and power: parts that add up, limits, what fits, what lies beyond the calibration.
#include "analysis/explain/explain_service.hpp"

#include <catch2/catch.hpp>

#include "models/serving/steady_state.hpp"
#include "sim/error.hpp"
#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using Catch::Matchers::WithinRel;

namespace {

scenarios::EngineEntry entry_of(const models::EngineConstants& engine) {
  scenarios::EngineEntry entry;
  static_cast<models::EngineConstants&>(entry) = engine;
  return entry;
}

ServiceQuestion question_about(const models::LanguageModel& model, int gpus = 1) {
  ServiceQuestion question;
  question.model = model;
  question.accelerator = h100();
  question.engine = entry_of(rounded_h100_engine());
  question.deployment.tensor_parallel = gpus;
  return question;
}

std::string refusal_of(const ServiceQuestion& question) {
  try {
    static_cast<void>(explain_service(question));
  } catch (const sim::InputError& error) {
    return error.what();
  }
  return "";
}

void check_sums(const ServiceExplanation& explained) {
  for (const auto& row : explained.rows) {
    INFO(explained.question.model.id << ", batch " << row.batch);
    CHECK_THAT(sum_of(time_parts, row.decode_s), WithinRel(row.decode_step_s, 1e-12));
    CHECK_THAT(row.decode_step_s + row.prompts_s, WithinRel(row.time_per_output_token_s, 1e-12));
    CHECK(row.time_per_output_token_s >= row.decode_step_s);
    CHECK(row.tokens_per_s <= row.batch / row.mean_step_s * (1 + 1e-12));  // a request whose prompt goes on has none
    CHECK_THAT(sum_of(energy_parts, row.energy_parts_j), WithinRel(row.energy_j_per_token, 1e-12));
    CHECK_THAT(row.power_w / row.tokens_per_s, WithinRel(row.energy_j_per_token, 1e-12));
    CHECK_THAT(row.energy_j_per_token * explained.question.output_tokens, WithinRel(row.energy_j_per_request, 1e-12));
  }
}

}  // namespace

TEST_CASE("the parts of an iteration are constants times amounts", "[explain]") {
  auto question = question_about(llama_8b());
  question.batches = {10};
  const auto row = explain_service(question).rows.at(0);
  // rounded_h100_engine() and llama_8b() by hand: 10 sequences of 200 + 400/2 tokens, 32 layers, one GPU.
  CHECK_THAT(row.decode_s.host_s, WithinRel(230e-6 + 10 * 25e-6, 1e-12));
  CHECK_THAT(row.decode_s.launches_s, WithinRel(32 * (76e-6 + 10 * 0.020e-6), 1e-12));
  CHECK_THAT(row.decode_s.weights_s, WithinRel(1.0 * 2 * 7.505e9 / 3.35e12, 1e-12));
  CHECK_THAT(row.decode_s.cache_s, WithinRel(1.3 * 131072 * 4000 / 3.35e12, 1e-12));
  CHECK_THAT(row.decode_s.compute_s, WithinRel(1.4 * 2 * 7.505e9 * 10 / 989.4e12, 1e-12));
  CHECK(row.decode_s.network_s == 0.0);
  CHECK(row.decode_s.experts_s == 0.0);
  CHECK(row.decode_s.power_s == 0.0);
  // A token's share of resident power is 240 W over the time for which the replica makes one.
  CHECK_THAT(row.energy_parts_j.resident_j, WithinRel(240 / row.tokens_per_s, 1e-12));
}

TEST_CASE("parts add up to the whole", "[explain]") {
  SECTION("one GPU") {
    check_sums(explain_service(question_about(llama_8b())));
  }
  SECTION("FP8 on eight GPUs") {
    auto question = question_about(llama_405b(), 8);
    question.deployment.precision = models::WeightPrecision::fp8;
    check_sums(explain_service(question));
  }
  SECTION("mixtures in each precision") {
    for (const auto precision : {models::WeightPrecision::bf16, models::WeightPrecision::fp8,
                                 models::WeightPrecision::mxfp4, models::WeightPrecision::int4}) {
      auto question = question_about(qwen3_30b_a3b(), 2);
      question.deployment.precision = precision;
      const auto explained = explain_service(question);
      check_sums(explained);
      CHECK(explained.rows.back().decode_s.experts_s > 0.0);
    }
  }
  SECTION("stages and copies") {
    auto question = question_about(llama_70b(), 2);
    question.deployment.pipeline_parallel = 2;
    question.deployment.data_parallel = 2;
    check_sums(explain_service(question));
  }
  SECTION("an engine whose GPU idles for the host") {
    auto question = question_about(llama_8b());
    const auto busy = explain_service(question);
    question.engine.idles_in_host_time = true;
    const auto idling = explain_service(question);
    check_sums(idling);
    // At batch 1: (240 - 70) W less while the host (255 us) and launches (32 x 76 us) hold the GPU up; prompts add
    // little.
    const auto& a = busy.rows.front();
    const auto& b = idling.rows.front();
    CHECK_THAT(a.energy_parts_j.resident_j - b.energy_parts_j.resident_j, WithinRel(170 * (255e-6 + 2432e-6), 0.01));
    CHECK(b.energy_parts_j.compute_j == a.energy_parts_j.compute_j);
  }
  SECTION("at the power limit") {
    auto question = question_about(llama_8b());
    question.accelerator.tdp_w = 300;
    const auto explained = explain_service(question);
    check_sums(explained);
    CHECK(explained.rows.back().decode_s.power_s > 0.0);
    CHECK(explained.rows.back().limit == "power");
    CHECK_THAT(explained.rows.back().tdp_fraction, WithinRel(1.0, 1e-9));
  }
}

TEST_CASE("the limit is the largest part of the mean iteration", "[explain]") {
  const auto explained = explain_service(question_about(llama_8b()));
  CHECK(explained.rows.front().limit == "weights");  // 4.5 of 7.3 ms
  CHECK(explained.rows.back().limit == "compute");   // decoding and prompts together
  auto question = question_about(llama_8b());
  question.engine = entry_of(constant_time_engine(1e-3, 100));
  CHECK(explain_service(question).rows.front().limit == "host");
  // A mixture at batch 1 touches 8 of 128 experts: little to read, and 105 us of launches a layer.
  CHECK(explain_service(question_about(qwen3_30b_a3b())).rows.front().limit == "launches");
  question = question_about(llama_8b());
  question.prompt_tokens = 100000;
  question.batches = {4};
  question.output_tokens = 20000;  // 440,000 tokens to read: 131072 x 440000 x 1.3 / 3.35e12 = 22 ms
  question.accelerator.memory_bytes = 140e9;
  CHECK(explain_service(question).rows.front().limit == "cache");
}

TEST_CASE("the first token takes the prompt's chunks, as the replica plans them", "[explain]") {
  auto question = question_about(llama_8b());
  question.prompt_tokens = 5000;
  question.batches = {9};  // eight others decode, so chunks are of 2,040 tokens
  const models::IterationModel model(question.model, question.accelerator, question.engine, question.deployment);
  double expected_s = 0.0;
  for (const auto& [done, tokens] : {std::pair{0, 2040}, std::pair{2040, 2040}, std::pair{4080, 920}}) {
    models::Batch batch;
    batch.sequences = 8;
    batch.prompts = tokens == 920 ? 1 : 0;
    batch.prompt_tokens = tokens;
    batch.prompt_pairs = tokens * (done + 0.5 * tokens);
    batch.context_tokens = 8 * 5200;
    expected_s += s_of(model.cost(batch).time);
  }
  CHECK_THAT(explain_service(question).rows.at(0).time_to_first_token_s,
             WithinRel(expected_s, 1e-6));  // ticks of 2^-44 s
}

TEST_CASE("a prompt beside others is no faster to its first token than alone", "[explain]") {
  auto question = question_about(llama_405b(), 8);
  question.deployment.precision = models::WeightPrecision::fp8;
  question.prompt_tokens = 8000;
  question.batches = {1, 4, 16};
  double alone_s = 0.0;
  for (const int stages : {1, 2, 4}) {
    question.deployment.pipeline_parallel = stages;
    question.deployment.kv_cache_tokens = 1e6;
    const auto rows = explain_service(question).rows;
    if (stages == 1) alone_s = rows.at(0).time_to_first_token_s;
    for (const auto& row : rows) CHECK(row.time_to_first_token_s >= alone_s);
  }
}

TEST_CASE("batches go up to what the cache holds", "[explain]") {
  // (0.9 x 80 - 2 - 16.06) GB / 131,072 B = 411,530 tokens: 685 requests of 600.
  const auto explained = explain_service(question_about(llama_8b()));
  CHECK(explained.cache_tokens == 411529);
  CHECK(explained.requests_held == 685);
  REQUIRE(explained.rows.size() == 11);
  CHECK(explained.rows[9].batch == 512);
  CHECK_FALSE(explained.rows[9].memory_full);
  CHECK(explained.rows[10].batch == 685);
  CHECK(explained.rows[10].memory_full);
  CHECK(explained.notes == std::vector<std::string>{"batches above 685 do not fit the cache"});

  auto question = question_about(llama_8b());
  question.batches = {2000, 64, 8, 64, 1000};
  const auto chosen = explain_service(question);
  REQUIRE(chosen.rows.size() == 2);
  CHECK(chosen.rows[0].batch == 8);
  CHECK(chosen.rows[1].batch == 64);
  CHECK(chosen.notes ==
        std::vector<std::string>{"batch 1000, 2000: more than the 685 requests that the cache holds; left out"});

  question.batches = {700};
  CHECK(refusal_of(question) ==
        "error: no batch of these fits: 700; the cache holds 685 requests of 600 tokens\n"
        "       a smaller --batch, more GPUs (--tensor-parallel), or shorter requests\n");

  question = question_about(llama_8b());
  question.accelerator.memory_bytes = 500e9;
  CHECK(explain_service(question).rows.back().batch == 1024);
  CHECK(explain_service(question).notes.empty());
}

TEST_CASE("what does not fit is refused, with what would", "[explain]") {
  CHECK(
      refusal_of(question_about(llama_70b())) ==
      "error: Llama 3.1 70B does not fit on 1 x NVIDIA H100 80 GB SXM5: its weights take 141.1 GB a GPU, 71.1 GB more "
      "than the 70.0 GB usable\n"
      "       --tensor-parallel 4 or more, or --precision int4\n");
  auto question = question_about(llama_8b());
  question.prompt_tokens = 500000;
  CHECK(
      refusal_of(question) ==
      "error: one request of 500,000 + 400 tokens does not fit: Llama 3.1 8B on 1 x NVIDIA H100 80 GB SXM5 leaves room "
      "for 411,529 tokens of cache\n"
      "       --tensor-parallel 2 or more, or shorter requests\n");
  question = question_about(llama_8b());
  question.accelerator.tdp_w = 200;
  CHECK(refusal_of(question) ==
        "error: engine rounded-h100 draws 240 W with a kernel resident, and NVIDIA H100 80 GB SXM5 may draw 200 W\n"
        "       name an --engine of a smaller part, or fit your own with fleetwatt calibrate\n");
}

TEST_CASE("what lies beyond the calibrated range is noted", "[explain]") {
  auto question = question_about(llama_8b());
  question.batches = {8, 512};
  CHECK(explain_service(question).notes.empty());
  question.accelerator.id = "h200-sxm";
  question.engine.largest_batch = 100;
  const auto notes = explain_service(question).notes;
  REQUIRE(notes.size() == 2);
  CHECK_THAT(notes[0], StartsWith("beyond the calibrated range: ") && Contains("calibrated on h100-sxm"));
  CHECK_THAT(notes[1], StartsWith("beyond the calibrated range: ") && Contains("512") && Contains("100"));
  question.batches = {8, 64};
  CHECK(explain_service(question).notes.size() == 1);

  question = question_about(qwen3_30b_a3b());
  question.batches = {8};
  CHECK(explain_service(question).notes.empty());
  question.deployment.precision = models::WeightPrecision::mxfp4;  // a family that the rounded engine lacks
  REQUIRE(explain_service(question).notes.size() == 1);
  CHECK_THAT(explain_service(question).notes[0], Contains("nearest kind"));

  question = question_about(llama_8b());
  question.batches = {8};
  question.engine.figures["dense"] = {sim::Basis::modelled, "carried over"};
  CHECK(explain_service(question).notes ==
        std::vector<std::string>{"beyond the calibrated range: constants for dense are modelled: carried over"});
  question.engine.dense = models::KernelConstants{};
  CHECK(explain_service(question).notes ==
        std::vector<std::string>{
            "beyond the calibrated range: rounded-h100 has no dense_weight_factor for dense: times are "
            "far too short"});

  question = question_about(llama_8b());
  question.batches = {8};
  question.engine.tables.emplace();
  CHECK(explain_service(question).notes ==
        std::vector<std::string>{"the tables of rounded-h100 count in `run` only: these are its constants"});

  question = question_about(llama_70b(), 16);
  question.batches = {8};
  CHECK(explain_service(question).notes ==
        std::vector<std::string>{
            "beyond the calibrated range: tensor parallel over 16 GPUs, 8 were the most measured",
            "beyond the calibrated range: tensor parallel over 16 GPUs, and a server has 8: links between servers "
            "count as those within one, which are several times faster"});
}

TEST_CASE("requests of one token have no gap between tokens", "[explain]") {
  auto question = question_about(llama_8b());
  question.output_tokens = 1;
  question.batches = {4};
  const auto row = explain_service(question).rows.at(0);
  CHECK(std::isnan(row.time_per_output_token_s));
  CHECK(std::isnan(row.decode_step_s));
  CHECK(row.tokens_per_s > 0.0);
}
