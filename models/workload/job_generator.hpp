// Synthetic batch jobs for a cluster without a log: Weibull inter-arrival times, sizes 2^k with geometric k, log-normal
// run times, estimates a uniform factor above the run time. Source of the laws: Lublin and Feitelson (2003), J.
// Parallel Distrib. Comput. 63(11), simplified. Leaves out the daily cycle, users who resubmit, and any correlation of
// size and run time.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/sim_time.hpp"

namespace fleetwatt::models {

/// The mean size is finite for p < 1/2, whatever the cluster: (1 - p) / (1 - 2 p), by default 5.5. The defaults offer a
/// cluster of 128 GPUs 0.69 of its capacity:
///
///   offered load = E[gpus] E[run] / (mean inter-arrival x cluster's GPUs) = 3.35 x 7,924 s / (300 s x 128)
///   E[gpus]      = sum over k < 7 of (1 - p) p^k 2^k + p^7 128                                       = 3.35
///   E[run]       = m exp(s^2/2) Phi(ln(c/m)/s - s) + c (1 - Phi(ln(c/m)/s)), m median, c cap           = 7,924 s
struct SyntheticJobs {
  double mean_interarrival_s = 300.0;  ///< > 0
  double interarrival_shape = 0.6;     ///< of the Weibull law, 0.1..10; below 1: bursts
  double doubling_probability =
      0.45;            ///< p: a job of 2^k GPUs or more is one of 2^(k+1) or more with this probability; 0..<1
  int max_gpus = 128;  ///< the cluster's GPUs: larger sizes are cut to it; >= 1
  double median_run_s = 1800.0;      ///< > 0
  double run_sigma = 2.0;            ///< standard deviation of the run time's logarithm, >= 0
  double max_run_s = 64800.0;        ///< the queue's limit on run time and estimate: 18 h
  double max_estimate_factor = 5.0;  ///< estimate over run time is uniform on 1..this, >= 1
};

struct GeneratedJob {
  double submit_s = 0.0;    ///< since the run's start
  double run_s = 0.0;       ///< > 0, at most max_run_s
  double estimate_s = 0.0;  ///< at least run_s, at most max_run_s
  int gpus = 1;             ///< 1..max_gpus
};

/// Jobs submitted within `length` of the run's start, by submission; the first after one inter-arrival time. A job
/// takes four numbers of the stream (seed, entity, "jobs") whatever the parameters, so a change of one law leaves the
/// other draws in place.
///
/// entity  the cluster's name
/// throws  OutOfRange where a parameter is outside its range
[[nodiscard]] std::vector<GeneratedJob> generate_jobs(const SyntheticJobs& law, sim::Duration length,
                                                      std::uint64_t seed, std::string_view entity);

/// Mean of a Weibull variable of scale 1: Gamma(1 + 1/shape), within 1e-13 relative. shape 0.1..10.
[[nodiscard]] double weibull_unit_mean(double shape);

}  // namespace fleetwatt::models
