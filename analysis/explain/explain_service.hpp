// Why a served model takes the time and the power that it does: its batch size against latency, throughput, power,
// energy and what binds, with the time of an iteration and the energy of a token split into their parts. From the same
// model as the simulation (models/serving/iteration_model.hpp), for a replica whose batch stays full of like requests
// (closed_loop.hpp).
// Leaves out: queues, lengths that vary, the server around the GPUs, an engine's own tables of times (noted).
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "models/serving/iteration_model.hpp"
#include "scenarios/schema/scenario.hpp"

namespace fleetwatt::analysis {

struct ServiceQuestion {
  models::LanguageModel model;
  models::Accelerator accelerator;
  scenarios::EngineEntry engine;
  models::Deployment deployment;
  int prompt_tokens = 200;   ///< as in the chat task behind the catalogue's engines (analysis/calibrate)
  int output_tokens = 400;   ///< the same
  std::vector<int> batches;  ///< empty: 1, 2, 4, ... up to what the cache holds
};

/// Seconds of an iteration, by what it waits for. They add up to its time.
struct TimeParts {
  double host_s = 0.0;
  double launches_s = 0.0;
  double weights_s = 0.0;
  double experts_s = 0.0;
  double cache_s = 0.0;
  double state_s = 0.0;
  double compute_s = 0.0;
  double network_s = 0.0;
  double power_s = 0.0;  ///< stretched at the TDP
};

/// Joules, by what they are spent on; all GPUs of the replica.
struct EnergyParts {
  double resident_j = 0.0;
  double compute_j = 0.0;
  double weights_j = 0.0;
  double cache_j = 0.0;
  double experts_j = 0.0;
};

template <class Parts>
struct Part {
  std::string_view name;
  double Parts::*member;
  std::string_view meaning;
};

inline constexpr std::array time_parts = {
    Part<TimeParts>{"host", &TimeParts::host_s, "the engine's process"},
    Part<TimeParts>{"launches", &TimeParts::launches_s, "kernels, however little they do"},
    Part<TimeParts>{"weights", &TimeParts::weights_s, "reading weights outside experts"},
    Part<TimeParts>{"experts", &TimeParts::experts_s, "reading the experts that it touches"},
    Part<TimeParts>{"cache", &TimeParts::cache_s, "reading keys and values of the context"},
    Part<TimeParts>{"state", &TimeParts::state_s, "recurrent state of state-space layers"},
    Part<TimeParts>{"compute", &TimeParts::compute_s, "arithmetic"},
    Part<TimeParts>{"network", &TimeParts::network_s, "all-reduces between GPUs"},
    Part<TimeParts>{"power", &TimeParts::power_s, "stretched to stay at the TDP"}};

inline constexpr std::array energy_parts = {
    Part<EnergyParts>{"resident", &EnergyParts::resident_j, "a kernel on the GPU, whatever it does"},
    Part<EnergyParts>{"compute", &EnergyParts::compute_j, "arithmetic"},
    Part<EnergyParts>{"weights", &EnergyParts::weights_j, "reading weights, experts included"},
    Part<EnergyParts>{"cache", &EnergyParts::cache_j, "reading the cache"},
    Part<EnergyParts>{"experts", &EnergyParts::experts_j, "FP8 and 4-bit experts, beyond reading"}};

template <class Parts, std::size_t Count>
[[nodiscard]] double sum_of(const std::array<Part<Parts>, Count>& table, const Parts& parts) {
  double sum = 0.0;
  for (const auto& part : table) sum += parts.*part.member;
  return sum;
}

/// A replica with so many sequences in flight, always.
struct BatchExplanation {
  int batch = 0;
  /// Mean gap between two tokens of a request, prompts of others in it included: the TPOT that `run` gives. Not a
  /// number where requests generate one token.
  double time_per_output_token_s = 0.0;
  double decode_step_s = 0.0;          ///< the same while no prompt joins: what benchmarks give as the median gap
  double tokens_per_s = 0.0;           ///< output tokens of the replica
  double time_to_first_token_s = 0.0;  ///< of a prompt beside batch - 1 sequences that decode, without a queue
  double power_w = 0.0;                ///< all GPUs of the replica
  double tdp_fraction = 0.0;
  double energy_j_per_token = 0.0;  ///< output token, its share of the prompts included
  double energy_j_per_request = 0.0;
  std::string_view limit;      ///< what binds: the largest group of the mean iteration's time
  bool memory_full = false;    ///< the cache holds no further request
  double mean_step_s = 0.0;    ///< mean over all iterations
  TimeParts decode_s;          ///< of an iteration that only decodes
  double prompts_s = 0.0;      ///< what prompts add to the mean gap
  EnergyParts energy_parts_j;  ///< of a token
};

struct ServiceExplanation {
  ServiceQuestion question;
  double weights_bytes_a_gpu = 0.0;
  double usable_bytes_a_gpu = 0.0;
  double cache_tokens = 0.0;  ///< of the replica
  int requests_held = 0;      ///< of that length, as the simulation admits them: prompt and whole output
  std::vector<BatchExplanation> rows;
  std::vector<std::string> notes;  ///< batches that do not fit; what lies beyond the calibrated range
};

/// Throws InputError, with the mend, where the model or not even one request fits, or where the engine's power does
/// not.
[[nodiscard]] ServiceExplanation explain_service(const ServiceQuestion& question);

}  // namespace fleetwatt::analysis
