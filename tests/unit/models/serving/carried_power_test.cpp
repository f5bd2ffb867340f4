// Power constants on another accelerator: the joules of an operation and of a byte stay.
#include "models/serving/carried_power.hpp"

#include <catch2/catch.hpp>

#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;

namespace {

models::Accelerator half_as_fast() {
  auto accelerator = tests::h100();
  accelerator.id = "half";
  accelerator.tdp_w = 0.8 * tests::h100().tdp_w;
  accelerator.bf16_flop_per_s = 0.5 * tests::h100().bf16_flop_per_s;
  accelerator.memory_bytes_per_s = 0.25 * tests::h100().memory_bytes_per_s;
  return accelerator;
}

}  // namespace

TEST_CASE("resident power goes with the TDP, the rest with the rate of what it pays for", "[serving]") {
  const auto before = tests::rounded_h100_engine();
  const auto after = models::with_carried_power(before, tests::h100(), half_as_fast());
  CHECK(after.dense->power.resident == Approx(0.8 * before.dense->power.resident));
  CHECK(after.dense->power.compute == Approx(0.5 * before.dense->power.compute));
  CHECK(after.dense->power.weights == Approx(0.25 * before.dense->power.weights));
  CHECK(after.dense->power.kv_cache == Approx(0.25 * before.dense->power.kv_cache));
  CHECK(after.moe->power.fp8_experts == Approx(0.8 * before.moe->power.fp8_experts));
  CHECK(after.moe->power.unpacked_experts == Approx(0.5 * before.moe->power.unpacked_experts));
  CHECK(after.dense->time.layer == before.dense->time.layer);
  CHECK_FALSE(after.hybrid);
}

TEST_CASE("a token of context costs as many joules beyond resident power on both", "[serving]") {
  const auto joules = [](const models::EngineConstants& engine, const models::Accelerator& accelerator) {
    const models::IterationModel model(tests::llama_8b(), accelerator, engine, {});
    const auto with = model.evaluate({.sequences = 8}, 20000, 0);
    const auto without = model.evaluate({.sequences = 8}, 10000, 0);
    return with.energy_j - without.energy_j - engine.dense->power.resident * (with.time_s - without.time_s);
  };
  const auto engine = tests::rounded_h100_engine();
  CHECK(joules(models::with_carried_power(engine, tests::h100(), half_as_fast()), half_as_fast()) ==
        Approx(joules(engine, tests::h100())));
}

TEST_CASE("on its own accelerator an engine stays as it is", "[serving]") {
  const auto engine = tests::rounded_h100_engine();
  const auto same = models::with_carried_power(engine, tests::h100(), tests::h100());
  CHECK(same.dense->power.compute == engine.dense->power.compute);
  CHECK(same.moe->power.resident == engine.moe->power.resident);
}
