#include "analysis/calibrate/fit_profile.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/calibrate/engine_text.hpp"
#include "models/serving/carried_power.hpp"
#include "models/serving/iteration_model.hpp"
#include "models/serving/memory_fit.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr double core = 0.1;                // residuals beyond count by their size
constexpr double shortest_s = 1e-4;         // times below are compared as if they were this
constexpr double first_token_weight = 0.3;  // of its mean, against 1 for the requests together
constexpr double prior_weight = 3e-4;       // of a factor of e against an error of that size
constexpr double short_step = 0.02;
constexpr double long_step = 0.2;     // over which the roughness of admissions evens out
constexpr double longest_step = 0.5;  // in a logarithm
constexpr double converged = 1e-4;
constexpr int most_rounds = 30;
constexpr int most_tries = 6;
constexpr int most_power_spans = 20;
constexpr double least_covered = 0.5;    // of a span, for it to count
constexpr double same_direction = 0.98;  // of two constants' effects: they cannot be told apart
constexpr double no_effect = 1e-9;

[[noreturn]] void refuse(const std::string& where, std::string message, std::string mend) {
  throw sim::InputError(sim::Diagnostic{{where, 0, 0}, std::move(message), "", 1, std::move(mend)});
}

double log_ratio(double replayed_s, double measured_s) {
  return std::log(std::max(replayed_s, shortest_s) / std::max(measured_s, shortest_s));
}

/// Its square grows as the residual's size beyond the core.
double softened(double residual) {
  const double relative = residual / core;
  return residual / std::pow(1.0 + relative * relative, 0.25);
}

struct Span {
  double from_s = 0.0;
  double to_s = 0.0;
  double measured_w = 0.0;
};

class ProfileFitter {
 public:
  explicit ProfileFitter(const ProfileTask& task) : task_(task), start_(task.engine) {
    if (task.calibrated_on.id != task.accelerator.id)
      start_ = models::with_carried_power(start_, task.calibrated_on, task.accelerator);
    result_.family = family_used(start_, models::kernel_family(task.model, task.deployment.precision));
    result_.measured = measured_run(task.log, task.deployment.batch_limit);
  }

  ProfileFit fit() {
    const auto names = task_.fit.empty() ? default_fit(task_.power_log.has_value()) : task_.fit;
    result_.constants = constants_named(names, start_, result_.family);
    check_log();
    check_memory();
    measure_power();
    result_.start = start_;
    result_.before = judged(start_);
    const auto engine = rounded(engine_with(descend()));
    result_.engine = task_.engine;
    static_cast<models::EngineConstants&>(result_.engine) = engine;
    result_.after = judged(engine);
    return std::move(result_);
  }

 private:
  double resident_w(const models::EngineConstants& engine) const {
    return models::nearest_constants(engine, models::kernel_family(task_.model, task_.deployment.precision))
        .power.resident;
  }

  models::IterationModel model_with(const models::EngineConstants& engine) const {
    return {task_.model, task_.accelerator, engine, task_.deployment};
  }

  void check_log() const {
    const auto power = std::ranges::find_if(result_.constants, is_power);
    if (power != result_.constants.end() && !task_.power_log) {
      refuse("--fit " + power->name, "a constant of power, and there is no power log to fit it to",
             "add --power-log FILE, or leave it out");
    }
    if (task_.log.requests.size() < result_.constants.size()) {
      refuse(task_.log_name,
             fmt::format("the log has {} answered {}, fewer than the {} constants to fit", task_.log.requests.size(),
                         task_.log.requests.size() == 1 ? "request" : "requests", result_.constants.size()),
             "a longer log, or fewer --fit");
    }
  }

  void check_memory() const {
    if (task_.deployment.kv_cache_tokens <= 0.0) {
      if (const auto shortage =
              models::memory_shortage(task_.model, task_.deployment, task_.accelerator, task_.engine)) {
        refuse(task_.log_name, *shortage,
               models::what_would_fit(task_.model, task_.deployment, task_.accelerator, task_.engine));
      }
    }
    const auto model = model_with(start_);
    const auto beyond = request_beyond_cache(task_.log, model);
    if (!beyond) return;
    const ServedRequest& request = task_.log.requests[*beyond];
    refuse(task_.log_name,
           fmt::format("the request that arrived {:.3f} s after the first has {} + {} tokens and was served; the cache "
                       "would hold {}",
                       request.arrival_s, request.prompt_tokens, request.output_tokens, model.kv_capacity()),
           "the engine's own capacity, --kv-blocks N or --kv-tokens N; or more --tensor-parallel");
  }

  void measure_power() {
    result_.measured_power_w = nothing;
    if (!task_.power_log) return;
    const double span_s = result_.measured.span_s;
    gap_s_ = longest_gap_s(*task_.power_log);
    const double first_s = task_.log.first_arrival_s;
    result_.measured_power_w = mean_power_w(*task_.power_log, first_s, first_s + span_s, gap_s_);
    result_.power_covered_fraction = covered_s(*task_.power_log, first_s, first_s + span_s, gap_s_) / span_s;
    if (!(result_.measured_power_w > 0.0)) {
      const auto& samples = task_.power_log->samples;
      refuse(task_.power_log_name,
             fmt::format("no power above 0 while requests were served: samples from {:.15g} to {:.15g} s, requests "
                         "from {:.15g} to {:.15g} s",
                         samples.front().time_s, samples.back().time_s, first_s, first_s + span_s),
             "both logs must be of one run and one clock");
    }
    for (int i = 0; i < most_power_spans; ++i) {
      const double from_s = span_s * i / most_power_spans;
      const double to_s = span_s * (i + 1) / most_power_spans;
      const double covered = covered_s(*task_.power_log, first_s + from_s, first_s + to_s, gap_s_);
      const double measured_w = mean_power_w(*task_.power_log, first_s + from_s, first_s + to_s, gap_s_);
      if (covered >= least_covered * (to_s - from_s) && measured_w > 0.0)
        power_spans_.push_back({from_s, to_s, measured_w});
    }
    if (power_spans_.empty()) power_spans_.push_back({0.0, span_s, result_.measured_power_w});
  }

  models::EngineConstants engine_with(const Eigen::VectorXd& logarithms) const {
    models::EngineConstants engine = start_;
    for (std::size_t i = 0; i < result_.constants.size(); ++i) {
      for (const auto& key : result_.constants[i].members)
        multiply(engine, key, std::exp(logarithms[static_cast<Eigen::Index>(i)]));
    }
    return engine;
  }

  /// Not to be compared: a step that the power limit does not allow.
  bool is_possible(const models::EngineConstants& engine) const { return resident_w(engine) < task_.accelerator.tdp_w; }

  Eigen::VectorXd residuals(const Eigen::VectorXd& logarithms) const {
    const Replay replayed = replay(task_.log, model_with(engine_with(logarithms)));
    const auto& measured = result_.measured.requests;
    std::vector<double> all;
    const double weight = std::sqrt(0.5 / static_cast<double>(measured.size()));
    for (std::size_t i = 0; i < measured.size(); ++i) {
      const RequestTimes& now = replayed.run.requests[i];
      all.push_back(weight * softened(log_ratio(now.latency_s, measured[i].latency_s)));
      if (measured[i].time_per_output_token_s) {
        all.push_back(weight * softened(log_ratio(*now.time_per_output_token_s, *measured[i].time_per_output_token_s)));
      }
    }
    all.push_back(first_token_weight * softened(log_ratio(replayed.run.mean.time_to_first_token_s,
                                                          result_.measured.mean.time_to_first_token_s)));
    for (const auto& span : power_spans_) {
      const double power_w =
          replayed_power_w(replayed, *task_.power_log, task_.log.first_arrival_s, span.from_s, span.to_s, gap_s_);
      const double ratio = std::isfinite(power_w) ? std::log(power_w / span.measured_w) : 0.0;
      all.push_back(std::sqrt(1.0 / static_cast<double>(power_spans_.size())) * softened(ratio));
    }
    for (const double logarithm : logarithms) all.push_back(prior_weight * logarithm);
    return Eigen::Map<const Eigen::VectorXd>(all.data(), static_cast<Eigen::Index>(all.size()));
  }

  Eigen::MatrixXd derivatives(const Eigen::VectorXd& at, const Eigen::VectorXd& there, double difference_step) const {
    Eigen::MatrixXd jacobian(there.size(), at.size());
    for (Eigen::Index i = 0; i < at.size(); ++i) {
      Eigen::VectorXd beside = at;
      beside[i] -= difference_step;  // downwards: faster, and never beyond the power limit
      jacobian.col(i) = (there - residuals(beside)) / difference_step;
    }
    return jacobian;
  }

  Eigen::VectorXd descend() {
    const auto count = static_cast<Eigen::Index>(result_.constants.size());
    Eigen::VectorXd at = Eigen::VectorXd::Zero(count);
    Eigen::VectorXd there = residuals(at);
    double damping = 1e-3;
    Eigen::MatrixXd jacobian = derivatives(at, there, short_step);
    check_effects(jacobian);
    note_indistinct(derivatives(at, there, long_step));
    for (int round = 0; round < most_rounds; ++round) {
      bool moved = false;
      double moved_by = 0.0;
      for (int attempt = 0; attempt < most_tries && !moved; ++attempt) {
        Eigen::MatrixXd normal = jacobian.transpose() * jacobian;
        normal.diagonal() *= 1.0 + damping;
        const Eigen::VectorXd step =
            (-normal.ldlt().solve(jacobian.transpose() * there)).cwiseMax(-longest_step).cwiseMin(longest_step);
        const Eigen::VectorXd candidate = at + step;
        damping *= 8.0;
        if (!is_possible(engine_with(candidate))) continue;
        const Eigen::VectorXd then = residuals(candidate);
        if (then.squaredNorm() >= there.squaredNorm()) continue;
        moved = true;
        moved_by = step.norm();
        at = candidate;
        there = then;
        damping /= 32.0;
      }
      if (!moved) break;
      jacobian = derivatives(at, there, short_step);
      if (moved_by < converged) break;
    }
    return polished(at, there);
  }

  /// Admissions jump as constants move, so the objective is rough and derivatives stall on it: steps of shrinking
  /// length along each constant, and along sums and differences of two, as long as they help.
  Eigen::VectorXd polished(Eigen::VectorXd at, const Eigen::VectorXd& there) const {
    double best = there.squaredNorm();
    const auto directions = probe_directions(at.size());
    for (const double length : {0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001}) {
      for (int round = 0; round < most_rounds; ++round) {
        const double before = best;
        for (const auto& direction : directions) {
          const Eigen::VectorXd candidate = at + length * direction;
          if (!is_possible(engine_with(candidate))) continue;
          const double value = residuals(candidate).squaredNorm();
          if (value >= best) continue;
          best = value;
          at = candidate;
        }
        if (best >= before) break;
      }
    }
    return at;
  }

  static std::vector<Eigen::VectorXd> probe_directions(Eigen::Index count) {
    std::vector<Eigen::VectorXd> directions;
    const auto add = [&](const Eigen::VectorXd& direction) {
      directions.push_back(direction);
      directions.push_back(-direction);
    };
    for (Eigen::Index i = 0; i < count; ++i) {
      const Eigen::VectorXd one = Eigen::VectorXd::Unit(count, i);
      add(one);
      for (Eigen::Index j = i + 1; j < count; ++j) {
        const Eigen::VectorXd other = Eigen::VectorXd::Unit(count, j);
        for (const double slope : {-3.0, -1.0, 1.0, 3.0}) add(one + slope * other);
      }
    }
    return directions;
  }

  /// The rows of a Jacobian but for the prior's.
  static Eigen::MatrixXd measured_rows(const Eigen::MatrixXd& jacobian) {
    return jacobian.topRows(jacobian.rows() - jacobian.cols());
  }

  void check_effects(const Eigen::MatrixXd& jacobian) const {
    const Eigen::MatrixXd rows = measured_rows(jacobian);
    for (Eigen::Index i = 0; i < rows.cols(); ++i) {
      const auto& constant = result_.constants[static_cast<std::size_t>(i)];
      if (rows.col(i).norm() > no_effect) continue;
      refuse("--fit " + constant.name, fmt::format("`{}` has no effect on this run", constant.name), "leave it out");
    }
  }

  void note_indistinct(const Eigen::MatrixXd& jacobian) {
    const Eigen::MatrixXd rows = measured_rows(jacobian);
    for (Eigen::Index i = 0; i < rows.cols(); ++i) {
      for (Eigen::Index j = i + 1; j < rows.cols(); ++j) {
        const double cosine = std::fabs(rows.col(i).normalized().dot(rows.col(j).normalized()));
        if (cosine < same_direction) continue;
        result_.indistinct.push_back(fmt::format(
            "{} and {} cannot be told apart in this run: what they do together is fitted, not each",
            result_.constants[static_cast<std::size_t>(i)].name, result_.constants[static_cast<std::size_t>(j)].name));
      }
    }
  }

  ProfileReplay judged(const models::EngineConstants& engine) const {
    ProfileReplay judged;
    judged.replay = replay(task_.log, model_with(engine));
    const ServedRun& run = judged.replay.run;
    const ServedRun& measured = result_.measured;
    judged.power_w = task_.power_log ? replayed_power_w(judged.replay, *task_.power_log, task_.log.first_arrival_s, 0.0,
                                                        measured.span_s, gap_s_)
                                     : judged.replay.energy_j / run.span_s;
    const auto error = [](double replayed, double true_value) { return replayed / true_value - 1.0; };
    judged.errors.mean = {error(run.mean.time_to_first_token_s, measured.mean.time_to_first_token_s),
                          error(run.mean.time_per_output_token_s, measured.mean.time_per_output_token_s),
                          error(run.mean.latency_s, measured.mean.latency_s)};
    judged.errors.median_request = median_errors(run);
    judged.errors.power = error(judged.power_w, result_.measured_power_w);
    return judged;
  }

  MeanTimes median_errors(const ServedRun& run) const {
    std::vector<double> first_token;
    std::vector<double> output_token;
    std::vector<double> latency;
    const auto add = [](std::vector<double>& errors, double replayed_s, double measured_s) {
      if (measured_s > 0.0) errors.push_back(std::fabs(replayed_s / measured_s - 1.0));
    };
    for (std::size_t i = 0; i < run.requests.size(); ++i) {
      const RequestTimes& now = run.requests[i];
      const RequestTimes& then = result_.measured.requests[i];
      add(first_token, now.time_to_first_token_s, then.time_to_first_token_s);
      add(latency, now.latency_s, then.latency_s);
      if (then.time_per_output_token_s) add(output_token, *now.time_per_output_token_s, *then.time_per_output_token_s);
    }
    return {median(first_token), median(output_token), median(latency)};
  }

  static double median(std::vector<double>& values) {
    if (values.empty()) return nothing;
    std::ranges::sort(values);
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
  }

  const ProfileTask& task_;
  models::EngineConstants start_;
  ProfileFit result_;
  std::vector<Span> power_spans_;
  double gap_s_ = 0.0;
};

}  // namespace

double longest_gap_s(const PowerLog& log) {
  constexpr double steps = 3.0;
  constexpr double single_sample_s = 1.0;
  std::vector<double> gaps_s;
  for (std::size_t i = 1; i < log.samples.size(); ++i)
    gaps_s.push_back(log.samples[i].time_s - log.samples[i - 1].time_s);
  if (gaps_s.empty()) return single_sample_s;
  const auto middle = gaps_s.begin() + static_cast<std::ptrdiff_t>(gaps_s.size() / 2);
  std::ranges::nth_element(gaps_s, middle);
  return steps * *middle;
}

ProfileFit fit_profile(const ProfileTask& task) {
  return ProfileFitter(task).fit();
}

}  // namespace fleetwatt::analysis
