#include "models/diffusion/diffusion_model.hpp"

#include <catch2/catch.hpp>

#include "scenarios/loader/diffusion_plan.hpp"
#include "scenarios/loader/load_scenario.hpp"
#include "tests/examples/diffusion_examples.hpp"

using namespace fleetwatt;
using models::MediaSize;

TEST_CASE("latent tokens of released models at the size that was measured", "[diffusion]") {
  const auto catalog = scenarios::built_in_catalog();
  const auto tokens = [&](const char* name) {
    const auto model = scenarios::diffusion_model_from(catalog, name);
    return models::latent_tokens(model, scenarios::media_size({}, model));
  };
  CHECK(tokens("stable-diffusion-3-medium") == 4096);  // (1024 / 16)^2
  CHECK(tokens("sana-1.5-1.6b") == 1024);              // (1024 / 32)^2
  CHECK(tokens("wan-2.1-14b") == 32760);               // 52 x 30 x 21
  CHECK(tokens("hunyuan-video") == 118800);            // 80 x 45 x 33
  CHECK(tokens("cogvideox-2b") == 17550);              // 45 x 30 x 13
  CHECK(tokens("cogvideox-1.5-5b") == 44880);          // 85 x 48 x 11, two latent frames a token
}

TEST_CASE("megapixels count all frames", "[diffusion]") {
  CHECK(models::megapixels({.steps = 1, .width_px = 1000, .height_px = 500, .frames = 4}) == Approx(2.0));
}

TEST_CASE("a side that is no multiple of the patch, with its neighbours", "[diffusion]") {
  const auto model = tests::tiny_image_model();
  CHECK_FALSE(models::size_fault(model, {.steps = 1, .width_px = 512, .height_px = 16, .frames = 1}));
  const auto fault = models::size_fault(model, {.steps = 1, .width_px = 1000, .height_px = 512, .frames = 1});
  REQUIRE(fault);
  CHECK(fault->key == "width_px");
  CHECK(fault->message == "1000 px is no multiple of 16 px, the side of a patch of Tiny");
  CHECK(fault->mend == "width_px = 992 or 1008");
  const auto too_small = models::size_fault(model, {.steps = 1, .width_px = 512, .height_px = 7, .frames = 1});
  REQUIRE(too_small);
  CHECK(too_small->key == "height_px");
  CHECK(too_small->mend == "height_px = 16");
}

TEST_CASE("frames that a model cannot make", "[diffusion]") {
  const auto fault =
      models::size_fault(tests::tiny_image_model(), {.steps = 1, .width_px = 256, .height_px = 256, .frames = 5});
  REQUIRE(fault);
  CHECK(fault->key == "frames");
  CHECK(fault->message == "5 frames of Tiny, which makes single images");
  CHECK(fault->mend == "leave `frames` out, or name a text-to-video model");
  const auto video = tests::tiny_video_model();
  for (const int frames : {1, 5, 81})
    CHECK_FALSE(models::size_fault(video, {.steps = 1, .width_px = 256, .height_px = 256, .frames = frames}));
  const auto between = models::size_fault(video, {.steps = 1, .width_px = 256, .height_px = 256, .frames = 80});
  REQUIRE(between);
  CHECK(between->message == "80 frames: Tiny makes one frame and then 4 at a time");
  CHECK(between->mend == "frames = 77 or 81");
}

TEST_CASE("the first frame has a latent frame of its own, and tokens may span several", "[diffusion]") {
  auto video = tests::tiny_video_model();
  const auto tokens = [&](int frames) {
    return models::latent_tokens(video, {.steps = 1, .width_px = 32, .height_px = 48, .frames = frames});
  };
  CHECK(tokens(1) == 6);  // 2 x 3
  CHECK(tokens(5) == 12);
  CHECK(tokens(9) == 18);
  video.latent_frames_a_token = 2;
  CHECK(tokens(1) == 6);
  CHECK(tokens(5) == 6);
  CHECK(tokens(9) == 12);  // three latent frames, the last token half empty
}
