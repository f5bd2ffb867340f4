#include "models/serving/iteration_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "models/serving/micro_batches.hpp"
#include "sim/error.hpp"

namespace fleetwatt::models {

namespace {

FineTime fine_from_s(double time_s) {
  return std::llround(std::ldexp(time_s, fine_bits));
}

bool shares_layers(const Deployment& deployment) {
  return deployment.tensor_parallel * deployment.data_parallel > 1;
}

/// Seconds from tables in other units would outrun the replica's clock.
double all_layers_s(int layers, double a_layer_s) {
  constexpr double longest_s = 1000.0;
  const double time_s = layers * a_layer_s;
  if (time_s > longest_s)
    throw sim::OutOfRange(
        fmt::format("the engine's tables give an iteration of {:.3g} s: are they milliseconds of one layer?", time_s));
  return time_s;
}

/// Constant times amount, term by term.
template <class Terms, std::size_t Count>
Terms products(const std::array<Term<Terms>, Count>& terms, const Terms& constants, const Terms& amounts) {
  Terms result;
  for (const auto& term : terms) result.*term.member = constants.*term.member * (amounts.*term.member);
  return result;
}

/// Rounded up: power then stays at or below the limit, also where a rounded time is multiplied by tokens of context.
FineTime fine_rounded_up(double time_s) {
  return static_cast<FineTime>(std::ceil(std::ldexp(time_s, fine_bits)));
}

}  // namespace

IterationModel::IterationModel(const LanguageModel& model, const Accelerator& accelerator,
                               const EngineConstants& engine, const Deployment& deployment,
                               std::shared_ptr<const IterationTables> tables)
    : model_(model),
      accelerator_(accelerator),
      engine_(engine),
      kernel_(nearest_constants(engine, models::kernel_family(model, deployment.precision))),
      deployment_(deployment),
      tables_(std::move(tables)),
      gpus_(gpus(deployment)) {
  if (kernel_.power.resident >= accelerator.tdp_w) {
    throw sim::OutOfRange(fmt::format("the engine's resident power of {} W is not below the power limit of {} W",
                                      kernel_.power.resident, accelerator.tdp_w));
  }
  if (tables_ && !tables_->collectives && shares_layers(deployment))
    throw sim::OutOfRange(fmt::format("{} GPUs share a layer, and there is no table of collectives",
                                      deployment.tensor_parallel * deployment.data_parallel));
  const double capacity = deployment.kv_cache_tokens > 0.0 ? deployment.kv_cache_tokens
                                                           : kv_capacity_tokens(model, deployment, accelerator, engine);
  kv_capacity_ = static_cast<std::int64_t>(std::floor(capacity));
  const int places = deployment.pipeline_parallel * deployment.data_parallel;
  for (int sequences = 0; sequences <= std::min(places, deployment.batch_limit); ++sequences) {
    const ContextWork work = context_work(model, accelerator, deployment, sequences);
    context_.push_back(
        {fine(context_terms(work.full_s, work.busy_share)), fine(context_terms(work.window_s, work.busy_share))});
  }
  for (int sequences = 0; sequences <= deployment.batch_limit; ++sequences) {
    const BatchLoad load{.sequences = static_cast<double>(sequences)};
    decode_.push_back(fine(terms_of(iteration_work(model, accelerator, deployment, load), load)));
  }
}

IterationModel::Terms IterationModel::terms_of(const IterationWork& work, const BatchLoad& load) const {
  const double host_s = dot(host_terms, engine_.host, work.host);
  const double time_s = host_s + kernel_s(work, load);
  const double waiting_s = held_up_s(work);
  return {time_s, dynamic_j(work, time_s, waiting_s), dynamic_j(work.busiest, time_s, waiting_s)};
}

double IterationModel::dynamic_j(const EnergyWork& work, double time_s, double waiting_s) const {
  PowerTerms amounts = work.power;
  amounts.compute = std::sqrt(work.ideal_compute_s * time_s);
  amounts.waiting = waiting_s;
  const double saved_w = kernel_.power.resident - accelerator_.idle_w;
  return dot(power_terms, kernel_.power, amounts) - saved_w * waiting_s;
}

double IterationModel::held_up_s(const IterationWork& work) const {
  if (!engine_.idles_in_host_time) return 0.0;
  const double host_s = dot(host_terms, engine_.host, work.host);
  return tables_ ? host_s : host_s + kernel_.time.layer * work.kernel.layer;
}

LayerLoad IterationModel::layer_load(const BatchLoad& load) const {
  const MicroBatches dealt = micro_batches(deployment_, load);
  return {.sequences = load.sequences / (dealt.in_a_copy * dealt.copies),
          .prompts = equal_chunks(load.prompt_tokens / dealt.of_prompts, load.prompt_pairs / dealt.of_prompts),
          .collectives = shares_layers(deployment_)};
}

double IterationModel::kernel_s(const IterationWork& work, const BatchLoad& load) const {
  if (!tables_) return dot(kernel_terms, kernel_.time, work.kernel);
  return all_layers_s(model_.layers, layer_s_without_context(*tables_, layer_load(load)));
}

double IterationModel::table_context_s(double sequences, double context_tokens) const {
  if (sequences <= 0.0) return 0.0;
  const double a_layer =
      decode_attention_s(*tables_, layer_load({.sequences = sequences}).sequences, context_tokens / sequences);
  return all_layers_s(model_.layers, a_layer);
}

/// Tables do not tell launches, weights and arithmetic of the dense operators apart: they share as in the formula.
KernelTerms IterationModel::table_parts(const KernelTerms& formula, const BatchLoad& load,
                                        double context_tokens) const {
  const LayerLoad layer = layer_load(load);
  KernelTerms parts = formula;
  parts.kv_cache = parts.prefill_attention = parts.network = parts.parallel_layer = 0.0;
  double dense_s = 0.0;
  for (const auto& term : kernel_terms) dense_s += parts.*term.member;
  const double tokens = layer.sequences + layer.prompts.count * layer.prompts.tokens;
  const double measured_s = model_.layers * value_at(tables_->dense_operators, tokens);
  for (const auto& term : kernel_terms) parts.*term.member *= dense_s > 0.0 ? measured_s / dense_s : 0.0;
  if (dense_s <= 0.0) parts.dense_weights = measured_s;
  parts.kv_cache = table_context_s(load.sequences, context_tokens);
  if (layer.collectives) parts.network = model_.layers * value_at(*tables_->collectives, tokens);
  parts.prefill_attention = model_.layers * layer_s_without_context(*tables_, layer) - measured_s - parts.network;
  return parts;
}

IterationModel::Terms IterationModel::context_terms(double ideal_s, double busy_share) const {
  const double busiest_j = kernel_.power.kv_cache * ideal_s;
  return {kernel_.time.kv_cache * ideal_s, busy_share * busiest_j, busiest_j};
}

IterationModel::FineTerms IterationModel::fine(const Terms& terms) const {
  const double headroom_w = accelerator_.tdp_w - kernel_.power.resident;
  return {fine_from_s(terms.time_s), fine_rounded_up(terms.busiest_j / headroom_w), terms.dynamic_j};
}

IterationCost IterationModel::cost(const Batch& batch) const {
  assert(batch.sequences >= 0 && batch.sequences <= deployment_.batch_limit);
  FineTerms terms = decode_[static_cast<std::size_t>(batch.sequences)];
  if (batch.prompt_tokens > 0) {
    const BatchLoad load{.sequences = static_cast<double>(batch.sequences),
                         .prompts = static_cast<double>(batch.prompts),
                         .attachments = static_cast<double>(batch.attachments),
                         .prompt_tokens = static_cast<double>(batch.prompt_tokens),
                         .prompt_pairs = batch.prompt_pairs,
                         .prompt_window_pairs = batch.prompt_window_pairs};
    terms = fine(terms_of(iteration_work(model_, accelerator_, deployment_, load), load));
  }
  const auto& [full, window] = context_[std::min(static_cast<std::size_t>(batch.sequences), context_.size() - 1)];
  const FineTime context_time =
      tables_ ? fine_from_s(table_context_s(batch.sequences, static_cast<double>(batch.context_tokens)))
              : full.time * batch.context_tokens + window.time * batch.window_tokens;
  const FineTime time = terms.time + context_time;
  const FineTime limited =
      terms.limited_time + full.limited_time * batch.context_tokens + window.limited_time * batch.window_tokens;
  const FineTime taken = std::max(time, limited);
  const double dynamic_j = terms.dynamic_j + full.dynamic_j * static_cast<double>(batch.context_tokens) +
                           window.dynamic_j * static_cast<double>(batch.window_tokens);
  const double resident_j = kernel_.power.resident * std::ldexp(static_cast<double>(taken), -fine_bits);
  return {taken, gpus_ * (resident_j + dynamic_j)};
}

EvaluatedIteration IterationModel::evaluate(const BatchLoad& load, double context_tokens, double window_tokens) const {
  const Terms base = terms_of(iteration_work(model_, accelerator_, deployment_, load), load);
  const ContextWork reading = context_work(model_, accelerator_, deployment_, load.sequences);
  Terms context = context_terms(reading.full_s * context_tokens + reading.window_s * window_tokens, reading.busy_share);
  if (tables_) context.time_s = table_context_s(load.sequences, context_tokens);
  const double dynamic_j = base.dynamic_j + context.dynamic_j;
  EvaluatedIteration result;
  result.unlimited_time_s = base.time_s + context.time_s;
  const double busiest_j = base.busiest_j + context.busiest_j;
  result.time_s = std::max(result.unlimited_time_s, busiest_j / (accelerator_.tdp_w - kernel_.power.resident));
  result.energy_j = gpus_ * (kernel_.power.resident * result.time_s + dynamic_j);
  return result;
}

IterationParts IterationModel::parts(const BatchLoad& load, double context_tokens, double window_tokens) const {
  IterationWork work = iteration_work(model_, accelerator_, deployment_, load);
  const EvaluatedIteration whole = evaluate(load, context_tokens, window_tokens);
  const ContextWork reading = context_work(model_, accelerator_, deployment_, load.sequences);
  const double context_s = reading.full_s * context_tokens + reading.window_s * window_tokens;
  work.power.resident = whole.time_s;
  work.power.compute = std::sqrt(work.ideal_compute_s * terms_of(work, load).time_s);
  work.power.waiting = held_up_s(work);
  work.power.kv_cache = reading.busy_share * context_s;
  work.kernel.kv_cache = context_s;
  IterationParts parts{.host = products(host_terms, engine_.host, work.host),
                       .kernel = products(kernel_terms, kernel_.time, work.kernel),
                       .stretched_s = whole.time_s - whole.unlimited_time_s,
                       .energy_j = products(power_terms, kernel_.power, work.power)};
  if (tables_) parts.kernel = table_parts(parts.kernel, load, context_tokens);
  parts.energy_j.resident -= (kernel_.power.resident - accelerator_.idle_w) * work.power.waiting;
  for (const auto& term : power_terms) parts.energy_j.*term.member *= gpus_;
  return parts;
}

}  // namespace fleetwatt::models
