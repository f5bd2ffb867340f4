// What one iteration of a serving engine has to do, as amounts that an engine's constants multiply. With B sequences
// that decode on n GPUs (tensor parallel), p prompt tokens beside them, C context tokens in the cache, L layers, and
// peak rates F and BW of one GPU:
//
//   time = sum of constant * amount over HostTerms and KernelTerms:
//     host        1, B, prompts, those with images, prompt tokens, those beyond 2,048 (2023's fast all-reduce ends)
//     launches    L, L*B, L if n > 1, L and L*B with FP8 weights, L*local experts with FP8 experts, L if p > 0
//     memory      dense weights/(n*BW), expert weights of the busiest GPU/BW, cache/(ways*BW), state/(n*BW)
//     arithmetic  2*Nd*B/(n*F) by precision, 2*Ne*B/(n*F) times unevenness; for prompts apart, with their attention
//     network     8*L*hidden*(B + p)*(n-1)/n/link one way: the two all-reduces of a layer
//
//   energy of a GPU = static*time + compute*sqrt(ideal arithmetic * time without the context's)
//                     + weights*ideal + cache*ideal + FP8 experts*ideal + unpacked experts*ideal
//   (where an engine idles in host time, that time costs idle + waiting in place of static)
//
// It is a *sum*: a maximum of compute and memory fits measurements worse (analysis/docs/validation). All of it is
// linear in C, so iterations between two changes of a batch are an arithmetic progression.
//
// Experts: a token chooses k of E. Choices of the tokens in a batch resemble each other, so B + p tokens touch as many
// experts as 0.6 as many would that choose freely: q = 1 - (1 - k/E)^(0.6*(B + p)) of them. Of m = E/n on each GPU, the
// busiest reads min(m, m*q + z*sqrt(m*q*(1-q))), z being the mean maximum of n standard normals. The mixtures' kernel
// for BF16 has tuned shapes for experts on one GPU only; split over GPUs it falls back once tokens outnumber local
// experts ("untuned").
// Pipeline and data parallel: B and p above are those of a micro-batch (micro_batches.hpp). With sequences enough,
// B/stages go through the stages at a time, side by side with others; one host process schedules for all stages. Each
// copy has B/copies sequences; they run in lock-step, so a prompt on one holds up all. A GPU whose stage or copy has
// nothing to do draws resident power.
// Leaves out: overlap of prefill and decode on streams, speculative decoding, prefix caching, expert balancing.
#pragma once

#include <array>

#include "models/hardware/accelerator.hpp"
#include "models/serving/language_model.hpp"
#include "models/serving/term.hpp"

namespace fleetwatt::models {

/// As amounts: how many. As constants: seconds each.
struct HostTerms {
  double iteration = 0.0;
  double sequence = 0.0;
  double prompt = 0.0;
  double attachment = 0.0;
  double prompt_token = 0.0;
  double prompt_token_beyond = 0.0;
};

/// As amounts: counts (layer ... prefill_layer) or ideal seconds at peak rate. As constants: seconds each, or factors.
struct KernelTerms {
  double layer = 0.0;
  double layer_sequence = 0.0;
  double dense_layer = 0.0;  ///< layers without experts of a mixture
  double parallel_layer = 0.0;
  double fp8_layer = 0.0;
  double fp8_layer_sequence = 0.0;
  double fp8_local_expert = 0.0;
  double untuned_layer = 0.0;
  double prefill_layer = 0.0;
  double dense_weights = 0.0;
  double expert_weights_bf16 = 0.0;
  double expert_weights_fp8 = 0.0;
  double expert_weights_4bit = 0.0;
  double untuned_expert_weights = 0.0;
  double kv_cache = 0.0;
  double state = 0.0;
  double compute = 0.0;
  double compute_fp8 = 0.0;
  double expert_compute = 0.0;
  double prefill_compute = 0.0;
  double prefill_compute_fp8 = 0.0;
  double prefill_attention = 0.0;
  double prefill_expert_compute = 0.0;
  double prefill_expert_compute_fp8 = 0.0;
  double network = 0.0;
};

/// As amounts: ideal seconds. As constants: watts, or joules an ideal second.
struct PowerTerms {
  double resident = 0.0;  ///< whatever the kernels do; the amount is the iteration's time
  double waiting = 0.0;   ///< above idle; the amount is the time for which the host holds the GPU up
  double compute = 0.0;   ///< the amount is sqrt(ideal arithmetic * time without the context's)
  double weights = 0.0;
  double kv_cache = 0.0;
  double fp8_experts = 0.0;       ///< the amount is a microsecond a layer and local expert
  double unpacked_experts = 0.0;  ///< arithmetic on 4-bit experts
};

inline constexpr std::array host_terms = {
    Term<HostTerms>{"iteration_us", &HostTerms::iteration, true, "each iteration"},
    Term<HostTerms>{"sequence_us", &HostTerms::sequence, true, "each sequence of an iteration"},
    Term<HostTerms>{"prompt_us", &HostTerms::prompt, true, "each prompt"},
    Term<HostTerms>{"attachment_us", &HostTerms::attachment, true,
                    "each prompt with images or videos: preparing and encoding them"},
    Term<HostTerms>{"prompt_token_us", &HostTerms::prompt_token, true, "each prompt token, however many GPUs"},
    Term<HostTerms>{"prompt_token_beyond_us", &HostTerms::prompt_token_beyond, true,
                    "and each beyond 2,048 in an iteration"}};

inline constexpr std::array kernel_terms = {
    Term<KernelTerms>{"layer_us", &KernelTerms::layer, true, "each layer (of a mixture: each with experts)"},
    Term<KernelTerms>{"layer_sequence_us", &KernelTerms::layer_sequence, true, "each layer and sequence"},
    Term<KernelTerms>{"dense_layer_us", &KernelTerms::dense_layer, true, "each layer without experts of a mixture"},
    Term<KernelTerms>{"parallel_layer_us", &KernelTerms::parallel_layer, true, "each layer on more than one GPU"},
    Term<KernelTerms>{"fp8_layer_us", &KernelTerms::fp8_layer, true, "each layer with FP8 weights"},
    Term<KernelTerms>{"fp8_layer_sequence_us", &KernelTerms::fp8_layer_sequence, true, "and sequence"},
    Term<KernelTerms>{"fp8_local_expert_us", &KernelTerms::fp8_local_expert, true,
                      "each layer and FP8 expert of a GPU"},
    Term<KernelTerms>{"untuned_layer_us", &KernelTerms::untuned_layer, true, "each layer with the untuned kernel"},
    Term<KernelTerms>{"prefill_layer_us", &KernelTerms::prefill_layer, true, "each layer of an iteration with prompts"},
    Term<KernelTerms>{"dense_weight_factor", &KernelTerms::dense_weights, false, "reading weights outside experts"},
    Term<KernelTerms>{"expert_weight_factor_bf16", &KernelTerms::expert_weights_bf16, false, "reading experts"},
    Term<KernelTerms>{"expert_weight_factor_fp8", &KernelTerms::expert_weights_fp8, false, "reading FP8 experts"},
    Term<KernelTerms>{"expert_weight_factor_4bit", &KernelTerms::expert_weights_4bit, false, "reading 4-bit experts"},
    Term<KernelTerms>{"untuned_expert_weight_factor", &KernelTerms::untuned_expert_weights, false,
                      "added to it with the untuned kernel"},
    Term<KernelTerms>{"kv_cache_factor", &KernelTerms::kv_cache, false, "reading the cache"},
    Term<KernelTerms>{"state_factor", &KernelTerms::state, false, "reading and writing recurrent state"},
    Term<KernelTerms>{"compute_factor", &KernelTerms::compute, false, "arithmetic of decoding"},
    Term<KernelTerms>{"compute_factor_fp8", &KernelTerms::compute_fp8, false, "in FP8"},
    Term<KernelTerms>{"expert_compute_factor", &KernelTerms::expert_compute, false, "arithmetic of experts, decoding"},
    Term<KernelTerms>{"prefill_compute_factor", &KernelTerms::prefill_compute, false, "arithmetic of prompts"},
    Term<KernelTerms>{"prefill_compute_factor_fp8", &KernelTerms::prefill_compute_fp8, false, "in FP8"},
    Term<KernelTerms>{"prefill_attention_factor", &KernelTerms::prefill_attention, false, "attention of prompts"},
    Term<KernelTerms>{"prefill_expert_compute_factor", &KernelTerms::prefill_expert_compute, false,
                      "arithmetic of experts on prompts"},
    Term<KernelTerms>{"prefill_expert_compute_factor_fp8", &KernelTerms::prefill_expert_compute_fp8, false, "in FP8"},
    Term<KernelTerms>{"network_factor", &KernelTerms::network, false, "all-reduces"}};

inline constexpr std::array power_terms = {
    Term<PowerTerms>{"resident_w", &PowerTerms::resident, false, "with a resident kernel, whatever it does"},
    Term<PowerTerms>{"waiting_w", &PowerTerms::waiting, false,
                     "above idle, in host time, where the engine idles in it: the clocks stay up"},
    Term<PowerTerms>{"compute_w", &PowerTerms::compute, false,
                     "times the root of ideal arithmetic's share of the time"},
    Term<PowerTerms>{"weight_w", &PowerTerms::weights, false, "joules an ideal second of reading weights"},
    Term<PowerTerms>{"kv_cache_w", &PowerTerms::kv_cache, false, "joules an ideal second of reading the cache"},
    Term<PowerTerms>{"fp8_expert_w", &PowerTerms::fp8_experts, false,
                     "joules a second of (layers * local FP8 experts) microseconds"},
    Term<PowerTerms>{"unpacked_expert_w", &PowerTerms::unpacked_experts, false,
                     "joules an ideal second of arithmetic on 4-bit experts"}};

/// Sum of constant times amount over all terms.
template <class Terms, std::size_t Count>
[[nodiscard]] double dot(const std::array<Term<Terms>, Count>& terms, const Terms& constants, const Terms& amounts) {
  double sum = 0.0;
  for (const auto& term : terms) sum += constants.*term.member * (amounts.*term.member);
  return sum;
}

/// What a batch carries; means over iterations where they are not whole.
struct BatchLoad {
  double sequences = 0.0;            ///< B that decode
  double prompts = 0.0;              ///< whose prefill ends in this iteration
  double attachments = 0.0;          ///< prompts with images or videos whose prefill begins in it
  double prompt_tokens = 0.0;        ///< p
  double prompt_pairs = 0.0;         ///< prompt tokens times the tokens that each attends to, summed, in a full layer
  double prompt_window_pairs = 0.0;  ///< the same in a window layer
};

/// What a GPU's energy beyond resident power goes by.
struct EnergyWork {
  PowerTerms power;              ///< weights, fp8_experts and unpacked_experts only
  double ideal_compute_s = 0.0;  ///< of one GPU at peak rate
};

/// Amounts without the context's, which are in ContextWork: time of a micro-batch through all stages, energy of the
/// mean GPU of the replica.
struct IterationWork : EnergyWork {
  HostTerms host;
  KernelTerms kernel;
  EnergyWork busiest;  ///< of a GPU that worked all the time as the stages do in turn: what its power limit holds
};

/// Ideal seconds of reading the cache: for a token of context in full-attention layers, and for a token inside the
/// window in window layers.
struct ContextWork {
  double full_s = 0.0;
  double window_s = 0.0;
  double busy_share = 1.0;  ///< of the stages and copies, those that have sequences: the mean GPU reads for that part
};

struct Deployment;

/// `load` counts the whole replica's batch.
[[nodiscard]] IterationWork iteration_work(const LanguageModel& model, const Accelerator& accelerator,
                                           const Deployment& deployment, const BatchLoad& load);

/// With so many sequences that decode.
[[nodiscard]] ContextWork context_work(const LanguageModel& model, const Accelerator& accelerator,
                                       const Deployment& deployment, double sequences);

}  // namespace fleetwatt::models
