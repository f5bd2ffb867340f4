#include "models/workload/job_generator.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/distributions.hpp"
#include "sim/portable_math.hpp"

namespace fleetwatt::models {

namespace {

void require(bool holds, const char* name, double value, const char* range) {
  if (!holds) throw sim::OutOfRange(fmt::format("synthetic jobs: {} is {}, it must be {}", name, value, range));
}

void check(const SyntheticJobs& law) {
  const auto positive = [](const char* name, double value) { require(value > 0.0, name, value, "above 0"); };
  positive("mean_interarrival_s", law.mean_interarrival_s);
  positive("median_run_s", law.median_run_s);
  positive("max_run_s", law.max_run_s);
  require(law.interarrival_shape >= 0.1 && law.interarrival_shape <= 10.0, "interarrival_shape", law.interarrival_shape,
          "0.1 to 10");
  require(law.doubling_probability >= 0.0 && law.doubling_probability < 1.0, "doubling_probability",
          law.doubling_probability, "at least 0 and below 1");
  require(law.max_gpus >= 1, "max_gpus", law.max_gpus, "at least 1");
  require(law.run_sigma >= 0.0, "run_sigma", law.run_sigma, "at least 0");
  require(law.max_estimate_factor >= 1.0, "max_estimate_factor", law.max_estimate_factor, "at least 1");
}

/// 2^k with P(k or more) = p^k, cut to max_gpus.
int draw_gpus(sim::RandomStream& stream, const SyntheticJobs& law) {
  const double u = stream.uniform();
  double at_least_next = law.doubling_probability;
  int gpus = 1;
  while (u < at_least_next) {
    if (gpus > law.max_gpus / 2) return law.max_gpus;
    gpus *= 2;
    at_least_next *= law.doubling_probability;
  }
  return gpus;
}

}  // namespace

double weibull_unit_mean(double shape) {
  // Gamma(x): the recurrence up to x >= 12, then Stirling's series (Abramowitz and Stegun 6.1.40). Not libm's, which
  // differs between machines.
  constexpr double half_log_two_pi = 0.91893853320467274178;
  double x = 1.0 + 1.0 / shape;
  double product = 1.0;
  for (; x < 12.0; x += 1.0) product *= x;
  const double inverse_square = 1.0 / (x * x);
  const double series =
      (1.0 / 12 -
       inverse_square *
           (1.0 / 360 - inverse_square * (1.0 / 1260 - inverse_square * (1.0 / 1680 - inverse_square / 1188)))) /
      x;
  return sim::portable_exp((x - 0.5) * sim::portable_log(x) - x + half_log_two_pi + series) / product;
}

std::vector<GeneratedJob> generate_jobs(const SyntheticJobs& law, sim::Duration length, std::uint64_t seed,
                                        std::string_view entity) {
  check(law);
  const sim::Weibull interarrival{law.mean_interarrival_s / weibull_unit_mean(law.interarrival_shape),
                                  law.interarrival_shape};
  sim::RandomStream stream(seed, entity, "jobs");
  std::vector<GeneratedJob> jobs;
  for (double submit_s = draw_weibull(stream, interarrival); submit_s < length.s();
       submit_s += draw_weibull(stream, interarrival)) {
    GeneratedJob job;
    job.submit_s = submit_s;
    job.gpus = draw_gpus(stream, law);
    job.run_s = std::min(draw_lognormal(stream, {law.median_run_s, law.run_sigma}), law.max_run_s);
    const double factor = 1.0 + (law.max_estimate_factor - 1.0) * stream.uniform();
    job.estimate_s = std::min(job.run_s * factor, law.max_run_s);
    jobs.push_back(job);
  }
  return jobs;
}

}  // namespace fleetwatt::models
