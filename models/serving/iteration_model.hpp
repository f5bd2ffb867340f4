// Time and energy of one iteration of a serving engine that batches continuously: B sequences decode, p prompt tokens
// are prefilled beside them, C tokens of context stand in the cache. With n GPUs (tensor parallel), peak rates F and BW
// of one GPU:
//
//   t = host + host_sequence*B + L*(layer + layer_sequence*B) + [n>1] L*parallel_layer + [FP8] L*fp8_layer
//     + kW*W/(n*BW) + kE*W_experts/BW + kV*KV*C/(min(n, KV heads)*BW)                                            memory
//     + kC*2*Nd*B/(n*F) + kX*2*Ne*B*(1 + z*sqrt(n/(B*k)))/(n*F) + kN*8*L*hidden*(B+p)*(n-1)/n/link_one_way compute,
//     network
//     + [p>0] (L*prefill_layer + kE*(E(B+p)-E(B))*expert bytes/(n*BW)) + p*(kC'*2*Nd + kX'*2*Ne)/(n*F) +
//     kC'*attention/(n*F)
//
// and energy of a GPU  e = static*t + compute*t_F + weight*t_W + kv*t_K + fp8_expert*t_8, the t_x being ideal times at
// peak rate. It is a *sum* (a max or a q-norm fitted no better) and linear in C, so iterations between two changes of a
// batch are an arithmetic progression. A limit on power stretches time: an iteration takes max(t, E_dynamic/(limit -
// static)).
//
// Time is whole units of 2^-44 s: sums are exact in any grouping.
// Source: form and constants fitted to the ML.ENERGY benchmark v3 (2025); see scenarios/catalog/engines.toml.
// Leaves out: pipeline and data parallelism, host time at which the GPU falls to idle power, clock and thermal
// throttling.
#pragma once

#include <cstdint>
#include <vector>

#include "models/hardware/accelerator.hpp"
#include "models/serving/engine_constants.hpp"
#include "models/serving/language_model.hpp"
#include "sim/sim_time.hpp"

namespace fleetwatt::models {

/// A replica's clock: 2^-44 s, since a token of context costs nanoseconds or less.
using FineTime = std::int64_t;
inline constexpr int fine_bits = 44;
inline constexpr int fine_shift = fine_bits - sim::Duration::tick_bits;
[[nodiscard]] constexpr FineTime fine_from(sim::Duration d) {
  return d.ticks() << fine_shift;
}
/// Rounded down.
[[nodiscard]] constexpr sim::Duration coarse_from(FineTime fine) {
  return sim::Duration::from_ticks(fine >> fine_shift);
}

/// How a model is laid out on GPUs.
struct Deployment {
  WeightPrecision precision = WeightPrecision::bf16;
  int tensor_parallel = 1;
  int batch_limit = 256;                    ///< sequences in flight
  int prefill_tokens_per_iteration = 2048;  ///< decoding sequences count against it, as in chunked prefill
  double kv_cache_tokens = 0.0;             ///< capacity; 0 = from memory
};

/// What an iteration carries.
struct Batch {
  int sequences = 0;          ///< B
  int prompt_tokens = 0;      ///< p
  double prompt_pairs = 0.0;  ///< sum over chunks of p*(s + p/2): prompt tokens times the tokens that they attend to
  std::int64_t context_tokens = 0;  ///< C of the decoding sequences
};

struct IterationCost {
  FineTime time = 0;
  double energy_j = 0.0;  ///< all GPUs of the replica
};

/// GPUs whose usable memory holds the weights and ten per cent more: the smallest power of two.
[[nodiscard]] int fewest_gpus(const LanguageModel& model, WeightPrecision precision, const Accelerator& accelerator,
                              const EngineConstants& engine);

/// Tokens of cache beside the weights: (usable memory - weights - activations) / bytes a token; negative when the
/// weights do not fit.
[[nodiscard]] double kv_capacity_tokens(const LanguageModel& model, const Deployment& deployment,
                                        const Accelerator& accelerator, const EngineConstants& engine);

class IterationModel {
 public:
  /// The limit on power is the accelerator's TDP; static power must be below it (OutOfRange).
  IterationModel(const LanguageModel& model, const Accelerator& accelerator, const EngineConstants& engine,
                 const Deployment& deployment);

  [[nodiscard]] IterationCost cost(const Batch& batch) const;

  [[nodiscard]] const Deployment& deployment() const { return deployment_; }
  [[nodiscard]] std::int64_t kv_capacity() const { return kv_capacity_; }

 private:
  /// What does not depend on the context: unlimited time, time that the power limit allows, dynamic energy of one GPU.
  struct Terms {
    double time_s = 0.0;
    double dynamic_j = 0.0;
  };
  struct FineTerms {
    FineTime time = 0;
    FineTime limited_time = 0;
    double dynamic_j = 0.0;
  };
  [[nodiscard]] Terms decode_terms(int sequences) const;
  void add_experts(int sequences, Terms& terms) const;
  void add_prefill(const Batch& batch, Terms& terms) const;
  [[nodiscard]] double experts_touched(double tokens) const;
  [[nodiscard]] FineTerms fine(const Terms& terms) const;

  LanguageModel model_;
  Accelerator accelerator_;
  EngineConstants engine_;
  KernelConstants kernel_;
  Deployment deployment_;
  double gpus_ = 1.0;
  double costed_layers_ = 0.0;
  double dense_flops_a_token_s_ = 0.0;  ///< ideal seconds of one GPU for one token outside the experts
  double expert_flops_a_token_s_ = 0.0;
  std::int64_t kv_capacity_ = 0;
  FineTerms context_;          ///< for each token of context
  std::vector<Terms> decode_;  ///< by number of sequences
  std::vector<FineTerms> decode_fine_;
};

}  // namespace fleetwatt::models
