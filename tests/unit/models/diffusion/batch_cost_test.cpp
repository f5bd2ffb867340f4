#include "models/diffusion/batch_cost.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/loader/diffusion_plan.hpp"
#include "scenarios/loader/load_scenario.hpp"
#include "sim/error.hpp"
#include "tests/examples/diffusion_examples.hpp"

using namespace fleetwatt;
using models::batch_cost;
using models::denoising_work;

namespace {

const models::MediaSize small{.steps = 10, .width_px = 256, .height_px = 256, .frames = 1};

models::BatchCost tiny_cost(const models::DiffusionEngine& engine, double batch = 1.0,
                            const models::DiffusionLayout& layout = {}) {
  return batch_cost(tests::tiny_image_model(), tests::tiny_accelerator(), engine, layout, small, batch);
}

/// The catalogue's own.
models::BatchCost released(const char* model, const char* engine, double batch, int steps) {
  const auto catalog = scenarios::built_in_catalog();
  scenarios::ServiceSpec spec;
  spec.model = model;
  spec.engine = engine;
  spec.diffusion = scenarios::DiffusionSpec{.steps = steps, .width_px = {}, .height_px = {}, .frames = {}};
  const auto d = scenarios::diffusion_deployment(catalog, spec, scenarios::accelerator_from(catalog, "h100-sxm"));
  return batch_cost(d.model, d.accelerator, d.engine, d.layout, d.size, batch);
}

}  // namespace

TEST_CASE("one GPU's work, by hand", "[diffusion]") {
  const auto work = denoising_work(tests::tiny_image_model(), tests::tiny_accelerator(), {}, small, 3);
  // 2 passes x 3 images x 10 steps = 60; 256 + 44 tokens
  CHECK(work.linear_s == Approx(2e6 * 300 * 60 / 1e9));
  CHECK(work.attention_s == Approx(4.0 * 100 * 2 * 300 * 300 * 60 / 1e9));
  CHECK(work.memory_s == Approx(10.0 * 100 * 2 * 300 * 60 / 1e8));
  CHECK(work.head_factor == Approx(0.9 + 0.1 * 128 / 50));
  CHECK(work.ulysses_s == 0.0);
  CHECK(work.ring_s == 0.0);
  CHECK(work.block_steps == 20);
  CHECK(work.decoded_megapixels == Approx(3 * 0.065536));
}

TEST_CASE("GPUs share the picture, not the text", "[diffusion]") {
  const auto work = denoising_work(tests::tiny_image_model(), tests::tiny_accelerator(),
                                   {.ulysses_parallel = 2, .ring_parallel = 2}, small, 1);
  CHECK(work.linear_s == Approx(2e6 * (64 + 44) * 20 / 1e9));
  CHECK(work.attention_s == Approx(4.0 * 100 * 2 * (64 + 44) * 300 * 20 / 1e9));
  CHECK(work.ulysses_s == Approx(8.0 * 2 * 100 * 20 * 64 * 0.5 / 1e8));
  CHECK(work.ring_s == Approx(4.0 * 2 * 100 * 20 * 64 * 1 / 1e8));
}

TEST_CASE("linear attention is in the weights, text that does not join attention is not in its square", "[diffusion]") {
  auto model = tests::tiny_image_model();
  model.text_joins_attention = false;
  CHECK(denoising_work(model, tests::tiny_accelerator(), {}, small, 1).attention_s ==
        Approx(4.0 * 100 * 2 * 256 * 256 * 20 / 1e9));
  model.attention = models::DiffusionAttention::linear;
  CHECK(denoising_work(model, tests::tiny_accelerator(), {}, small, 1).attention_s == 0.0);
}

TEST_CASE("time and energy of a batch, by hand", "[diffusion]") {
  const auto engine = tests::tiny_diffusion_engine();
  const auto work = denoising_work(tests::tiny_image_model(), tests::tiny_accelerator(), {}, small, 1);
  const auto cost = tiny_cost(engine);
  const double gpu = 2 * work.linear_s + 3 * work.head_factor * work.attention_s + 1.5 * work.memory_s;
  const double host = 20 * 0.001;
  const double decode = 2 * 0.065536;
  CHECK(cost.time_s == Approx(0.5 + decode + std::cbrt(gpu * gpu * gpu + host * host * host)));
  CHECK(cost.energy_j ==
        Approx(100 * cost.time_s + 150 * (work.linear_s + work.attention_s) + 120 * work.memory_s + 60 * decode));
  CHECK(cost.parts.stretched_s == 0.0);
}

TEST_CASE("GPUs that share a picture pay for the exchange, on the network and on the host", "[diffusion]") {
  auto engine = tests::tiny_diffusion_engine();
  const models::DiffusionLayout four{.ulysses_parallel = 2, .ring_parallel = 2};
  const auto work = denoising_work(tests::tiny_image_model(), tests::tiny_accelerator(), four, small, 1);
  const auto cost = tiny_cost(engine, 1.0, four);
  // 64 tokens a GPU, 20 passes: ulysses 4 x 1.024 x 10^-2 s, ring 5 x 1.024 x 10^-2 s
  CHECK(cost.parts.network_s == Approx(4 * 0.01024 + 5 * 0.01024));
  // 20 launches: 1 ms each, 2 ms for more than one GPU, 3 ms for one hop of the ring
  CHECK(cost.parts.host_s == Approx(20 * 0.006));
  const double decode = 2 * 0.065536;  // on one GPU of the four
  CHECK(cost.parts.decode_s == Approx(decode));
  CHECK(cost.energy_j == Approx(4 * (100 * cost.time_s + 150 * (work.linear_s + work.attention_s) +
                                     120 * work.memory_s + 80 * 2 * 0.01024) +
                                60 * decode));
  CHECK(tiny_cost(engine).parts.network_s == 0.0);
  CHECK(tiny_cost(engine).parts.host_s == Approx(20 * 0.001));
  engine.host.block = 1000.0;  // a slow host sets the pace
  CHECK(tiny_cost(engine).time_s == Approx(0.5 + decode + 20000).epsilon(1e-6));
}

TEST_CASE("time stretches so that power stays at the TDP", "[diffusion]") {
  auto engine = tests::tiny_diffusion_engine();
  engine.image->arithmetic_w = 5000;
  const auto cost = tiny_cost(engine);
  CHECK(cost.energy_j / cost.time_s == Approx(400).epsilon(1e-9));
  CHECK(cost.parts.stretched_s > 0.0);
  CHECK(cost.time_s > tiny_cost(tests::tiny_diffusion_engine()).time_s);
}

TEST_CASE("an engine without constants for the media, or hotter than the part, is refused", "[diffusion]") {
  auto engine = tests::tiny_diffusion_engine();
  engine.image->resident_w = 400;
  CHECK_THROWS_AS(tiny_cost(engine), sim::OutOfRange);
  CHECK_THROWS_WITH(tiny_cost(engine),
                    Catch::Matchers::Contains("resident power of 400 W is not below the power limit of 400 W"));
  engine.image.reset();
  CHECK_THROWS_AS(tiny_cost(engine), sim::OutOfRange);
  CHECK_THROWS_WITH(tiny_cost(engine), Catch::Matchers::Contains("tiny-engine has no constants for text to image"));
}

TEST_CASE("power constants on another part: static goes with the TDP, joules of work stay", "[diffusion]") {
  auto other = tests::tiny_accelerator();
  other.tdp_w = 200;
  other.bf16_flop_per_s = 0.5e9;
  other.memory_bytes_per_s = 2e8;
  other.link_bytes_per_s = 1e8;
  const auto engine = with_carried_power(tests::tiny_diffusion_engine(), tests::tiny_accelerator(), other);
  CHECK(engine.image->resident_w == 50);
  CHECK(engine.image->arithmetic_w == 75);
  CHECK(engine.image->memory_w == 240);
  CHECK(engine.image->network_w == 40);
  CHECK(engine.image->decode_w == 30);
  CHECK(engine.image->linear == 2.0);
}

TEST_CASE("released models on the catalogue's engines", "[diffusion]") {
  const auto image = released("stable-diffusion-3-medium", "diffusers-2024-h100", 4, 25);
  CHECK(image.time_s / 4 == Approx(1.69).epsilon(0.02));
  CHECK(image.energy_j / 4 == Approx(1145).epsilon(0.02));
  const auto twice = released("stable-diffusion-3-medium", "diffusers-2024-h100", 4, 50);
  CHECK(twice.energy_j / image.energy_j == Approx(1.95).margin(0.05));
  const auto older = released("cogvideox-2b", "xdit-2025-h100", 1, 50);
  CHECK(older.time_s == Approx(42.2).epsilon(0.03));
  CHECK(older.energy_j == Approx(26.4e3).epsilon(0.03));
  const auto newer = released("cogvideox-1.5-5b", "xdit-2025-h100", 1, 50);
  CHECK(newer.time_s == Approx(482).epsilon(0.03));
  CHECK(newer.energy_j == Approx(313e3).epsilon(0.03));
}

TEST_CASE("a table of batches, its capacity, and what is said of it beyond the measurements", "[diffusion]") {
  auto deployment = tests::tiny_deployment();
  const auto table = models::batch_table(deployment);
  REQUIRE(table.size() == 4);
  const auto four = tiny_cost(deployment.engine, 4);
  CHECK(table[3].time.s() == Approx(four.time_s));
  CHECK(table[3].energy_j == Approx(four.energy_j));
  CHECK(models::capacity_per_s(deployment) == Approx(4 / four.time_s));
  CHECK(models::beyond_calibration(deployment).empty());

  deployment.size.width_px = 512;
  deployment.batch_limit = 9;
  deployment.accelerator.id = "another";
  const auto sentences = models::beyond_calibration(deployment);
  REQUIRE(sentences.size() == 3);
  CHECK(sentences[0] == "Tiny part runs with constants calibrated on tiny-part");
  CHECK(sentences[1] == "Tiny was measured at 256 x 256 px, not at 512 x 256 px: extrapolated");
  CHECK(sentences[2] == "batch limit 9 is above the 8 that tiny-engine was calibrated with");
}

TEST_CASE("a batch that outruns the simulation's clock is refused", "[diffusion]") {
  auto deployment = tests::tiny_deployment();
  deployment.model.token_weights = 1e15;
  CHECK_THROWS_AS(models::batch_table(deployment), sim::OutOfRange);
  CHECK_THROWS_WITH(models::batch_table(deployment), Catch::Matchers::Contains("a batch of 1 would take"));
}

TEST_CASE("frames of a video beyond the measurements are said, and an engine need not say its largest batch",
          "[diffusion]") {
  auto deployment = tests::tiny_deployment();
  deployment.model = tests::tiny_video_model();
  deployment.size.frames = 5;
  deployment.engine.largest_batch = 0;
  deployment.batch_limit = 100;
  CHECK(models::beyond_calibration(deployment) ==
        std::vector<std::string>{
            "Tiny was measured at 256 x 256 px and 9 frames, not at 256 x 256 px and 5 frames: extrapolated"});
  deployment.size.frames = 9;
  deployment.size.steps = 3;  // time is proportional to steps: no extrapolation
  CHECK(models::beyond_calibration(deployment).empty());
}
