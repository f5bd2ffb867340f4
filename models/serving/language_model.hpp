// The shape of a language model with full attention, dense or mixture of experts: all that time, memory and energy
// follow from. Leaves out window layers, hybrid (state-space) layers and latent attention; encoders of images or video.
#pragma once

#include <string>

#include "sim/provenance.hpp"

namespace fleetwatt::models {

enum class KernelFamily { dense, moe };
enum class WeightPrecision { bf16, fp8 };

struct LanguageModel {
  std::string id;
  std::string title;
  KernelFamily kernel_family = KernelFamily::dense;
  double parameters = 0.0;  ///< in all
  double dense_read =
      0.0;  ///< parameters read in every iteration whatever the routing: output head yes, input embedding no
  double fp8_parameters = 0.0;  ///< of a released FP8 checkpoint, how many are FP8; 0 = all but the embedding
  int layers = 0;
  int hidden = 0;
  int heads = 0;
  int kv_heads = 0;
  int head_dim = 0;
  int experts = 0;  ///< in each mixture layer; 0 for a dense model
  int experts_a_token = 0;
  int moe_layers = 0;
  double expert_parameters = 0.0;  ///< of one expert in one layer
  sim::Basis basis = sim::Basis::assumed;
};

/// Bytes of the weights in memory.
[[nodiscard]] double weight_bytes(const LanguageModel& model, WeightPrecision precision);

/// Bytes of the weights outside the experts that every iteration reads.
[[nodiscard]] double dense_read_bytes(const LanguageModel& model, WeightPrecision precision);

/// Bytes of one expert of one layer.
[[nodiscard]] double expert_bytes(const LanguageModel& model, WeightPrecision precision);

/// Key-value cache a token, in BF16: 2 * layers * kv_heads * head_dim * 2 bytes.
[[nodiscard]] double kv_bytes_a_token(const LanguageModel& model);

}  // namespace fleetwatt::models
