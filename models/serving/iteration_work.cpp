#include "models/serving/iteration_work.hpp"

#include <algorithm>
#include <cmath>

#include "models/serving/deployment.hpp"
#include "models/serving/micro_batches.hpp"

namespace fleetwatt::models {

namespace {

constexpr double flops_a_parameter = 2.0;
constexpr double free_choices_a_token = 0.6;
constexpr double fast_prompt_tokens = 2048.0;

/// The mean maximum of n standard normals: how unevenly routing loads the GPUs.
double imbalance(int ways) {
  if (ways <= 1) return 0.0;
  if (ways <= 2) return 0.56;
  if (ways <= 4) return 1.03;
  return 1.42;
}

/// Peak rate of arithmetic on weights of that precision. 4-bit weights meet 8-bit activations where the part has 4-bit
/// units, and are unpacked to BF16 where it has none.
double rate(const Accelerator& accelerator, WeightPrecision precision) {
  const bool has_fp8 = accelerator.fp8_flop_per_s > 0.0;
  const bool in_fp8 =
      precision == WeightPrecision::fp8 || (precision == WeightPrecision::mxfp4 && accelerator.fp4_flop_per_s > 0.0);
  return in_fp8 && has_fp8 ? accelerator.fp8_flop_per_s : accelerator.bf16_flop_per_s;
}

/// One iteration's parts: what one micro-batch is to the GPUs that it passes, and the energy of the mean GPU.
class Work {
 public:
  Work(const LanguageModel& model, const Accelerator& accelerator, const Deployment& deployment, const BatchLoad& load)
      : model_(model), accelerator_(accelerator), deployment_(deployment), load_(load), n_(deployment.tensor_parallel) {
    dealt_ = micro_batches(deployment, load);
    b_ = load.sequences / (dealt_.in_a_copy * dealt_.copies);
    p_ = load.prompt_tokens / dealt_.of_prompts;
    passing_ = std::max(dealt_.in_a_copy, dealt_.of_prompts);
    const double stages = deployment.pipeline_parallel;
    const double places = stages * deployment.data_parallel;
    dense_ = {.passes = (dealt_.in_a_copy * dealt_.copies + passing_ - dealt_.in_a_copy) / places,
              .sequences = dealt_.in_a_copy * dealt_.copies / places,
              .prompts = dealt_.of_prompts / places};
    experts_ = {
        .passes = passing_ / stages, .sequences = dealt_.in_a_copy / stages, .prompts = dealt_.of_prompts / stages};
  }

  IterationWork operator()() {
    add_host();
    add_layers();
    add_dense();
    if (is_mixture(model_)) add_experts();
    // Arithmetic's power goes with the root of its share of the time, and a GPU works in a part of it.
    work_.ideal_compute_s *= is_mixture(model_) ? experts_.passes : dense_.passes;
    return work_;
  }

 private:
  void add_host() {
    // One process schedules for all stages, micro-batch after micro-batch.
    work_.host.iteration = passing_;
    work_.host.sequence = load_.sequences / dealt_.copies;
    work_.host.prompt = load_.prompts;
    work_.host.attachment = load_.attachments;
    work_.host.prompt_token = load_.prompt_tokens;
    work_.host.prompt_token_beyond = std::max(work_.host.prompt_token - fast_prompt_tokens, 0.0);
  }

  void add_layers() {
    KernelTerms& k = work_.kernel;
    const double layers = is_mixture(model_) ? model_.moe_layers : model_.layers;
    k.layer = layers;
    k.layer_sequence = layers * b_;
    k.dense_layer = is_mixture(model_) ? model_.layers - model_.moe_layers : 0;
    if (n_ * deployment_.data_parallel > 1) k.parallel_layer = model_.layers;
    if (deployment_.precision == WeightPrecision::fp8) {
      k.fp8_layer = model_.layers;
      k.fp8_layer_sequence = model_.layers * b_;
    }
    if (load_.prompt_tokens > 0.0) k.prefill_layer = layers;
  }

  void add_dense() {
    KernelTerms& k = work_.kernel;
    const double reduced = reduced_dense_parameters(model_, deployment_.precision);
    const double bf16_s = flops_a_parameter * (model_.dense_read - reduced) / (n_ * accelerator_.bf16_flop_per_s);
    const double reduced_s = flops_a_parameter * reduced / (n_ * rate(accelerator_, deployment_.precision));
    k.dense_weights = dense_read_bytes(model_, deployment_.precision) / (n_ * accelerator_.memory_bytes_per_s);
    k.compute = bf16_s * b_;
    k.compute_fp8 = reduced_s * b_;
    k.prefill_compute = bf16_s * p_;
    k.prefill_compute_fp8 = reduced_s * p_;
    const double pairs =
        full_attention_layers(model_) * load_.prompt_pairs + model_.window_layers * load_.prompt_window_pairs;
    k.prefill_attention =
        4.0 * model_.heads * model_.head_dim * pairs / dealt_.of_prompts / (n_ * accelerator_.bf16_flop_per_s);
    k.network = network_s(b_ + p_);
    if (model_.state_layers > 0)
      k.state = 2.0 * model_.state_bytes_a_sequence * b_ / (n_ * accelerator_.memory_bytes_per_s);
    work_.power.weights = dense_.passes * k.dense_weights;
    work_.ideal_compute_s = dense_.sequences * k.compute + dense_.sequences * k.compute_fp8 +
                            dense_.prompts * k.prefill_compute + dense_.prompts * k.prefill_compute_fp8 +
                            dense_.prompts * k.prefill_attention;
    work_.busiest.power.weights = k.dense_weights;
    work_.busiest.ideal_compute_s =
        k.compute + k.compute_fp8 + k.prefill_compute + k.prefill_compute_fp8 + k.prefill_attention;
  }

  [[nodiscard]] double network_s(double tokens) const {
    const double link_one_way = accelerator_.link_bytes_per_s / 2.0;
    return 8.0 * model_.layers * model_.hidden * tokens * (n_ - 1.0) / n_ / link_one_way;
  }

  void add_experts() {
    KernelTerms& k = work_.kernel;
    const WeightPrecision precision = deployment_.precision;
    const int ways = deployment_.tensor_parallel * deployment_.data_parallel;
    const double b = load_.sequences / dealt_.in_a_copy;  // experts see the sequences of all copies
    const double p = p_;
    const double local = deployment_.expert_parallel ? static_cast<double>(model_.experts) / ways : model_.experts;
    const double z = deployment_.expert_parallel ? imbalance(ways) : 0.0;
    const double split = deployment_.expert_parallel ? 1.0 : ways;
    const double read_s = model_.moe_layers * expert_bytes(model_, precision) / split / accelerator_.memory_bytes_per_s;
    const double row_s =
        flops_a_parameter * model_.expert_parameters * model_.moe_layers / split / rate(accelerator_, precision);
    const double rows_a_token =
        deployment_.expert_parallel ? static_cast<double>(model_.experts_a_token) / ways : model_.experts_a_token;

    const double q = touched(b + p);
    const double busiest = std::min(local, local * q + z * std::sqrt(local * q * (1.0 - q)));
    const double weights_s = read_s * busiest;
    expert_weights(precision) = weights_s;
    const double decode_s = row_s * rows_a_token * b;
    const double unevenness = b > 0.0 ? 1.0 + z * std::sqrt(ways / (b * model_.experts_a_token)) : 1.0;
    const double prompt_s = row_s * rows_a_token * p;
    k.expert_compute = decode_s * unevenness;
    (precision == WeightPrecision::fp8 ? k.prefill_expert_compute_fp8 : k.prefill_expert_compute) = prompt_s;
    if (precision == WeightPrecision::fp8) {
      k.fp8_local_expert = model_.moe_layers * local;
      work_.busiest.power.fp8_experts = model_.moe_layers * local * 1e-6;
      work_.power.fp8_experts = experts_.passes * work_.busiest.power.fp8_experts;
    }
    if (precision == WeightPrecision::bf16 && deployment_.expert_parallel && ways > 1 && b + p > local) {
      k.untuned_layer = model_.moe_layers;
      k.untuned_expert_weights = weights_s;
    }
    if (precision == WeightPrecision::mxfp4 || precision == WeightPrecision::int4) {
      work_.busiest.power.unpacked_experts = decode_s + prompt_s;
      work_.power.unpacked_experts = experts_.sequences * decode_s + experts_.prompts * prompt_s;
    }
    work_.busiest.power.weights += weights_s;
    work_.power.weights += experts_.passes * weights_s;
    work_.busiest.ideal_compute_s += decode_s + prompt_s;
    work_.ideal_compute_s += experts_.sequences * decode_s + experts_.prompts * prompt_s;
  }

  double& expert_weights(WeightPrecision precision) {
    if (precision == WeightPrecision::bf16) return work_.kernel.expert_weights_bf16;
    if (precision == WeightPrecision::fp8) return work_.kernel.expert_weights_fp8;
    return work_.kernel.expert_weights_4bit;
  }

  /// Share of the experts of a layer that `tokens` touch.
  [[nodiscard]] double touched(double tokens) const {
    const double share = static_cast<double>(model_.experts_a_token) / model_.experts;
    return 1.0 - std::pow(1.0 - share, free_choices_a_token * tokens);
  }

  const LanguageModel& model_;
  const Accelerator& accelerator_;
  const Deployment& deployment_;
  const BatchLoad& load_;
  /// Of the places of a replica, stages times copies (of experts, which copies share: stages), those that have work.
  struct Shares {
    double passes = 1.0;
    double sequences = 1.0;
    double prompts = 1.0;
  };
  double n_ = 1.0;
  MicroBatches dealt_;
  double passing_ = 1.0;  ///< micro-batches that a copy's stages see
  Shares dense_;
  Shares experts_;
  double b_ = 0.0;  ///< sequences of a micro-batch
  double p_ = 0.0;  ///< its prompt tokens
  IterationWork work_;
};

}  // namespace

IterationWork iteration_work(const LanguageModel& model, const Accelerator& accelerator, const Deployment& deployment,
                             const BatchLoad& load) {
  return Work(model, accelerator, deployment, load)();
}

ContextWork context_work(const LanguageModel& model, const Accelerator& accelerator, const Deployment& deployment,
                         double sequences) {
  const MicroBatches dealt = micro_batches(deployment, {.sequences = sequences});
  const double at_once = dealt.in_a_copy * dealt.copies;
  const double ways = kv_ways(model, deployment.tensor_parallel) * at_once;
  const double a_layer = kv_bytes_a_token_and_layer(model) / (ways * accelerator.memory_bytes_per_s);
  return {full_attention_layers(model) * a_layer, model.window_layers * a_layer,
          at_once / (deployment.pipeline_parallel * deployment.data_parallel)};
}

}  // namespace fleetwatt::models
