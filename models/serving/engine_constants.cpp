#include "models/serving/engine_constants.hpp"

#include <fmt/format.h>

#include "sim/error.hpp"

namespace fleetwatt::models {

namespace {

std::optional<KernelConstants> EngineConstants::*member_of(KernelFamily family) {
  switch (family) {
    case KernelFamily::moe:
      return &EngineConstants::moe;
    case KernelFamily::hybrid:
      return &EngineConstants::hybrid;
    case KernelFamily::moe_mxfp4:
      return &EngineConstants::moe_mxfp4;
    case KernelFamily::moe_latent:
      return &EngineConstants::moe_latent;
    case KernelFamily::moe_chunked:
      return &EngineConstants::moe_chunked;
    case KernelFamily::dense:
      break;
  }
  return &EngineConstants::dense;
}

}  // namespace

const std::optional<KernelConstants>& constants_for(const EngineConstants& engine, KernelFamily family) {
  return engine.*member_of(family);
}

std::optional<KernelConstants>& constants_for(EngineConstants& engine, KernelFamily family) {
  return engine.*member_of(family);
}

const KernelConstants& nearest_constants(const EngineConstants& engine, KernelFamily family) {
  if (const auto& own = constants_for(engine, family)) return *own;
  const bool mixture = family != KernelFamily::dense && family != KernelFamily::hybrid;
  if (mixture && engine.moe) return *engine.moe;
  throw sim::OutOfRange(fmt::format("engine {} has no constants for {}", engine.id,
                                    mixture                          ? "mixtures of experts"
                                    : family == KernelFamily::hybrid ? "state-space hybrids"
                                                                     : "dense models"));
}

}  // namespace fleetwatt::models
