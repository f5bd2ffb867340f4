// What one GPU has to do for a batch of images or videos, as ideal times at its data sheet's peak rates. With T latent
// tokens and R of text, g passes a step, b items, s steps, l layers, h hidden, A attention blocks, W weights a token
// passes, n = ulysses * ring GPUs (each holds the whole network and 1/n of the picture, and the whole text):
//
//   passes     g*b*s
//   local      T/n + R
//   linear     2*W*local*passes/F
//   attention  4*h*A*(T/n + R')*(T + R')*passes/F, R' = R where text joins attention, else 0; linear attention: none
//   memory     element_bytes*h*l*local*passes/BW
//   ulysses    8*h*A*(T/n)*(u-1)/u*passes/link one way; queries, keys, values and output change hands
//   ring       4*h*A*(T/n)*(r-1)*passes/link one way; keys and values go round
//
// Attention kernels reach their rate with heads of 128; the multiply-adds of narrower ones wait for their softmax,
// which `head_factor` says. The counts of operations are those of Hoffmann et al. 2022 (arXiv 2203.15556) for
// transformers.
#pragma once

#include "models/diffusion/diffusion_model.hpp"
#include "models/hardware/accelerator.hpp"

namespace fleetwatt::models {

/// How one picture is spread over GPUs.
struct DiffusionLayout {
  int ulysses_parallel = 1;  ///< heads are dealt for attention, tokens otherwise
  int ring_parallel = 1;     ///< tokens are dealt; keys and values go round
};

[[nodiscard]] inline int gpus(const DiffusionLayout& layout) {
  return layout.ulysses_parallel * layout.ring_parallel;
}

struct DenoisingWork {
  double linear_s = 0.0;
  double attention_s = 0.0;
  double head_factor = 1.0;
  double memory_s = 0.0;
  double ulysses_s = 0.0;
  double ring_s = 0.0;
  double block_steps = 0.0;         ///< A*s: blocks that the host launches
  double decoded_megapixels = 0.0;  ///< b * pixels * frames, decoded on one GPU
};

[[nodiscard]] DenoisingWork denoising_work(const DiffusionModel& model, const Accelerator& accelerator,
                                           const DiffusionLayout& layout, const MediaSize& size, double batch);

}  // namespace fleetwatt::models
