#include "sim/parallel_for.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

#ifdef FLEETWATT_PARALLEL_TBB
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#endif

namespace fleetwatt::sim {

int hardware_threads() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

#ifdef FLEETWATT_PARALLEL_TBB

struct ThreadTeam::Backend {
  explicit Backend(int threads)
      : limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads)), arena(threads) {}

  void run(std::size_t count, const std::function<void(std::size_t)>& body) {
    arena.execute([&] {
      tbb::parallel_for(
          tbb::blocked_range<std::size_t>(0, count, 1),
          [&](const tbb::blocked_range<std::size_t>& range) {
            for (std::size_t i = range.begin(); i != range.end(); ++i) body(i);
          },
          tbb::simple_partitioner{});
    });
  }

  tbb::global_control limit;
  tbb::task_arena arena;
};

#else

struct ThreadTeam::Backend {
  explicit Backend(int thread_count) : threads(static_cast<std::size_t>(thread_count)) {}

  void run(std::size_t count, const std::function<void(std::size_t)>& body) const {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (std::size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) body(i);
    };
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < std::min(threads, count); ++i) others.emplace_back(work);
    work();
    for (auto& thread : others) thread.join();
  }

  std::size_t threads;
};

#endif

// A team of one needs none; TBB's limit on parallelism would hold for the whole process, for a sweep around the run
// too.
ThreadTeam::ThreadTeam(int threads)
    : threads_(threads), backend_(threads > 1 ? std::make_unique<Backend>(threads) : nullptr) {}

ThreadTeam::~ThreadTeam() = default;

void ThreadTeam::parallel_for(std::size_t count, const std::function<void(std::size_t)>& body) {
  std::vector<std::exception_ptr> faults(count);
  const auto guarded = [&](std::size_t i) {
    try {
      body(i);
    } catch (...) {
      faults[i] = std::current_exception();
    }
  };
  if (threads_ == 1 || count == 1) {
    for (std::size_t i = 0; i < count; ++i) guarded(i);
  } else {
    backend_->run(count, guarded);
  }
  for (const auto& fault : faults) {
    if (fault) std::rethrow_exception(fault);
  }
}

}  // namespace fleetwatt::sim
