#include "models/serving/carried_power.hpp"

namespace fleetwatt::models {

EngineConstants with_carried_power(EngineConstants engine, const Accelerator& from, const Accelerator& to) {
  const double tdp = to.tdp_w / from.tdp_w;
  const double arithmetic = to.bf16_flop_per_s / from.bf16_flop_per_s;
  const double memory = to.memory_bytes_per_s / from.memory_bytes_per_s;
  for (auto* constants :
       {&engine.dense, &engine.moe, &engine.hybrid, &engine.moe_mxfp4, &engine.moe_latent, &engine.moe_chunked}) {
    if (!*constants) continue;
    PowerTerms& power = (*constants)->power;
    power.resident *= tdp;
    power.waiting *= tdp;
    power.compute *= arithmetic;
    power.weights *= memory;
    power.kv_cache *= memory;
    power.fp8_experts *= tdp;
    power.unpacked_experts *= arithmetic;
  }
  return engine;
}

}  // namespace fleetwatt::models
