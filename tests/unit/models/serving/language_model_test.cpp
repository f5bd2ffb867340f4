#include "models/serving/language_model.hpp"

#include <catch2/catch.hpp>

#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using Catch::Matchers::WithinRel;
using models::WeightPrecision;

TEST_CASE("key-value cache a token", "[unit]") {
  CHECK(models::kv_bytes_a_token(tests::llama_8b()) == 131072);      // 2 32 8 128 2
  CHECK(models::kv_bytes_a_token(tests::llama_70b()) == 327680);     // 2 80 8 128 2
  CHECK(models::kv_bytes_a_token(tests::llama_405b()) == 516096);    // 2 126 8 128 2
  CHECK(models::kv_bytes_a_token(tests::mixtral_8x7b()) == 131072);  // 2 32 8 128 2
}

TEST_CASE("weights in memory", "[unit]") {
  using models::weight_bytes;
  CHECK_THAT(weight_bytes(tests::llama_8b(), WeightPrecision::bf16), WithinRel(16.06e9, 1e-12));    // 8.03 G x 2
  CHECK_THAT(weight_bytes(tests::llama_70b(), WeightPrecision::bf16), WithinRel(141.1e9, 1e-12));   // 70.55 G x 2
  CHECK_THAT(weight_bytes(tests::llama_405b(), WeightPrecision::bf16), WithinRel(811.7e9, 1e-12));  // 405.85 G x 2
  CHECK_THAT(weight_bytes(tests::llama_405b(), WeightPrecision::fp8), WithinRel(487.2e9, 1e-12));   // 324.5 + 2 x 81.35
  CHECK_THAT(weight_bytes(tests::llama_8b(), WeightPrecision::fp8),
             WithinRel(9.080e9, 1e-4));  // 6.980 + 2 x (0.525 head + 0.525)
  CHECK_THAT(weight_bytes(tests::mixtral_8x7b(), WeightPrecision::bf16), WithinRel(93.4e9, 1e-12));  // 46.7 G x 2
  // Experts 32 x 8 x 176.2 M = 45.1072 G and 1.339 G at a byte; head and embedding, 0.1311 + 0.1228 G, at two.
  CHECK_THAT(weight_bytes(tests::mixtral_8x7b(), WeightPrecision::fp8), WithinRel(46.9539e9, 1e-5));
  // 4.25 bits an expert parameter, the rest in BF16.
  CHECK_THAT(weight_bytes(tests::mixtral_8x7b(), WeightPrecision::mxfp4),
             WithinRel(45.1072e9 * 0.53125 + 1.5928e9 * 2, 1e-5));
  // 4-bit integers with a scale and a zero point for 128: 4.15625 bits; head and embedding stay.
  CHECK_THAT(weight_bytes(tests::llama_8b(), WeightPrecision::int4), WithinRel(6.980e9 * 0.51953 + 1.050e9 * 2, 1e-3));
}

TEST_CASE("weights read in every iteration", "[unit]") {
  using models::dense_read_bytes;
  CHECK_THAT(dense_read_bytes(tests::llama_8b(), WeightPrecision::bf16), WithinRel(15.01e9, 1e-12));
  CHECK_THAT(dense_read_bytes(tests::llama_8b(), WeightPrecision::fp8), WithinRel(7.505e9 + 128'256.0 * 4096, 1e-12));
  // About 483 GB: 324.5 G in FP8, the other 79.25 G in BF16.
  CHECK_THAT(dense_read_bytes(tests::llama_405b(), WeightPrecision::fp8), WithinRel(483.0e9, 1e-12));
  CHECK_THAT(dense_read_bytes(tests::mixtral_8x7b(), WeightPrecision::bf16), WithinRel(2.94e9, 1e-12));
}

TEST_CASE("bytes of an expert", "[unit]") {
  CHECK_THAT(models::expert_bytes(tests::mixtral_8x7b(), WeightPrecision::bf16), WithinRel(352.4e6, 1e-12));
  CHECK_THAT(models::expert_bytes(tests::mixtral_8x7b(), WeightPrecision::fp8), WithinRel(176.2e6, 1e-12));
  CHECK(models::expert_bytes(tests::llama_8b(), WeightPrecision::bf16) == 0.0);
}
