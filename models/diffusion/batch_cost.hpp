// Time and energy of one batch of images or videos on the GPUs that share it:
//
//   gpu  = linear + attention*head_factor + memory + ulysses + ring    ideal times (denoising_work.hpp) times factors
//   host = block_steps * (block + [n > 1]*parallel_block + (r - 1)*ring_block)
//   t    = start + decoding + (gpu^3 + host^3)^(1/3)                    decoding = megapixels * time of one
//   E/n  = resident*t + arithmetic*(linear + attention) + memory*memory + network*(ulysses + ring) + decode*decoding/n
//
// Launches run ahead of the GPU, so the slower of the two sets the pace; the third power rounds the corner. Where the
// power E/(n*t) would exceed the TDP, time stretches until it does not. Everything but start and decoding is
// proportional to steps. The prompt is not in it.
#pragma once

#include "models/diffusion/denoising_work.hpp"
#include "models/diffusion/diffusion_engine.hpp"

namespace fleetwatt::models {

/// Where a batch's time goes; decode and start are beside the longer of gpu and host.
struct BatchParts {
  double start_s = 0.0;
  double decode_s = 0.0;
  double linear_s = 0.0;
  double attention_s = 0.0;
  double memory_s = 0.0;
  double network_s = 0.0;
  double host_s = 0.0;
  double stretched_s = 0.0;  ///< to stay at the TDP
};

struct BatchCost {
  double time_s = 0.0;
  double energy_j = 0.0;  ///< of all its GPUs
  BatchParts parts = {};
};

/// `batch` may be fractional for means. The engine must have constants for the model's kind of media, and a resident
/// power below the accelerator's TDP; else OutOfRange.
[[nodiscard]] BatchCost batch_cost(const DiffusionModel& model, const Accelerator& accelerator,
                                   const DiffusionEngine& engine, const DiffusionLayout& layout, const MediaSize& size,
                                   double batch);

}  // namespace fleetwatt::models
