#include "analysis/explain/explain_service.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "analysis/results/figures.hpp"
#include "models/serving/calibrated_range.hpp"
#include "models/serving/closed_loop.hpp"
#include "models/serving/memory_fit.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr int largest_default_batch = 1024;
constexpr int gpus_a_server = 8;  // which server it is, explain is not told

[[noreturn]] void refuse(std::string message, std::string mend) {
  throw sim::InputError(sim::Diagnostic{{}, std::move(message), "", 1, std::move(mend)});
}

/// The keys of a scenario as this command's options.
std::string as_options(std::string text) {
  const std::array replacements = {std::pair{"tensor_parallel = ", "--tensor-parallel "},
                                   std::pair{"precision = ", "--precision "}, std::pair{"\"", ""}};
  for (const auto& [key, option] : replacements) {
    for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key))
      text.replace(at, std::string_view(key).size(), option);
  }
  return text;
}

void require_fit(const ServiceQuestion& question) {
  const auto& [model, accelerator, engine, deployment, prompt_tokens, output_tokens, batches] = question;
  if (const auto shortage = models::memory_shortage(model, deployment, accelerator, engine))
    refuse(*shortage, as_options(models::what_would_fit(model, deployment, accelerator, engine)));
  const double capacity = models::kv_capacity_tokens(model, deployment, accelerator, engine);
  const int request_tokens = prompt_tokens + output_tokens;
  if (capacity < request_tokens) {
    refuse(fmt::format("one request of {} + {} tokens does not fit: {} on {} x {} leaves room for {} tokens of cache",
                       count(prompt_tokens), count(output_tokens), model.title, gpus(deployment), accelerator.title,
                       count(std::floor(capacity))),
           fmt::format("--tensor-parallel {} or more, or shorter requests", 2 * deployment.tensor_parallel));
  }
}

void require_power(const ServiceQuestion& question) {
  const auto family = models::kernel_family(question.model, question.deployment.precision);
  const double resident_w = models::nearest_constants(question.engine, family).power.resident;
  if (resident_w < question.accelerator.tdp_w) return;
  refuse(fmt::format("engine {} draws {} W with a kernel resident, and {} may draw {} W", question.engine.id,
                     count(resident_w), question.accelerator.title, count(question.accelerator.tdp_w)),
         "name an --engine of a smaller part, or fit your own with fleetwatt calibrate");
}

std::vector<int> default_batches(int held) {
  std::vector<int> batches;
  const int most = std::min(held, largest_default_batch);
  for (int batch = 1; batch <= most; batch *= 2) batches.push_back(batch);
  if (!std::has_single_bit(static_cast<unsigned>(most))) batches.push_back(most);
  return batches;
}

TimeParts grouped(const models::IterationParts& parts) {
  const models::KernelTerms& k = parts.kernel;
  TimeParts grouped;
  for (const auto& term : models::host_terms) grouped.host_s += parts.host.*term.member;
  grouped.launches_s = k.layer + k.layer_sequence + k.dense_layer + k.parallel_layer + k.fp8_layer +
                       k.fp8_layer_sequence + k.fp8_local_expert + k.untuned_layer + k.prefill_layer;
  grouped.weights_s = k.dense_weights;
  grouped.experts_s = k.expert_weights_bf16 + k.expert_weights_fp8 + k.expert_weights_4bit + k.untuned_expert_weights;
  grouped.cache_s = k.kv_cache;
  grouped.state_s = k.state;
  grouped.compute_s = k.compute + k.compute_fp8 + k.expert_compute + k.prefill_compute + k.prefill_compute_fp8 +
                      k.prefill_attention + k.prefill_expert_compute + k.prefill_expert_compute_fp8;
  grouped.network_s = k.network;
  grouped.power_s = parts.stretched_s;
  return grouped;
}

EnergyParts energies(const models::IterationParts& parts) {
  const models::PowerTerms& e = parts.energy_j;
  return {.resident_j = e.resident + e.waiting,
          .compute_j = e.compute,
          .weights_j = e.weights,
          .cache_j = e.kv_cache,
          .experts_j = e.fp8_experts + e.unpacked_experts};
}

template <class Parts, std::size_t Count>
Parts mixed(const std::array<Part<Parts>, Count>& table, const Parts& a, const Parts& b, double share_of_a) {
  Parts mean;
  for (const auto& part : table)
    mean.*part.member = share_of_a * (a.*part.member) + (1.0 - share_of_a) * (b.*part.member);
  return mean;
}

/// Of one prompt that finds `decoding` sequences: its chunks, an iteration each, as the replica plans them.
double prefill_s(const models::IterationModel& model, const ServiceQuestion& question, int decoding) {
  const int chunk = std::max(question.deployment.prefill_tokens_per_iteration - decoding, 1);
  const double context = question.prompt_tokens + 0.5 * question.output_tokens;
  const double window = model.model().window_tokens;
  double time_s = 0.0;
  for (int done = 0; done < question.prompt_tokens; done += chunk) {
    const int tokens = std::min(chunk, question.prompt_tokens - done);
    const double attended = done + 0.5 * tokens;
    const models::BatchLoad load{.sequences = static_cast<double>(decoding),
                                 .prompts = done + tokens == question.prompt_tokens ? 1.0 : 0.0,
                                 .prompt_tokens = static_cast<double>(tokens),
                                 .prompt_pairs = tokens * attended,
                                 .prompt_window_pairs = tokens * std::min(attended, window)};
    time_s += model.evaluate(load, decoding * context, decoding * std::min(context, window)).time_s;
  }
  return time_s;
}

/// Beside others its chunks may go in pieces side by side (micro_batches.hpp), but none is faster than a prompt alone.
double time_to_first_token_s(const models::IterationModel& model, const ServiceQuestion& question, int decoding) {
  return std::max(prefill_s(model, question, decoding), prefill_s(model, question, 0));
}

/// The largest group; reading experts counts as reading weights.
std::string_view largest_group(TimeParts parts) {
  parts.weights_s += std::exchange(parts.experts_s, 0.0);
  parts.power_s = 0.0;
  return std::ranges::max_element(time_parts, {}, [&](const auto& part) { return parts.*part.member; })->name;
}

BatchExplanation explain_batch(const models::IterationModel& model, const ServiceQuestion& question, int batch) {
  const models::LoopLoad load{batch, question.prompt_tokens, question.output_tokens};
  const auto loop = models::closed_loop(question.model, question.deployment, load);
  const auto steady = models::loop_state(model, loop, load);
  const auto parts_of = [&](const models::LoopIteration& iteration) {
    return model.parts(iteration.load, iteration.context_tokens, iteration.window_tokens);
  };
  const auto decode = parts_of(loop.decode);
  const auto with_prompts = parts_of(loop.with_prompts);
  const double decode_share = 1.0 - loop.prompt_share;

  BatchExplanation row;
  row.batch = batch;
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const bool has_gaps = question.output_tokens > 1;
  row.time_per_output_token_s = has_gaps ? steady.time_per_output_token_s : none;
  row.decode_step_s = has_gaps ? steady.decode_step_s : none;
  row.tokens_per_s = steady.tokens_per_s;
  row.time_to_first_token_s = time_to_first_token_s(model, question, batch - 1);
  row.power_w = steady.power_w;
  row.tdp_fraction = steady.power_w / (gpus(question.deployment) * question.accelerator.tdp_w);
  row.energy_j_per_token = steady.energy_j_per_token;
  row.energy_j_per_request = steady.energy_j_per_token * question.output_tokens;
  row.mean_step_s = steady.mean_step_s;
  row.decode_s = grouped(decode);
  row.prompts_s = has_gaps ? steady.time_per_output_token_s - steady.decode_step_s : none;
  row.energy_parts_j = mixed(energy_parts, energies(decode), energies(with_prompts), decode_share);
  for (const auto& part : energy_parts)
    row.energy_parts_j.*part.member /= loop.requests_an_iteration * question.output_tokens;

  const double limited_s = (decode.stretched_s > 0.0 ? decode_share * steady.decode_step_s : 0.0) +
                           (with_prompts.stretched_s > 0.0 ? loop.prompt_share * steady.prompt_step_s : 0.0);
  const bool at_power_limit = limited_s > 0.5 * steady.mean_step_s;
  row.limit =
      at_power_limit ? "power" : largest_group(mixed(time_parts, row.decode_s, grouped(with_prompts), decode_share));
  return row;
}

/// What the engine says of its own constants for this kind of model.
void note_family(const ServiceQuestion& question, std::vector<std::string>& sentences) {
  const auto& engine = question.engine;
  const auto family = models::kernel_family(question.model, question.deployment.precision);
  const auto& own = models::constants_for(engine, family);
  if (!own) return;
  const std::string key(models::name_of(family));
  if (own->time.dense_weights <= 0.0) {
    sentences.push_back(fmt::format("{} has no dense_weight_factor for {}: times are far too short", engine.id, key));
    return;
  }
  const auto figures = engine.figures.find(key);
  if (figures != engine.figures.end() && figures->second.basis > sim::Basis::calibrated)
    sentences.push_back(
        fmt::format("constants for {} are {}: {}", key, sim::name_of(figures->second.basis), figures->second.source));
}

void note_calibration(const ServiceExplanation& explained, std::vector<std::string>& notes) {
  const ServiceQuestion& question = explained.question;
  models::Deployment deployment = question.deployment;
  deployment.batch_limit = explained.rows.back().batch;
  auto sentences = models::beyond_calibration(question.model, deployment, question.accelerator, question.engine);
  note_family(question, sentences);
  for (auto& sentence : models::beyond_a_server(deployment, gpus_a_server)) sentences.push_back(std::move(sentence));
  for (const auto& sentence : sentences) notes.push_back("beyond the calibrated range: " + sentence);
  if (question.engine.tables)
    notes.push_back(fmt::format("the tables of {} count in `run` only: these are its constants", question.engine.id));
}

/// The batches that fit; a note names those that do not.
std::vector<int> fitting(const ServiceQuestion& question, int held, std::vector<std::string>& notes) {
  const int request_tokens = question.prompt_tokens + question.output_tokens;
  std::vector<int> batches = question.batches.empty() ? default_batches(held) : question.batches;
  std::ranges::sort(batches);
  batches.erase(std::unique(batches.begin(), batches.end()), batches.end());
  const auto too_large = std::ranges::upper_bound(batches, held);
  const std::vector<int> left_out(too_large, batches.end());
  batches.erase(too_large, batches.end());
  if (batches.empty())
    refuse(fmt::format("no batch of these fits: {}; the cache holds {} requests of {} tokens",
                       fmt::join(left_out, ", "), count(held), count(request_tokens)),
           "a smaller --batch, more GPUs (--tensor-parallel), or shorter requests");
  if (!left_out.empty())
    notes.push_back(fmt::format("batch {}: more than the {} requests that the cache holds; left out",
                                fmt::join(left_out, ", "), count(held)));
  else if (question.batches.empty() && held < largest_default_batch)
    notes.push_back(fmt::format("batches above {} do not fit the cache", count(held)));
  return batches;
}

}  // namespace

ServiceExplanation explain_service(const ServiceQuestion& question) {
  require_fit(question);
  require_power(question);
  const models::IterationModel model(question.model, question.accelerator, question.engine, question.deployment);
  ServiceExplanation explained;
  explained.question = question;
  explained.weights_bytes_a_gpu = models::weight_bytes_a_gpu(question.model, question.deployment);
  explained.usable_bytes_a_gpu = models::usable_bytes(question.accelerator, question.engine);
  explained.cache_tokens = static_cast<double>(model.kv_capacity());
  explained.requests_held = static_cast<int>(std::min<std::int64_t>(
      model.kv_capacity() / (question.prompt_tokens + question.output_tokens), std::numeric_limits<int>::max()));
  for (const int batch : fitting(question, explained.requests_held, explained.notes)) {
    explained.rows.push_back(explain_batch(model, question, batch));
    explained.rows.back().memory_full = batch == explained.requests_held;
  }
  note_calibration(explained, explained.notes);
  return explained;
}

}  // namespace fleetwatt::analysis
