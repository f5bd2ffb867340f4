#include "models/diffusion/batch_cost.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/error.hpp"

namespace fleetwatt::models {

namespace {

const DiffusionConstants& require_constants(const DiffusionModel& model, const Accelerator& accelerator,
                                            const DiffusionEngine& engine) {
  const auto& constants = constants_for(engine, model.media);
  if (!constants) throw sim::OutOfRange(fmt::format("{} has no constants for {}", engine.id, name_of(model.media)));
  if (constants->resident_w >= accelerator.tdp_w)
    throw sim::OutOfRange(fmt::format("the engine's resident power of {} W is not below the power limit of {} W",
                                      constants->resident_w, accelerator.tdp_w));
  return *constants;
}

BatchParts parts_of(const DenoisingWork& work, const DiffusionConstants& k, const DiffusionEngine& engine,
                    const DiffusionLayout& layout) {
  const double a_block = engine.host.block + (gpus(layout) > 1 ? engine.host.parallel_block : 0.0) +
                         (layout.ring_parallel - 1.0) * engine.host.ring_block;
  return {.start_s = engine.host.start,
          .decode_s = k.megapixel_s * work.decoded_megapixels,
          .linear_s = k.linear * work.linear_s,
          .attention_s = k.attention * work.head_factor * work.attention_s,
          .memory_s = k.memory * work.memory_s,
          .network_s = k.ulysses * work.ulysses_s + k.ring * work.ring_s,
          .host_s = a_block * work.block_steps};
}

/// Of one GPU, beyond its resident power.
double dynamic_j(const DenoisingWork& work, const DiffusionConstants& k, int gpus) {
  return k.arithmetic_w * (work.linear_s + work.attention_s) + k.memory_w * work.memory_s +
         k.network_w * (work.ulysses_s + work.ring_s) + k.decode_w * k.megapixel_s * work.decoded_megapixels / gpus;
}

double cubed(double value) {
  return value * value * value;
}

}  // namespace

BatchCost batch_cost(const DiffusionModel& model, const Accelerator& accelerator, const DiffusionEngine& engine,
                     const DiffusionLayout& layout, const MediaSize& size, double batch) {
  const DiffusionConstants& constants = require_constants(model, accelerator, engine);
  const DenoisingWork work = denoising_work(model, accelerator, layout, size, batch);
  BatchCost cost;
  cost.parts = parts_of(work, constants, engine, layout);
  const BatchParts& p = cost.parts;
  const double gpu_s = p.linear_s + p.attention_s + p.memory_s + p.network_s;
  const double free_s = p.start_s + p.decode_s + std::cbrt(cubed(gpu_s) + cubed(p.host_s));
  const double extra_j = dynamic_j(work, constants, gpus(layout));
  cost.time_s = std::max(free_s, extra_j / (accelerator.tdp_w - constants.resident_w));
  cost.parts.stretched_s = cost.time_s - free_s;
  cost.energy_j = gpus(layout) * (constants.resident_w * cost.time_s + extra_j);
  return cost;
}

}  // namespace fleetwatt::models
