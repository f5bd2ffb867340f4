#include "models/diffusion/diffusion_engine.hpp"

namespace fleetwatt::models {

DiffusionEngine with_carried_power(DiffusionEngine engine, const Accelerator& from, const Accelerator& to) {
  const double tdp = to.tdp_w / from.tdp_w;
  for (auto* constants : {&engine.image, &engine.video}) {
    if (!*constants) continue;
    (*constants)->resident_w *= tdp;
    (*constants)->arithmetic_w *= to.bf16_flop_per_s / from.bf16_flop_per_s;
    (*constants)->memory_w *= to.memory_bytes_per_s / from.memory_bytes_per_s;
    (*constants)->network_w *= to.link_bytes_per_s / from.link_bytes_per_s;
    (*constants)->decode_w *= tdp;
  }
  return engine;
}

}  // namespace fleetwatt::models
