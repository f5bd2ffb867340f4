// Time and energy of one iteration: an engine's constants times what the iteration has to do (iteration_work.hpp), held
// at the power limit by stretching time: an iteration takes max(t, E_dynamic/(limit - resident power)), and power is
// never clipped afterwards. Both are linear in the context.
//
// In the simulation time is whole units of 2^-44 s: sums are exact in any grouping. `evaluate` is the same in real
// numbers, for batches that are means (steady_state.hpp, the calibration).
//
// With measured tables (iteration_table.hpp), time is the host's terms plus layers times the tables' time of a layer;
// energy and the limit go on from the engine's power constants and ideal work, with that time. Between two points of
// the tables, time is linear in the context there too, but not across them. Leaves out: clocks (a limit stretches all
// parts alike), thermal throttling.
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/hardware/accelerator.hpp"
#include "models/serving/deployment.hpp"
#include "models/serving/engine_constants.hpp"
#include "models/serving/iteration_table.hpp"
#include "models/serving/iteration_work.hpp"
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

[[nodiscard]] inline double s_from_fine(FineTime fine) {
  return std::ldexp(static_cast<double>(fine), -fine_bits);
}

/// What an iteration carries.
struct Batch {
  int sequences = 0;          ///< B that decode
  int prompts = 0;            ///< whose prefill ends in this iteration
  int attachments = 0;        ///< prompts with images or videos whose prefill begins in it
  int prompt_tokens = 0;      ///< p
  double prompt_pairs = 0.0;  ///< sum over chunks of p*(s + p/2): prompt tokens times the tokens that they attend to
  double prompt_window_pairs = 0.0;  ///< the same in a window layer
  std::int64_t context_tokens = 0;   ///< C of the decoding sequences
  std::int64_t window_tokens = 0;    ///< of them, those inside the window
};

struct IterationCost {
  FineTime time = 0;
  double energy_j = 0.0;  ///< all GPUs of the replica
};

/// The same in real numbers, with what the time is made of.
struct EvaluatedIteration {
  double time_s = 0.0;  ///< stretched where power is limited
  double unlimited_time_s = 0.0;
  double energy_j = 0.0;  ///< all GPUs of the replica
};

/// The same, term by term (grouped for people in analysis/explain).
struct IterationParts {
  HostTerms host;            ///< seconds
  KernelTerms kernel;        ///< seconds
  double stretched_s = 0.0;  ///< what the power limit adds to them
  /// Joules of all GPUs of the replica; where the GPU idles in the host's time, `resident` has idle power for it.
  PowerTerms energy_j;
};

class IterationModel {
 public:
  /// The limit on power is the accelerator's TDP; resident power must be below it (OutOfRange). `tables` are in place
  /// of the formula's time of kernels; where several GPUs share a layer they must have collectives, and no iteration
  /// may take more than 1000 s (OutOfRange).
  IterationModel(const LanguageModel& model, const Accelerator& accelerator, const EngineConstants& engine,
                 const Deployment& deployment, std::shared_ptr<const IterationTables> tables = nullptr);

  [[nodiscard]] IterationCost cost(const Batch& batch) const;
  [[nodiscard]] EvaluatedIteration evaluate(const BatchLoad& load, double context_tokens, double window_tokens) const;
  /// Adds up to what `evaluate` returns.
  [[nodiscard]] IterationParts parts(const BatchLoad& load, double context_tokens, double window_tokens) const;

  [[nodiscard]] const LanguageModel& model() const { return model_; }
  [[nodiscard]] const Accelerator& accelerator() const { return accelerator_; }
  [[nodiscard]] const Deployment& deployment() const { return deployment_; }
  [[nodiscard]] const EngineConstants& engine() const { return engine_; }
  [[nodiscard]] const KernelConstants& kernel() const { return kernel_; }
  [[nodiscard]] std::int64_t kv_capacity() const { return kv_capacity_; }
  /// Whether, with one batch, each token of context adds the same time.
  [[nodiscard]] bool is_linear_in_context() const { return tables_ == nullptr; }

 private:
  /// Unlimited time, and energy of one GPU beyond resident power times time.
  struct Terms {
    double time_s = 0.0;
    double dynamic_j = 0.0;  ///< of the mean GPU
    double busiest_j = 0.0;  ///< of one that worked all the time: what the power limit holds
  };
  struct FineTerms {
    FineTime time = 0;
    FineTime limited_time = 0;  ///< what the power limit allows
    double dynamic_j = 0.0;
  };
  [[nodiscard]] Terms terms_of(const IterationWork& work, const BatchLoad& load) const;
  /// What one layer of one GPU sees of a replica's batch.
  [[nodiscard]] LayerLoad layer_load(const BatchLoad& load) const;
  /// The kernels' time but that of the context, by formula or tables.
  [[nodiscard]] double kernel_s(const IterationWork& work, const BatchLoad& load) const;
  /// The context's, from the tables.
  [[nodiscard]] double table_context_s(double sequences, double context_tokens) const;
  [[nodiscard]] KernelTerms table_parts(const KernelTerms& formula, const BatchLoad& load, double context_tokens) const;
  /// Time in which an engine whose GPU idles for the host holds it up; 0 for others.
  [[nodiscard]] double held_up_s(const IterationWork& work) const;
  [[nodiscard]] double dynamic_j(const EnergyWork& work, double time_s, double waiting_s) const;
  [[nodiscard]] Terms context_terms(double ideal_s, double busy_share) const;
  [[nodiscard]] FineTerms fine(const Terms& terms) const;

  LanguageModel model_;
  Accelerator accelerator_;
  EngineConstants engine_;
  KernelConstants kernel_;
  Deployment deployment_;
  std::shared_ptr<const IterationTables> tables_;  ///< null: by formula
  double gpus_ = 1.0;
  std::int64_t kv_capacity_ = 0;
  struct FineContext {
    FineTerms full;    ///< for each token of context
    FineTerms window;  ///< and for each token inside the window, in window layers
  };
  std::vector<FineContext> context_;  ///< by number of sequences; the last holds for more
  std::vector<FineTerms> decode_;     ///< by number of sequences
};

}  // namespace fleetwatt::models
