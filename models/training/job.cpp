#include "models/training/job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace fleetwatt::models {

namespace {

sim::Duration cut_duration(double value_s) {
  return sim::Duration::from_s(std::min(value_s, static_cast<double>(sim::Duration::max_whole_s)));
}

int cut_count(std::int64_t count) {
  return static_cast<int>(std::min<std::int64_t>(count, std::numeric_limits<int>::max()));
}

}  // namespace

std::vector<BatchJob> jobs_from_swf(const SwfLog& log, const SwfSelection& selection) {
  if (selection.gpus_per_processor < 1) {
    throw sim::OutOfRange(fmt::format("GPUs per processor are {}, at least 1 is needed", selection.gpus_per_processor));
  }
  std::vector<BatchJob> jobs;
  for (const auto& job : log.jobs) {
    const double since_from_s = job.submit_s - selection.from.s();
    if (since_from_s < 0.0 || since_from_s >= selection.length.s()) continue;
    jobs.push_back({.number = job.number,
                    .submit = sim::SimTime::at(sim::Duration::from_s(since_from_s)),
                    .run = cut_duration(job.run_s),
                    .estimate = cut_duration(job.requested_s > 0.0 ? job.requested_s : job.run_s),
                    .gpus = cut_count(std::int64_t{job.processors} * selection.gpus_per_processor)});
  }
  return jobs;
}

std::vector<BatchJob> jobs_from_generated(std::span<const GeneratedJob> jobs) {
  std::vector<BatchJob> result;
  result.reserve(jobs.size());
  for (const auto& job : jobs) {
    result.push_back({.number = static_cast<std::int64_t>(result.size()) + 1,
                      .submit = sim::SimTime::at(sim::Duration::from_s(job.submit_s)),
                      .run = cut_duration(job.run_s),
                      .estimate = cut_duration(job.estimate_s),
                      .gpus = job.gpus});
  }
  return result;
}

sim::SimTime end_of(sim::SimTime start, sim::Duration length) {
  return length > sim::SimTime::max() - start ? sim::SimTime::max() : start + length;
}

}  // namespace fleetwatt::models
