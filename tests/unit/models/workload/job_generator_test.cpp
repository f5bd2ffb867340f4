#include "models/workload/job_generator.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

namespace {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using fleetwatt::models::generate_jobs;
using fleetwatt::models::GeneratedJob;
using fleetwatt::models::SyntheticJobs;
using fleetwatt::models::weibull_unit_mean;
using fleetwatt::sim::Duration;

constexpr Duration ten_years = Duration::from_whole_s(std::int64_t{3650} * 86400);

double fraction_of(const std::vector<GeneratedJob>& jobs, auto&& holds) {
  return static_cast<double>(std::ranges::count_if(jobs, holds)) / static_cast<double>(jobs.size());
}

double normal_cdf(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

std::string error_of(const SyntheticJobs& law) {
  try {
    (void)generate_jobs(law, Duration::from_whole_s(10), 1, "c");
  } catch (const fleetwatt::sim::OutOfRange& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("the mean of a Weibull variable of scale 1 is Gamma(1 + 1/shape)") {
  CHECK_THAT(weibull_unit_mean(1.0), WithinRel(1.0, 1e-13));                             // Gamma(2)
  CHECK_THAT(weibull_unit_mean(0.5), WithinRel(2.0, 1e-13));                             // Gamma(3)
  CHECK_THAT(weibull_unit_mean(2.0), WithinRel(std::sqrt(std::acos(-1.0)) / 2, 1e-13));  // Gamma(3/2) = sqrt(pi)/2
  CHECK_THAT(weibull_unit_mean(0.1), WithinRel(3628800.0, 1e-13));                       // Gamma(11) = 10!
  CHECK_THAT(weibull_unit_mean(10.0),
             WithinRel(0.95135076986687, 1e-13));  // Gamma(1.1), Abramowitz and Stegun table 6.1
  CHECK_THAT(weibull_unit_mean(0.6), WithinRel(std::tgamma(1 + 1 / 0.6), 1e-13));  // the C library's
}

TEST_CASE("synthetic jobs load a cluster as the offered-load formula says") {
  const SyntheticJobs law;
  const auto jobs = generate_jobs(law, ten_years, 7, "cluster");
  const double count = static_cast<double>(jobs.size());
  // Closed forms of the header: E[min(2^k, G)], E[min(log-normal, c)].
  double mean_gpus = std::pow(law.doubling_probability, 7) * 128;
  for (int k = 0; k < 7; ++k) mean_gpus += (1 - law.doubling_probability) * std::pow(2 * law.doubling_probability, k);
  const double z = std::log(law.max_run_s / law.median_run_s) / law.run_sigma;
  const double mean_run_s =
      law.median_run_s * std::exp(law.run_sigma * law.run_sigma / 2) * normal_cdf(z - law.run_sigma) +
      law.max_run_s * (1 - normal_cdf(z));
  const double offered = mean_gpus * mean_run_s / (law.mean_interarrival_s * 128);
  CHECK_THAT(offered, WithinAbs(0.691, 0.0005));
  CHECK(offered > 0.65);
  CHECK(offered < 0.80);

  double gpu_seconds = 0.0, run_s = 0.0, gpus = 0.0;
  for (const auto& job : jobs) {
    gpu_seconds += job.gpus * job.run_s;
    run_s += job.run_s;
    gpus += job.gpus;
  }
  // About 1,050,000 jobs. Coefficients of variation: gap 1.76, run 2.0, GPUs 2.9, GPUs x run 6.7; four standard errors.
  CHECK_THAT(ten_years.s() / count, WithinRel(law.mean_interarrival_s, 4 * 1.76 / std::sqrt(count)));
  CHECK_THAT(run_s / count, WithinRel(mean_run_s, 4 * 2.0 / std::sqrt(count)));
  CHECK_THAT(gpus / count, WithinRel(mean_gpus, 4 * 2.9 / std::sqrt(count)));
  CHECK_THAT(gpu_seconds / (128 * ten_years.s()), WithinRel(offered, 4 * 6.9 / std::sqrt(count)));
}

TEST_CASE("by default, the mean size of jobs does not grow with the cluster") {
  const auto mean_gpus = [](int max_gpus) {
    SyntheticJobs law;
    law.max_gpus = max_gpus;
    const auto jobs = generate_jobs(law, ten_years, 5, "cluster");
    double gpus = 0.0;
    for (const auto& job : jobs) gpus += job.gpus;
    return gpus / static_cast<double>(jobs.size());
  };
  CHECK(mean_gpus(1 << 24) < 8.0);  // 5.5 in the mean, with a heavy tail
  CHECK(mean_gpus(1 << 24) < 1.1 * mean_gpus(1 << 20));
}

TEST_CASE("synthetic jobs follow their laws") {
  const SyntheticJobs law;
  const auto jobs = generate_jobs(law, ten_years, 11, "cluster");
  const double error = 4 * 0.5 / std::sqrt(static_cast<double>(jobs.size()));  // four standard errors of a fraction
  const auto gap_below = [&](double limit_s) {
    int below = 0;
    for (std::size_t i = 1; i < jobs.size(); ++i) below += jobs[i].submit_s - jobs[i - 1].submit_s < limit_s;
    return below / static_cast<double>(jobs.size() - 1);
  };
  const double scale_s = law.mean_interarrival_s / std::tgamma(1 + 1 / 0.6);
  CHECK_THAT(gap_below(scale_s), WithinAbs(1 - std::exp(-1.0), error));                       // Weibull at its scale
  CHECK_THAT(gap_below(0.1 * scale_s), WithinAbs(1 - std::exp(-std::pow(0.1, 0.6)), error));  // and at a tenth of it
  for (int k = 0; k < 7; ++k) {                                                               // P(2^k) = (1 - p) p^k
    CHECK_THAT(fraction_of(jobs, [&](const auto& job) { return job.gpus == 1 << k; }),
               WithinAbs(0.55 * std::pow(0.45, k), error));
  }
  CHECK_THAT(fraction_of(jobs, [](const auto& job) { return job.gpus == 128; }), WithinAbs(std::pow(0.45, 7), error));
  CHECK_THAT(fraction_of(jobs, [](const auto& job) { return job.run_s < 1800; }), WithinAbs(0.5, error));  // median
  const double one_sigma_s = 1800 * std::exp(-2.0);
  CHECK_THAT(fraction_of(jobs, [&](const auto& job) { return job.run_s < one_sigma_s; }),
             WithinAbs(normal_cdf(-1), error));
  CHECK_THAT(fraction_of(jobs, [](const auto& job) { return job.run_s == 64800; }),
             WithinAbs(1 - normal_cdf(std::log(36.0) / 2), error));
  CHECK(std::ranges::all_of(jobs,
                            [](const auto& job) { return job.estimate_s >= job.run_s && job.estimate_s <= 64800; }));
  // Runs short enough for the cap never to bind: the factor is uniform on 1..5.
  std::vector<GeneratedJob> short_jobs;
  std::ranges::copy_if(jobs, std::back_inserter(short_jobs), [](const auto& job) { return job.run_s < 12000; });
  for (const double factor : {2.0, 3.0, 4.5}) {
    CHECK_THAT(fraction_of(short_jobs, [&](const auto& job) { return job.estimate_s < factor * job.run_s; }),
               WithinAbs((factor - 1) / 4, error * 1.2));
  }
}

TEST_CASE("synthetic jobs come in order, within the length, and never larger than the cluster") {
  SyntheticJobs law;
  law.max_gpus = 100;  // no power of two: the largest size is cut to it
  const auto jobs = generate_jobs(law, Duration::from_whole_s(86400 * 90), 3, "cluster");
  CHECK(std::ranges::is_sorted(jobs, {}, &GeneratedJob::submit_s));
  CHECK(jobs.back().submit_s < 86400 * 90);
  const std::array<int, 8> sizes = {1, 2, 4, 8, 16, 32, 64, 100};
  CHECK(std::ranges::all_of(jobs, [&](const auto& job) { return std::ranges::count(sizes, job.gpus) == 1; }));
  CHECK(std::ranges::count(jobs, 100, &GeneratedJob::gpus) > 0);
  law.max_gpus = 1;
  const auto small = generate_jobs(law, Duration::from_whole_s(86400 * 90), 3, "cluster");
  CHECK(std::ranges::all_of(small, [](const auto& job) { return job.gpus == 1; }));
}

TEST_CASE("a synthetic stream depends on seed and name alone, and a longer run only adds to it") {
  const SyntheticJobs law;
  const auto same = [](const GeneratedJob& a, const GeneratedJob& b) {
    return a.submit_s == b.submit_s && a.run_s == b.run_s && a.estimate_s == b.estimate_s && a.gpus == b.gpus;
  };
  const auto month = generate_jobs(law, Duration::from_whole_s(86400 * 30), 5, "a");
  const auto year = generate_jobs(law, Duration::from_whole_s(86400 * 365), 5, "a");
  CHECK(std::equal(month.begin(), month.end(), year.begin(), same));
  CHECK(year.size() > month.size());
  CHECK(generate_jobs(law, Duration::from_whole_s(86400 * 30), 6, "a").front().submit_s != month.front().submit_s);
  CHECK(generate_jobs(law, Duration::from_whole_s(86400 * 30), 5, "b").front().submit_s != month.front().submit_s);

  SyntheticJobs longer = law;  // another law of the run time: arrivals and sizes stay
  longer.median_run_s = 3600;
  longer.run_sigma = 0.5;
  const auto other = generate_jobs(longer, Duration::from_whole_s(86400 * 30), 5, "a");
  CHECK(std::ranges::equal(month, other,
                           [](const auto& a, const auto& b) { return a.submit_s == b.submit_s && a.gpus == b.gpus; }));
}

TEST_CASE("a generator's parameter outside its range is refused by name") {
  CHECK(error_of({.mean_interarrival_s = 0}) == "synthetic jobs: mean_interarrival_s is 0, it must be above 0");
  CHECK(error_of({.interarrival_shape = 0.05}) == "synthetic jobs: interarrival_shape is 0.05, it must be 0.1 to 10");
  CHECK(error_of({.doubling_probability = 1}) ==
        "synthetic jobs: doubling_probability is 1, it must be at least 0 and below 1");
  CHECK(error_of({.max_gpus = 0}) == "synthetic jobs: max_gpus is 0, it must be at least 1");
  CHECK(error_of({.median_run_s = -1}) == "synthetic jobs: median_run_s is -1, it must be above 0");
  CHECK(error_of({.run_sigma = -1}) == "synthetic jobs: run_sigma is -1, it must be at least 0");
  CHECK(error_of({.max_run_s = 0}) == "synthetic jobs: max_run_s is 0, it must be above 0");
  CHECK(error_of({.max_estimate_factor = 0.5}) == "synthetic jobs: max_estimate_factor is 0.5, it must be at least 1");
}
