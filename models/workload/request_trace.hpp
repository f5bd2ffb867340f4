// A recorded sequence of requests, and its replay: under a demand curve, repeated, and as several superposed copies.
//
// Replay. Trace time advances at the curve's factor times run time (constant within a tick). It wraps at the trace's
// period: last minus first arrival, plus the mean gap. With N > 1 copies each starts from an offset of its own, drawn
// once for the service; one copy alone starts at the trace's first request. A request's identity is (copy, lap, index),
// and a hash of it decides which pool serves it, so pools need not talk to each other.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/workload/request.hpp"

namespace fleetwatt::models {

struct TraceEntry {
  sim::Duration since_first;
  std::int32_t prompt_tokens = 1;
  std::int32_t output_tokens = 1;
};

struct RequestTrace {
  std::vector<TraceEntry> entries;  ///< at least two, by time
  sim::Duration period;             ///< last - first + mean gap; a tick of the clock where all arrive at once
  int raised_to_one = 0;            ///< rows whose output was 0 tokens: counted as 1
};

/// Reads a CSV with the columns TIMESTAMP (`YYYY-MM-DD HH:MM:SS.fffffff`), ContextTokens and GeneratedTokens, in any
/// order, other columns ignored; a byte-order mark, CRLF and a missing last newline are accepted. Throws InputError,
/// with file and line, for a missing column, a row with the wrong number of fields, a field that is no number or
/// negative, times that run backwards, a trace longer than a year, or fewer than two rows.
[[nodiscard]] RequestTrace parse_request_trace(std::string_view text, const std::string& file_name);

/// A share [low, high) of the unit interval: the requests whose hash falls in it.
struct ShareInterval {
  double low = 0.0;
  double high = 1.0;
};

struct TraceReplaySpec {
  std::shared_ptr<const RequestTrace> trace;
  std::vector<sim::Duration> copy_offsets;  ///< one a copy
  bool repeat = true;
  std::uint64_t routing_key = 0;  ///< salt of the hash that splits requests over pools
  ShareInterval share = {};
};

/// Seeded offsets for `copies` copies of a trace: uniform over the period; a single copy has none.
[[nodiscard]] std::vector<sim::Duration> copy_offsets(const RequestTrace& trace, int copies, std::uint64_t seed,
                                                      std::string_view service);

class TraceReplay {
 public:
  explicit TraceReplay(TraceReplaySpec spec);

  /// Appends this pool's requests that arrive in [start, start + length), by time; factor is the demand curve's mean
  /// over the tick. Ticks are asked for in order, each once.
  void append_tick(sim::SimTime start, sim::Duration length, double factor, std::vector<Request>& out);

 private:
  void append_copy(std::size_t copy, sim::SimTime start, sim::Duration length, sim::Duration trace_length,
                   std::vector<Request>& out) const;

  TraceReplaySpec spec_;
  sim::Duration position_;  ///< trace time at the start of the next tick, laps included
};

}  // namespace fleetwatt::models
