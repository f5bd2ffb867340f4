#include "models/diffusion/denoising_work.hpp"

namespace fleetwatt::models {

DenoisingWork denoising_work(const DiffusionModel& model, const Accelerator& accelerator, const DiffusionLayout& layout,
                             const MediaSize& size, double batch) {
  const double n = gpus(layout);
  const double u = layout.ulysses_parallel;
  const double r = layout.ring_parallel;
  const double tokens = latent_tokens(model, size);
  const double joining = model.text_joins_attention ? model.text_tokens : 0.0;
  const double local = tokens / n + model.text_tokens;
  const double passes = model.guidance_passes * batch * size.steps;
  const double blocks = attention_blocks(model);
  const double flop_per_s = accelerator.bf16_flop_per_s;
  const double link_one_way = accelerator.link_bytes_per_s / 2.0;
  const double hidden_passes = model.hidden * passes;

  DenoisingWork work;
  work.linear_s = 2.0 * model.token_weights * local * passes / flop_per_s;
  if (model.attention == DiffusionAttention::full)
    work.attention_s = 4.0 * blocks * hidden_passes * (tokens / n + joining) * (tokens + joining) / flop_per_s;
  work.head_factor = 0.9 + 0.1 * 128.0 / model.head_dim;
  work.memory_s = model.element_bytes * model.layers * hidden_passes * local / accelerator.memory_bytes_per_s;
  if (n > 1.0) {
    work.ulysses_s = 8.0 * blocks * hidden_passes * tokens / n * (u - 1.0) / u / link_one_way;
    work.ring_s = 4.0 * blocks * hidden_passes * tokens / n * (r - 1.0) / link_one_way;
  }
  work.block_steps = blocks * size.steps;
  work.decoded_megapixels = batch * megapixels(size);
  return work;
}

}  // namespace fleetwatt::models
