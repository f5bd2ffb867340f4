// A serving engine's own log of the requests that it served: arrival, first token and end of each, and its tokens.
//
// Engines write arrivals in Unix time and the rest on a clock that counts from the machine's start. Such clocks are
// aligned by the smallest (queued - arrival) over the requests, so the least that a request ever took from its arrival
// to the engine's queue counts as nothing, and every time to the first token is short by that much. Leaves out drift
// between the clocks, and tokens between the first and the last.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fleetwatt::analysis {

/// Which columns (CSV) or keys (JSON) say what; an empty name is looked for among the names that tools write.
struct ServingLogColumns {
  std::string arrival = {};
  std::string prompt_tokens = {};
  std::string output_tokens = {};
  std::string first_token = {};          ///< a moment; or else
  std::string time_to_first_token = {};  ///< since the arrival
  std::string end = {};                  ///< a moment; or else
  std::string latency = {};              ///< from the arrival to the end
  std::string queued = {};  ///< a moment on the clock of first token and end; needed where arrival has another
  std::string status = {};  ///< says which requests failed; may be absent from the log
};

/// A request that was answered. Seconds since the log's first arrival: arrival <= first token <= end.
struct ServedRequest {
  double arrival_s = 0.0;
  double first_token_s = 0.0;
  double end_s = 0.0;
  std::int32_t prompt_tokens = 1;  ///< >= 1
  std::int32_t output_tokens = 1;  ///< >= 1
};

struct ServingLog {
  std::vector<ServedRequest> requests;  ///< by arrival, at least one
  std::uint64_t failed = 0;             ///< had no first token, or a status of failure; not among the requests
  double first_arrival_s = 0.0;         ///< on the log's own clock (Unix time where it writes dates or Unix time)
};

/// Reads a whole log, CSV with a header line or JSON objects one a line (log_table.hpp has what is accepted). Times are
/// seconds unless the column's name ends in _ms, _us or _ns, or dates; where a log has moments and durations, moments
/// are taken. Arrivals may come in any order.
///
/// throws  InputError with every fault (the first 20 in full): columns that are not there, values that are no
///         times or no counts of at least 1, a status that is neither success nor failure, a request that is queued
///         after its first token, has its first token before its arrival (or more than a day after) or ends before its
///         first token; times of two clocks without a queued column; no request, or none that was answered
[[nodiscard]] ServingLog read_serving_log(const std::string& text, const std::string& file_name,
                                          const ServingLogColumns& columns);

}  // namespace fleetwatt::analysis
