// The shape of a language model: all that time, memory and energy of serving follow from. Dense models and mixtures of
// experts; full, sliding-window and chunked attention; latent attention (one compressed key-value head that every GPU
// holds whole); state-space layers. Encoders of images are not in it: a service says what they take (attachments).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "sim/provenance.hpp"

namespace fleetwatt::models {

/// Which set of kernel constants of an engine applies.
enum class KernelFamily { dense, moe, hybrid, moe_mxfp4, moe_latent, moe_chunked };
inline constexpr int kernel_families_count = 6;
/// As the catalogue writes them.
inline constexpr std::array<std::string_view, kernel_families_count> kernel_family_names = {
    "dense", "moe", "hybrid", "moe_mxfp4", "moe_latent", "moe_chunked"};

[[nodiscard]] inline std::string_view name_of(KernelFamily family) {
  return kernel_family_names[static_cast<std::size_t>(family)];
}

enum class WeightPrecision { bf16, fp8, mxfp4, int4 };

struct LanguageModel {
  std::string id;
  std::string title;
  KernelFamily kernel_family = KernelFamily::dense;
  double parameters = 0.0;  ///< in all
  double dense_read =
      0.0;  ///< parameters read in every iteration whatever the routing: output head yes, input embedding no
  /// Of a released FP8 checkpoint, how many parameters outside the experts are FP8; empty = all but head and embedding.
  std::optional<double> fp8_dense_parameters = {};
  int layers = 0;
  int hidden = 0;
  int vocabulary = 0;
  int heads = 0;
  int kv_heads = 0;
  int head_dim = 0;
  std::optional<int> full_attention_layers = {};  ///< empty = all layers but the window layers
  int window_layers = 0;                          ///< layers that attend to the last `window_tokens` only
  int window_tokens = 0;
  int latent_values = 0;  ///< of latent attention: values a token and layer, in place of keys and values; 0 = none
  int state_layers = 0;   ///< state-space (Mamba) layers
  double state_bytes_a_sequence = 0.0;  ///< recurrent state of one sequence, over all state-space layers
  int experts = 0;                      ///< in each mixture layer; 0 for a model without
  int experts_a_token = 0;
  int moe_layers = 0;
  double expert_parameters = 0.0;  ///< of one expert in one layer
  int context_limit_tokens = 0;    ///< prompt and output together; 0 = not known
  sim::Basis basis = sim::Basis::assumed;
};

[[nodiscard]] inline bool is_mixture(const LanguageModel& model) {
  return model.experts > 0;
}

/// The constants that apply: those of the model, or of 4-bit experts where the weights are MXFP4.
[[nodiscard]] KernelFamily kernel_family(const LanguageModel& model, WeightPrecision precision);

/// Layers whose attention reads the whole context.
[[nodiscard]] int full_attention_layers(const LanguageModel& model);

/// Bytes of one parameter: 2, 1, and for 4-bit formats 0.53125 (MXFP4: a shared exponent for 32) or 0.51953 (integers:
/// scale and zero point for 128).
[[nodiscard]] double bytes_a_parameter(WeightPrecision precision);

/// Parameters outside the experts that are kept in the reduced precision; the rest stays BF16.
[[nodiscard]] double reduced_dense_parameters(const LanguageModel& model, WeightPrecision precision);

/// Bytes of the weights in memory.
[[nodiscard]] double weight_bytes(const LanguageModel& model, WeightPrecision precision);

/// Bytes of the weights outside the experts that every iteration reads.
[[nodiscard]] double dense_read_bytes(const LanguageModel& model, WeightPrecision precision);

/// Bytes of one expert of one layer.
[[nodiscard]] double expert_bytes(const LanguageModel& model, WeightPrecision precision);

/// Key-value cache of one token in one attention layer, in BF16: 2 * kv_heads * head_dim * 2 bytes, or the latent
/// vector's.
[[nodiscard]] double kv_bytes_a_token_and_layer(const LanguageModel& model);

/// Key-value cache a token while it lies inside every window: over all attention layers.
[[nodiscard]] double kv_bytes_a_token(const LanguageModel& model);

/// GPUs over which a token's cache is split; beyond the number of key-value heads it is held twice, and a latent vector
/// is held whole by each.
[[nodiscard]] int kv_ways(const LanguageModel& model, int tensor_parallel);

}  // namespace fleetwatt::models
