// Ctrl-C as a flag that a run looks at between ticks: it then stops cleanly and writes nothing.
#pragma once

#include <atomic>

namespace fleetwatt::analysis {

/// From now on SIGINT and SIGTERM set the flag; a second one ends the process as usual.
void catch_stop_signals();

[[nodiscard]] const std::atomic<bool>& stop_flag();

}  // namespace fleetwatt::analysis
