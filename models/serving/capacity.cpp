#include "models/serving/capacity.hpp"

#include <algorithm>
#include <cmath>

namespace fleetwatt::models {

namespace {

struct WeightedLength {
  std::int32_t tokens = 1;
  double weight = 0.0;
};

/// A law as points of like distance.
struct PointsOf {
  std::vector<WeightedLength> operator()(const FixedLength& length) const { return {point(length.tokens, 1.0)}; }

  std::vector<WeightedLength> operator()(const LogNormalLength& length) const {
    constexpr double step = 0.1, reach = 8.0;  // standard deviations
    const double unit = step / std::sqrt(2.0 * std::acos(-1.0));
    std::vector<WeightedLength> points;
    for (double z = -reach; z <= reach; z += step) {
      const double tokens = length.law.median * std::exp(length.law.sigma * z);
      points.push_back(point(std::min(tokens, length.max_tokens), unit * std::exp(-0.5 * z * z)));
    }
    return points;
  }

  /// Linear between its points, constant beyond them.
  std::vector<WeightedLength> operator()(const QuantileLength& length) const {
    constexpr int parts = 16;
    const auto& given = length.points;
    std::vector<WeightedLength> points = {point(given.front().value, given.front().probability)};
    for (std::size_t i = 1; i < given.size(); ++i) {
      const double weight = (given[i].probability - given[i - 1].probability) / parts;
      const double width = (given[i].value - given[i - 1].value) / parts;
      for (int part = 0; part < parts; ++part)
        points.push_back(point(given[i - 1].value + (part + 0.5) * width, weight));
    }
    points.push_back(point(given.back().value, 1.0 - given.back().probability));
    return points;
  }

 private:
  static WeightedLength point(double tokens, double weight) {
    return {static_cast<std::int32_t>(std::max(1.0, std::floor(tokens + 0.5))), weight};  // as draw_tokens
  }
};

/// Sums over requests, each with its weight.
class MomentSums {
 public:
  explicit MomentSums(const LengthRules& rules) : rules_(rules) {}

  void add(std::int32_t prompt_tokens, std::int32_t output_tokens, double weight) {
    const Attachments& attachments = rules_.attachments;
    if (attachments.fraction < 1.0)
      add_request(prompt_tokens, output_tokens, false, weight * (1.0 - attachments.fraction));
    if (attachments.fraction > 0.0)
      add_request(prompt_tokens + attachments.tokens, output_tokens, true, weight * attachments.fraction);
  }

  [[nodiscard]] RequestMoments moments() const {
    if (accepted_ <= 0.0) return {{0.0, 0.0}, {0.0, 0.0}, 0.0, 0.0, 0.0};
    return {{prompt_ / accepted_, running_prompt_ / output_},
            {output_ / accepted_, running_output_ / output_},
            prompt_squares_ / prompt_,
            attached_ / accepted_,
            accepted_ / asked_};
  }

 private:
  void add_request(std::int32_t prompt_tokens, std::int32_t output_tokens, bool has_attachment, double weight) {
    asked_ += weight;
    Request request{{}, 0, prompt_tokens, output_tokens, has_attachment};
    if (apply_limit(rules_.context, request) == LengthVerdict::rejected) return;
    const double prompt = request.prompt_tokens, output = request.output_tokens;
    if (rules_.most_tokens > 0 && prompt + output > static_cast<double>(rules_.most_tokens)) return;
    accepted_ += weight;
    if (has_attachment) attached_ += weight;
    prompt_ += weight * prompt;
    prompt_squares_ += weight * prompt * prompt;
    output_ += weight * output;
    running_prompt_ += weight * prompt * output;
    running_output_ += weight * output * output;
  }

  const LengthRules& rules_;
  double asked_ = 0.0;
  double accepted_ = 0.0;
  double attached_ = 0.0;
  double prompt_ = 0.0;
  double prompt_squares_ = 0.0;
  double output_ = 0.0;
  double running_prompt_ = 0.0;
  double running_output_ = 0.0;
};

SteadyState state_of(const IterationModel& model, const RequestMoments& requests, double sequences) {
  return steady_state(model, {.sequences = sequences,
                              .prompt_tokens = requests.prompt.mean,
                              .output_tokens = requests.output.mean,
                              .generated_share = 0.5 * requests.output.running_mean / requests.output.mean,
                              .prompt_around_token = requests.prompt_around_token,
                              .attachment_fraction = requests.attachment_fraction});
}

/// That a request's prompt takes, at the least.
double prompt_iterations(const IterationModel& model, const RequestMoments& requests) {
  return std::max(1.0, requests.prompt.mean / model.deployment().prefill_tokens_per_iteration);
}

/// In flight with a standing queue, as the steady state counts them: one for each output token and iteration.
double full_sequences(const IterationModel& model, const RequestMoments& requests) {
  const double limit = model.deployment().prefill_tokens_per_iteration;
  const double decodes = std::max(requests.output.mean - 1.0, 0.0);  // a request's iterations after its prompt's
  const double by_room = sequences_that_fit(model, requests) / (decodes + prompt_iterations(model, requests));
  const double by_prompts = limit / (requests.prompt.mean + decodes);  // they share an iteration's tokens
  return std::min(by_room, by_prompts) * requests.output.mean;
}

}  // namespace

RequestMoments moments_of(const AnyLength& prompt, const AnyLength& output, const LengthRules& rules) {
  MomentSums sums(rules);
  const auto outputs = std::visit(PointsOf{}, output);
  for (const auto& p : std::visit(PointsOf{}, prompt)) {
    for (const auto& o : outputs) sums.add(p.tokens, o.tokens, p.weight * o.weight);
  }
  return sums.moments();
}

RequestMoments moments_of(const RequestTrace& trace, const LengthRules& rules) {
  MomentSums sums(rules);
  for (const auto& entry : trace.entries) sums.add(entry.prompt_tokens, entry.output_tokens, 1.0);
  return sums.moments();
}

double sequences_that_fit(const IterationModel& model, const RequestMoments& requests) {
  const double reserved = requests.prompt.running_mean + requests.output.running_mean;
  const double by_cache = static_cast<double>(model.kv_capacity()) / reserved;
  return std::min<double>(model.deployment().batch_limit, by_cache);
}

std::optional<SteadyState> full_batch(const IterationModel& model, const RequestMoments& requests) {
  if (requests.accepted_fraction <= 0.0 || sequences_that_fit(model, requests) < 1.0) return std::nullopt;
  return state_of(model, requests, full_sequences(model, requests));
}

double capacity_per_s(const IterationModel& model, const RequestMoments& requests) {
  const auto state = full_batch(model, requests);
  return state ? state->tokens_per_s / requests.output.mean : 0.0;
}

std::vector<PacePoint> pace_by_load(const IterationModel& model, const RequestMoments& requests) {
  if (!full_batch(model, requests)) return {};
  constexpr int steps_a_doubling = 4;
  constexpr double least_sequences = 1e-3;
  const double full = full_sequences(model, requests);
  std::vector<PacePoint> points = {{}};
  for (double sequences = std::min(least_sequences, full);; sequences *= std::exp2(1.0 / steps_a_doubling)) {
    const bool is_full = sequences >= full;
    if (is_full) sequences = full;
    const double busy = is_full ? 1.0 : -std::expm1(-sequences);
    const SteadyState state = state_of(model, requests, std::min(sequences / busy, full));
    const double requests_per_s = sequences / (state.mean_step_s * requests.output.mean);
    const double further_chunks_per_s = requests_per_s * (prompt_iterations(model, requests) - 1.0);
    const double steps_per_s = busy / state.mean_step_s;
    points.push_back({requests_per_s, sequences, steps_per_s + further_chunks_per_s,
                      steps_per_s * (1.0 - state.decode_share) + further_chunks_per_s});
    if (is_full) return points;
  }
}

}  // namespace fleetwatt::models
