// Constants of a serving engine on one kind of accelerator: what a roofline misses. The form that they stand in is
// written out in iteration_work.hpp; the figures are in scenarios/catalog/engines.toml, where the calibration puts
// them (analysis/calibrate).
#pragma once

#include <array>
#include <optional>
#include <string>

#include "models/serving/iteration_work.hpp"
#include "models/serving/language_model.hpp"
#include "sim/provenance.hpp"

namespace fleetwatt::models {

/// Constants of one kernel family.
struct KernelConstants {
  KernelTerms time;  ///< seconds each, or the factor on an ideal time
  PowerTerms power;  ///< of one GPU
};

struct EngineConstants {
  std::string id;
  std::string title;
  std::string accelerator;          ///< the accelerator on which they were calibrated
  HostTerms host;                   ///< seconds each
  bool idles_in_host_time = false;  ///< the GPU falls towards idle power while the host and launches hold it up
  double memory_fraction = 0.9;     ///< of GPU memory that the engine may use
  double activation_bytes = 2e9;    ///< kept free on each GPU for activations
  std::optional<KernelConstants> dense;
  std::optional<KernelConstants> moe;
  std::optional<KernelConstants> hybrid;
  std::optional<KernelConstants> moe_mxfp4;
  std::optional<KernelConstants> moe_latent;
  std::optional<KernelConstants> moe_chunked;
  double largest_batch = 0.0;  ///< sequences in flight among the measurements that they were fitted to; 0 = not said
  sim::Basis basis = sim::Basis::assumed;
};

/// The constants that the engine was calibrated with for the family, if it was.
[[nodiscard]] const std::optional<KernelConstants>& constants_for(const EngineConstants& engine, KernelFamily family);
[[nodiscard]] std::optional<KernelConstants>& constants_for(EngineConstants& engine, KernelFamily family);

/// Where a kind of mixture was not calibrated, those of plain mixtures stand in. Throws OutOfRange where there are none
/// either: dense constants know nothing of experts or of recurrent state, which would then cost nothing.
[[nodiscard]] const KernelConstants& nearest_constants(const EngineConstants& engine, KernelFamily family);

}  // namespace fleetwatt::models
