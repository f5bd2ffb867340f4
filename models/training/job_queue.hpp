// The jobs that wait in a batch cluster, by submission. Contiguous, so that a discipline sees one span; leaving from
// the front is cheap also in a long queue.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "models/training/job.hpp"

namespace fleetwatt::models {

class JobQueue {
 public:
  /// index: where the cluster keeps the job.
  void push(const BatchJob& job, std::size_t index);
  /// Removes the jobs at the given positions, each named once, in any order. O(positions) where they are the front of
  /// the queue, otherwise O(queue).
  void remove(std::span<const std::size_t> positions);

  [[nodiscard]] std::span<const BatchJob> jobs() const { return std::span(jobs_).subspan(front_); }
  [[nodiscard]] std::size_t index_at(std::size_t position) const { return indexes_[front_ + position]; }
  [[nodiscard]] std::size_t size() const { return jobs_.size() - front_; }

 private:
  void drop_removed_front();

  std::vector<BatchJob> jobs_;
  std::vector<std::size_t> indexes_;
  std::size_t front_ = 0;  ///< those before it have left
};

}  // namespace fleetwatt::models
