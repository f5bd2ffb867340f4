// A small diffusion model, part and engine with round figures, for tests that work numbers by hand.
#pragma once

#include "models/diffusion/batch_table.hpp"

namespace fleetwatt::tests {

/// 256 px in patches of 16: 256 tokens; two layers of width 100.
inline models::DiffusionModel tiny_image_model() {
  models::DiffusionModel model;
  model.id = "tiny";
  model.title = "Tiny";
  model.parameters = 1e6;
  model.token_weights = 1e6;
  model.layers = 2;
  model.hidden = 100;
  model.head_dim = 50;
  model.text_tokens = 44;
  model.text_joins_attention = true;
  model.element_bytes = 10;
  model.width_px = model.height_px = 256;
  model.steps = 10;
  return model;
}

inline models::DiffusionModel tiny_video_model() {
  auto model = tiny_image_model();
  model.media = models::Media::video;
  model.frames_a_latent = 4;
  model.frames = 9;
  return model;
}

/// 1e9 operations, 1e8 bytes a second, 2e8 bytes a second both ways; at most 400 W.
inline models::Accelerator tiny_accelerator() {
  models::Accelerator part;
  part.id = "tiny-part";
  part.title = "Tiny part";
  part.tdp_w = 400;
  part.idle_w = 50;
  part.bf16_flop_per_s = 1e9;
  part.memory_bytes = 1e9;
  part.memory_bytes_per_s = 1e8;
  part.link_bytes_per_s = 2e8;
  return part;
}

inline models::DiffusionEngine tiny_diffusion_engine() {
  models::DiffusionEngine engine;
  engine.id = "tiny-engine";
  engine.accelerator = "tiny-part";
  engine.host = {.start = 0.5, .block = 0.001, .parallel_block = 0.002, .ring_block = 0.003};
  engine.image = models::DiffusionConstants{.linear = 2.0,
                                            .attention = 3.0,
                                            .memory = 1.5,
                                            .ulysses = 4.0,
                                            .ring = 5.0,
                                            .megapixel_s = 2.0,
                                            .resident_w = 100,
                                            .arithmetic_w = 150,
                                            .memory_w = 120,
                                            .network_w = 80,
                                            .decode_w = 60};
  engine.video = engine.image;
  engine.largest_batch = 8;
  return engine;
}

inline models::DiffusionDeployment tiny_deployment() {
  return {.model = tiny_image_model(),
          .accelerator = tiny_accelerator(),
          .engine = tiny_diffusion_engine(),
          .layout = {},
          .size = {.steps = 10, .width_px = 256, .height_px = 256, .frames = 1},
          .batch_limit = 4};
}

}  // namespace fleetwatt::tests
