#include "analysis/cli/stop_signal.hpp"

#include <csignal>

namespace fleetwatt::analysis {

namespace {

// A signal handler can reach nothing but a global; it is this one.
std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void request_stop(int signal) {
  stop.store(true);
  std::signal(signal, SIG_DFL);
}

}  // namespace

void catch_stop_signals() {
  std::signal(SIGINT, request_stop);
  std::signal(SIGTERM, request_stop);
}

const std::atomic<bool>& stop_flag() {
  return stop;
}

}  // namespace fleetwatt::analysis
