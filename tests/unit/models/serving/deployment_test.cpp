#include "models/serving/deployment.hpp"

#include <catch2/catch.hpp>

#include "models/serving/calibrated_range.hpp"
#include "models/serving/memory_fit.hpp"
#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using Catch::Matchers::WithinRel;
using models::Deployment;
using models::WeightPrecision;

TEST_CASE("a replica's GPUs and the weights on each", "[unit]") {
  const auto moe = tests::mixtral_8x7b();
  const double experts = 45.1072e9 * 2, others = 93.4e9 - experts;
  const Deployment deployment{.tensor_parallel = 2, .pipeline_parallel = 2, .data_parallel = 4};
  CHECK(models::gpus(deployment) == 16);
  CHECK_THAT(models::weight_bytes_a_gpu(moe, deployment), WithinRel(others / 4 + experts / 16, 1e-6));
}

TEST_CASE("cache over stages and copies, a latent vector is held by every GPU", "[unit]") {
  const auto engine = tests::rounded_h100_engine();
  const auto capacity = [&](const models::LanguageModel& model, const Deployment& deployment) {
    return models::kv_capacity_tokens(model, deployment, tests::h100(), engine);
  };
  // Two copies of 8B: each has its own weights and cache.
  CHECK_THAT(capacity(tests::llama_8b(), {.data_parallel = 2}), WithinRel(2 * capacity(tests::llama_8b(), {}), 1e-12));
  // Two stages: half the weights and half the layers' cache on each.
  CHECK_THAT(capacity(tests::llama_8b(), {.pipeline_parallel = 2}), WithinRel((70e9 - 8.03e9) * 2 / 131'072, 1e-6));
  auto latent = tests::llama_8b();
  latent.latent_values = 576;
  CHECK_THAT(capacity(latent, {.tensor_parallel = 8}), WithinRel((70e9 - 16.06e9 / 8) / (32 * 576 * 2), 1e-6));
  // Sixteen GPUs and eight key-value heads: each head is held twice.
  CHECK_THAT(capacity(tests::llama_70b(), {.tensor_parallel = 16}),
             WithinRel((70e9 - 141.1e9 / 16) * 8 / 327'680, 1e-6));
}

TEST_CASE("what does not fit says by how much, and what would", "[unit]") {
  const auto engine = tests::rounded_h100_engine();
  const auto model = tests::llama_70b();
  CHECK_FALSE(models::memory_shortage(model, {.tensor_parallel = 4}, tests::h100(), engine));
  const Deployment two{.tensor_parallel = 2};
  CHECK(models::memory_shortage(model, two, tests::h100(), engine).value() ==
        "Llama 3.1 70B does not fit on 2 x NVIDIA H100 80 GB SXM5: its weights take 70.5 GB a GPU, 0.6 GB more than "
        "the 70.0 GB "
        "usable");
  CHECK(models::what_would_fit(model, two, tests::h100(), engine) ==
        "tensor_parallel = 4 or more, or precision = \"fp8\"");
  auto no_fp8 = tests::h100();
  no_fp8.fp8_flop_per_s = 0;
  CHECK(models::what_would_fit(model, two, no_fp8, engine) == "tensor_parallel = 4 or more, or precision = \"int4\"");
  CHECK(models::what_would_fit(tests::llama_405b(), {}, tests::h100(), engine) == "tensor_parallel = 16 or more");
}

TEST_CASE("where a deployment leaves the measurements", "[unit]") {
  auto engine = tests::rounded_h100_engine();
  engine.largest_batch = 100;
  auto accelerator = tests::h100();
  CHECK(models::beyond_calibration(tests::llama_8b(), {.batch_limit = 100}, accelerator, engine).empty());
  CHECK(models::beyond_calibration(tests::llama_8b(), {.batch_limit = 101}, accelerator, engine) ==
        std::vector<std::string>{"batch limit 101 is above the 100 that rounded-h100 was calibrated with"});
  accelerator.id = "other";
  accelerator.title = "Other";
  auto hybrid = tests::llama_8b();
  hybrid.kernel_family = models::KernelFamily::hybrid;
  const auto sentences =
      models::beyond_calibration(hybrid, {.precision = WeightPrecision::int4, .batch_limit = 8}, accelerator, engine);
  REQUIRE(sentences.size() == 3);
  CHECK(sentences[0] == "Other serves with constants calibrated on h100-sxm");
  CHECK(sentences[1] ==
        "Llama 3.1 8B is of a kind that rounded-h100 was not calibrated for: the nearest kind's constants stand in");
  CHECK(sentences[2] == "4-bit weights outside experts were not measured: their bytes and rates are the data sheet's");
}

TEST_CASE("tensor parallel over more GPUs than were measured, and than a server has", "[unit]") {
  const auto said = [](int gpus) {
    return models::beyond_calibration(tests::llama_8b(), {.tensor_parallel = gpus}, tests::h100(),
                                      tests::rounded_h100_engine());
  };
  CHECK(said(8).empty());
  CHECK(said(16) == std::vector<std::string>{"tensor parallel over 16 GPUs, 8 were the most measured"});
  CHECK(models::beyond_a_server({.tensor_parallel = 8}, 8).empty());
  CHECK(models::beyond_a_server({.tensor_parallel = 16}, 72).empty());
  CHECK(models::beyond_a_server({.tensor_parallel = 8, .pipeline_parallel = 2}, 8).empty());
  CHECK(models::beyond_a_server({.tensor_parallel = 8}, 4) ==
        std::vector<std::string>{"tensor parallel over 8 GPUs, and a server has 4: links between servers count as "
                                 "those within one, which are several times faster"});
}
