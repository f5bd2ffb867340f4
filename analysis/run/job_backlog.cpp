#include "analysis/run/job_backlog.hpp"

#include <algorithm>

namespace fleetwatt::analysis {

namespace {

/// Sums over the jobs that fit.
struct JobSums {
  double jobs = 0.0;
  double gpu_s = 0.0;
  double gpu_s2 = 0.0;  ///< GPUs times run time squared
};

JobSums sums_of(std::span<const models::BatchJob> jobs, int gpus) {
  JobSums sums;
  for (const auto& job : jobs) {
    if (job.gpus > gpus) continue;
    sums.jobs += 1.0;
    sums.gpu_s += job.gpus * job.run.s();
    sums.gpu_s2 += job.gpus * job.run.s() * job.run.s();
  }
  return sums;
}

}  // namespace

JobBacklog expected_backlog(std::span<const models::BatchJob> jobs, int gpus) {
  JobBacklog backlog;
  const JobSums sums = sums_of(jobs, gpus);
  if (sums.gpu_s <= 0.0) return backlog;
  const double mean_gpu_s = sums.gpu_s / sums.jobs;
  const double left_on_gpus_gpu_s = gpus * 0.5 * sums.gpu_s2 / sums.gpu_s;  // all busy, each job half done on average
  double work_gpu_s = 0.0;
  double last_s = 0.0;
  double waited = 0.0;
  for (const auto& job : jobs) {
    if (job.gpus > gpus) continue;
    const double now_s = job.submit.since_start().s();
    work_gpu_s = std::max(0.0, work_gpu_s - gpus * (now_s - last_s)) + job.gpus * job.run.s();
    last_s = now_s;
    const double waiting = std::max(0.0, work_gpu_s - left_on_gpus_gpu_s) / mean_gpu_s;
    backlog.most_waiting = std::max(backlog.most_waiting, waiting);
    const double ends = std::max(0.0, 1.0 - (waiting - waited));  // since the last submission
    backlog.waiting_seen += (1.0 + ends) * waiting;
    waited = waiting;
  }
  return backlog;
}

}  // namespace fleetwatt::analysis
