// A log of batch jobs in the Standard Workload Format: one job a line, 18 fields, submission times counted from the
// log's start. Source: Chapin et al. (1999), "Benchmarks and standards for the evaluation of parallel job schedulers",
// JSSPP, and the definition of the Parallel Workloads Archive. Leaves out what no queue needs: memory, users,
// partitions, dependencies.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fleetwatt::models {

struct SwfJob {
  std::int64_t number = 0;   ///< as in the log
  double submit_s = 0.0;     ///< since the log's start, >= 0
  double run_s = 0.0;        ///< >= 0; 0 is a job that ends at once
  int processors = 1;        ///< allocated, or requested where the log does not know what was allocated
  double requested_s = 0.0;  ///< the user's estimate of the run time; <= 0: unknown
  int line = 0;              ///< of the file, from 1
};

struct SwfLog {
  std::vector<SwfJob> jobs;  ///< by submission
  int skipped_unknown_run_time = 0;
  int skipped_no_processors = 0;
};

/// Reads a whole log. A byte-order mark, CRLF, `;` comments, blank lines and a missing last newline are accepted. Jobs
/// without a run time (negative; the format's mark is -1), or else without processors in both fields, are skipped and
/// counted.
///
/// throws  InputError with file and line for every fault (the first 20 in full): a number of fields other than 18, a
/// field that is
///         no number, a job number or processor count that is no whole number, a negative submission time, a submission
///         before the one above it; also for a text with no job line at all
[[nodiscard]] SwfLog parse_swf(std::string_view text, const std::string& file_name);

}  // namespace fleetwatt::models
