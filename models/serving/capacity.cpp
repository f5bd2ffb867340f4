#include "models/serving/capacity.hpp"

#include <algorithm>
#include <cmath>

namespace fleetwatt::models {

namespace {

LengthMoments moments(double sum, double squares, double weight) {
  return {sum / weight, squares / sum};
}

/// Whole tokens are drawn, so a length rises by half a token on average; that is left out.
struct MomentsOf {
  LengthMoments operator()(const FixedLength& length) const { return {length.tokens, length.tokens}; }

  LengthMoments operator()(const LogNormalLength& length) const {
    const double variance = length.law.sigma * length.law.sigma;
    const double mean = length.law.median * std::exp(0.5 * variance);
    return {mean, mean * std::exp(variance)};
  }

  /// Linear between its points, constant beyond them.
  LengthMoments operator()(const QuantileLength& length) const {
    double sum = 0.0, squares = 0.0;
    const auto add = [&](double probability, double from, double to) {
      sum += probability * 0.5 * (from + to);
      squares += probability * (from * from + from * to + to * to) / 3.0;
    };
    const auto& points = length.points;
    add(points.front().probability, points.front().value, points.front().value);
    for (std::size_t i = 1; i < points.size(); ++i)
      add(points[i].probability - points[i - 1].probability, points[i - 1].value, points[i].value);
    add(1.0 - points.back().probability, points.back().value, points.back().value);
    return moments(sum, squares, 1.0);
  }
};

}  // namespace

LengthMoments moments_of(const AnyLength& length) {
  return std::visit(MomentsOf{}, length);
}

RequestMoments moments_of(const RequestTrace& trace) {
  double prompt = 0.0, prompt_squares = 0.0, output = 0.0, output_squares = 0.0;
  for (const auto& entry : trace.entries) {
    const double p = entry.prompt_tokens;
    const double o = entry.output_tokens;
    prompt += p;
    prompt_squares += p * p;
    output += o;
    output_squares += o * o;
  }
  const auto count = static_cast<double>(trace.entries.size());
  return {moments(prompt, prompt_squares, count), moments(output, output_squares, count)};
}

RequestMoments with_attachments(RequestMoments requests, const Attachments& attachments) {
  requests.prompt.mean += attachments.fraction * attachments.tokens;
  requests.attachment_fraction = attachments.fraction;
  return requests;
}

double sequences_that_fit(const IterationModel& model, const RequestMoments& requests) {
  const double reserved = requests.prompt.mean + requests.output.running_mean;
  const double by_cache = static_cast<double>(model.kv_capacity()) / reserved;
  return std::min<double>(model.deployment().batch_limit, by_cache);
}

std::optional<SteadyState> full_batch(const IterationModel& model, const RequestMoments& requests) {
  const double sequences = sequences_that_fit(model, requests);
  if (sequences < 1.0) return std::nullopt;
  return steady_state(model, {.sequences = sequences,
                              .prompt_tokens = requests.prompt.mean,
                              .output_tokens = requests.output.mean,
                              .generated_share = 0.5 * requests.output.running_mean / requests.output.mean,
                              .attachment_fraction = requests.attachment_fraction});
}

double capacity_per_s(const IterationModel& model, const RequestMoments& requests) {
  const auto state = full_batch(model, requests);
  return state ? state->tokens_per_s / requests.output.mean : 0.0;
}

}  // namespace fleetwatt::models
