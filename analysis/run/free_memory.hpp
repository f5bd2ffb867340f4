// How much memory a run may take: what the user says, or what the machine has free.
#pragma once

#include <optional>
#include <string>

namespace fleetwatt::analysis {

struct MemoryLimit {
  double bytes = 0.0;
  std::string name;  ///< where it comes from, as messages say it: "that --memory allows"
};

/// "8GB", "500 MB", "1.5TB": a number above 0 and kB, MB, GB or TB (powers of ten), or KiB, MiB, GiB, TiB; any case.
/// Empty for anything else.
[[nodiscard]] std::optional<double> bytes_from(const std::string& text);

/// What Linux says is available, or what the control group that we run in has left where that is less; both versions
/// of control groups, memory that only caches files counted as free. Infinite where nothing can be read.
/// root: where /proc and /sys lie; for tests.
[[nodiscard]] MemoryLimit free_memory(const std::string& root = "/");

}  // namespace fleetwatt::analysis
