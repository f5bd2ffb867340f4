#include "models/training/job_queue.hpp"

#include <algorithm>

namespace fleetwatt::models {

void JobQueue::push(const BatchJob& job, std::size_t index) {
  jobs_.push_back(job);
  indexes_.push_back(index);
}

void JobQueue::remove(std::span<const std::size_t> positions) {
  if (positions.empty()) return;
  std::vector<std::size_t> sorted(positions.begin(), positions.end());
  std::ranges::sort(sorted);
  if (sorted.back() + 1 == sorted.size()) {
    front_ += sorted.size();
    drop_removed_front();
    return;
  }
  auto next = sorted.begin();
  std::size_t kept = front_ + *next;
  for (std::size_t at = kept; at < jobs_.size(); ++at) {
    if (next != sorted.end() && at == front_ + *next) {
      ++next;
      continue;
    }
    jobs_[kept] = jobs_[at];
    indexes_[kept] = indexes_[at];
    ++kept;
  }
  jobs_.resize(kept);
  indexes_.resize(kept);
}

void JobQueue::drop_removed_front() {
  if (front_ < jobs_.size() - front_) return;  // copies at most as many as have left: constant time a job
  jobs_.erase(jobs_.begin(), jobs_.begin() + static_cast<std::ptrdiff_t>(front_));
  indexes_.erase(indexes_.begin(), indexes_.begin() + static_cast<std::ptrdiff_t>(front_));
  front_ = 0;
}

}  // namespace fleetwatt::models
