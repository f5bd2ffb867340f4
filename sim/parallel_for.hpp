// The one door to threads. Work items share nothing and write to their own slots, so the result is the same for any
// number of threads; there are no parallel reductions anywhere.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace fleetwatt::sim {

/// Threads that the machine offers, at least 1.
[[nodiscard]] int hardware_threads();

/// A set number of threads, kept between calls.
class ThreadTeam {
 public:
  /// threads >= 1.
  explicit ThreadTeam(int threads);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  [[nodiscard]] int threads() const { return threads_; }

  /// Calls body(0) ... body(count - 1), each once, in no stated order; returns when all have returned. When bodies
  /// throw, the exception of the lowest index is thrown again, after all have ended.
  void parallel_for(std::size_t count, const std::function<void(std::size_t)>& body);

 private:
  struct Backend;
  int threads_;
  std::unique_ptr<Backend> backend_;
};

}  // namespace fleetwatt::sim
