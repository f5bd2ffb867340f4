// An accelerator as its data sheet describes it, in SI units. Rates are dense: without structured sparsity, which
// vendors' headline figures often assume. Power in serving follows from the engine's constants (models/serving); in
// training it is a fraction of TDP.
#pragma once

#include <string>

#include "sim/provenance.hpp"

namespace fleetwatt::models {

struct Accelerator {
  std::string id;
  std::string title;
  double tdp_w = 0.0;            ///< thermal design power: what sustained work never exceeds
  double idle_w = 0.0;           ///< powered, nothing resident
  double bf16_flop_per_s = 0.0;  ///< dense
  double fp8_flop_per_s = 0.0;   ///< dense; 0 where the part has no FP8
  double fp4_flop_per_s = 0.0;   ///< dense; 0 where the part has no 4-bit units
  double memory_bytes = 0.0;
  double memory_bytes_per_s = 0.0;
  double link_bytes_per_s = 0.0;          ///< to its neighbours, both directions together
  double training_power_fraction = 0.90;  ///< power at work in training over TDP
  std::string engine;                     ///< set of serving constants; empty where none was calibrated
  std::string diffusion_engine = {};      ///< likewise for images and videos
  sim::Basis basis = sim::Basis::assumed;
  sim::Basis idle_basis = sim::Basis::assumed;
  sim::Basis training_basis = sim::Basis::modelled;
};

/// Power of a GPU that works on a training or batch job.
[[nodiscard]] inline double training_power_w(const Accelerator& accelerator) {
  return accelerator.training_power_fraction * accelerator.tdp_w;
}

}  // namespace fleetwatt::models
