// More work never costs less, whatever the model, the engine and the layout.
#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "tests/examples/diffusion_examples.hpp"

using namespace fleetwatt;

namespace {

int draw(int first, int last) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(first, last + 1));
}

models::DiffusionDeployment draw_deployment() {
  auto d = tests::tiny_deployment();
  d.model = draw(0, 1) == 0 ? tests::tiny_image_model() : tests::tiny_video_model();
  d.model.hidden = 50 * draw(1, 40);
  d.model.layers = draw(1, 40);
  d.model.text_tokens = draw(0, 400);
  d.model.text_joins_attention = draw(0, 1) == 0;
  d.model.attention = draw(0, 3) == 0 ? models::DiffusionAttention::linear : models::DiffusionAttention::full;
  d.model.element_bytes = draw(0, 400);
  d.accelerator.bf16_flop_per_s = 1e9 * draw(1, 1000);
  d.accelerator.memory_bytes_per_s = 1e8 * draw(1, 1000);
  d.accelerator.link_bytes_per_s = 1e8 * draw(1, 1000);
  d.engine.image->arithmetic_w = d.engine.video->arithmetic_w = draw(0, 3000);
  d.size = {.steps = draw(1, 60),
            .width_px = 16 * draw(1, 64),
            .height_px = 16 * draw(1, 64),
            .frames = d.model.media == models::Media::image ? 1 : 4 * draw(0, 20) + 1};
  return d;
}

models::BatchCost cost_of(const models::DiffusionDeployment& d, double batch) {
  return models::batch_cost(d.model, d.accelerator, d.engine, d.layout, d.size, batch);
}

/// Not less, but for rounding.
void assert_no_less(double more, double less) {
  RC_ASSERT(more >= less * (1.0 - 1e-12));
}

}  // namespace

TEST_CASE("more steps, pixels, frames or items never cost less time or energy", "[property]") {
  CHECK(rc::check("monotone", [] {
    const auto d = draw_deployment();
    const auto base = cost_of(d, 2);
    const auto check = [&](const models::DiffusionDeployment& more, double batch) {
      const auto cost = cost_of(more, batch);
      assert_no_less(cost.time_s, base.time_s);
      assert_no_less(cost.energy_j, base.energy_j);
    };
    auto more = d;
    more.size.steps += draw(1, 50);
    check(more, 2);
    more = d;
    more.size.width_px += 16 * draw(1, 20);
    more.size.height_px += 16 * draw(0, 20);
    check(more, 2);
    more = d;
    if (more.model.media == models::Media::video) more.size.frames += 4 * draw(1, 20);
    check(more, 2);
    check(d, 2 + draw(1, 30));
  }));
}

TEST_CASE("but for start and decoding, time is proportional to steps, power never exceeds the TDP", "[property]") {
  CHECK(rc::check("steps and power", [] {
    auto d = draw_deployment();
    const auto once = cost_of(d, 1);
    d.size.steps *= 3;
    const auto thrice = cost_of(d, 1);
    RC_ASSERT(once.energy_j / once.time_s <= d.accelerator.tdp_w * (1.0 + 1e-12));
    RC_ASSERT(thrice.energy_j / thrice.time_s <= d.accelerator.tdp_w * (1.0 + 1e-12));
    if (once.parts.stretched_s > 0.0 || thrice.parts.stretched_s > 0.0) return;
    const double fixed_s = once.parts.start_s + once.parts.decode_s;
    RC_ASSERT(std::abs((thrice.time_s - fixed_s) / (once.time_s - fixed_s) - 3.0) < 1e-9);
  }));
}

TEST_CASE("an item of a larger batch never takes longer, GPUs that share it never take less energy", "[property]") {
  CHECK(rc::check("batch and layout", [] {
    auto d = draw_deployment();
    const int batch = draw(1, 20);
    const auto fewer = cost_of(d, batch);
    const auto more = cost_of(d, batch + draw(1, 20));
    assert_no_less(fewer.time_s / batch, cost_of(d, batch + 1).time_s / (batch + 1));
    RC_ASSERT(more.time_s >= fewer.time_s);
    d.layout = {.ulysses_parallel = draw(1, 4), .ring_parallel = draw(1, 4)};
    const auto shared = cost_of(d, batch);
    RC_ASSERT(shared.energy_j / shared.time_s <= models::gpus(d.layout) * d.accelerator.tdp_w * (1.0 + 1e-12));
    d.layout = {};
    assert_no_less(shared.energy_j, cost_of(d, batch).energy_j);
  }));
}
