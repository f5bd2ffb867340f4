#include "models/workload/request_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "models/workload/text_lines.hpp"
#include "sim/calendar.hpp"
#include "sim/random_stream.hpp"

namespace fleetwatt::models {

namespace {

/// Laps are counted in simulated time, which ends after 17 years.
constexpr sim::Duration longest_trace = sim::one_day * 366;

struct Columns {
  std::size_t time = 0;
  std::size_t prompt = 0;
  std::size_t output = 0;
  std::size_t count = 0;
};

std::optional<Columns> find_columns(const TextLine& header, FaultList& faults) {
  const auto cells = cells_of(header.text);
  Columns columns;
  columns.count = cells.size();
  bool found_all = true;
  const auto find = [&](const char* name, std::size_t& index) {
    const auto found = std::ranges::find(cells, name);
    index = static_cast<std::size_t>(found - cells.begin());
    if (found != cells.end()) return;
    found_all = false;
    faults.add(header.number, fmt::format("the trace has no column `{}`", name),
               "a request trace has the columns TIMESTAMP, ContextTokens and GeneratedTokens");
  };
  find("TIMESTAMP", columns.time);
  find("ContextTokens", columns.prompt);
  find("GeneratedTokens", columns.output);
  if (!found_all) return std::nullopt;
  return columns;
}

/// A count of tokens, or a fault.
std::optional<std::int32_t> read_tokens(const std::string& cell, const char* column, int line, FaultList& faults) {
  const auto value = number_of(cell);
  if (!value || *value != std::floor(*value) || *value < 0 || *value > 1e8) {
    faults.add(line, fmt::format("`{}` in column {} is not a number of tokens", cell, column),
               "a whole number, 0 or more");
    return std::nullopt;
  }
  return static_cast<std::int32_t>(*value);
}

sim::Duration since(const sim::ParsedTime& first, const sim::ParsedTime& time) {
  const std::int64_t whole_s = time.time.value - first.time.value;
  const double fraction_s = static_cast<double>(time.nanoseconds - first.nanoseconds) * 1e-9;
  return sim::Duration::from_whole_s(whole_s) + sim::Duration::from_s(fraction_s);
}

class TraceReader {
 public:
  explicit TraceReader(const std::string& file_name) : faults_(file_name) {}

  RequestTrace read(std::string_view text) {
    const auto lines = lines_of(text, '#');
    if (lines.empty()) faults_.add(0, "the trace is empty", "a header line and at least two requests");
    faults_.require_none();
    const auto columns = find_columns(lines.front(), faults_);
    faults_.require_none();
    for (std::size_t i = 1; i < lines.size(); ++i) read_row(lines[i], *columns);
    if (faults_.empty() && trace_.entries.size() < 2)
      faults_.add(0, "the trace has fewer than two requests", "at least two are needed to know its period");
    faults_.require_none();
    const sim::Duration span = trace_.entries.back().since_first;
    const auto gaps = static_cast<std::int64_t>(trace_.entries.size()) - 1;
    trace_.period = span + sim::Duration::from_ticks(std::max<std::int64_t>(1, span.ticks() / gaps));
    return std::move(trace_);
  }

 private:
  void read_row(const TextLine& line, const Columns& columns) {
    const auto cells = cells_of(line.text);
    if (cells.size() != columns.count) {
      faults_.add(line.number, fmt::format("{} fields, the header has {}", cells.size(), columns.count),
                  "mend or remove the row");
      return;
    }
    const auto time = sim::parse_time(cells[columns.time]);
    if (!time) {
      faults_.add(line.number, fmt::format("`{}` is no time", cells[columns.time]),
                  "written as 2023-11-16 18:15:46.6805900");
    }
    const auto prompt = read_tokens(cells[columns.prompt], "ContextTokens", line.number, faults_);
    const auto output = read_tokens(cells[columns.output], "GeneratedTokens", line.number, faults_);
    if (!time || !prompt || !output) return;
    append(line.number, *time, *prompt, *output);
  }

  void append(int line, const sim::ParsedTime& time, std::int32_t prompt, std::int32_t output) {
    if (!first_) first_ = time;
    if (std::abs(time.time.value - first_->time.value) > longest_trace.whole_s()) {
      faults_.add(line, "the request is more than a year away from the first one", "a trace covers a year at most");
      return;
    }
    const sim::Duration at = since(*first_, time);
    if (!trace_.entries.empty() && at < trace_.entries.back().since_first) {
      faults_.add(line, "the request arrives before the one above it", "sort the trace by TIMESTAMP");
      return;
    }
    if (output == 0) ++trace_.raised_to_one;
    trace_.entries.push_back({at, std::max(prompt, 1), std::max(output, 1)});
  }

  FaultList faults_;
  RequestTrace trace_;
  std::optional<sim::ParsedTime> first_;
};

}  // namespace

RequestTrace parse_request_trace(std::string_view text, const std::string& file_name) {
  return TraceReader(file_name).read(text);
}

std::vector<sim::Duration> copy_offsets(const RequestTrace& trace, int copies, std::uint64_t seed,
                                        std::string_view service) {
  if (copies == 1) return {sim::Duration()};
  sim::RandomStream stream(seed, service, "trace copy offsets");
  std::vector<sim::Duration> offsets;
  for (int copy = 0; copy < copies; ++copy) {
    offsets.push_back(sim::Duration::from_ticks(
        static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(trace.period.ticks())))));
  }
  return offsets;
}

TraceReplay::TraceReplay(TraceReplaySpec spec) : spec_(std::move(spec)) {}

void TraceReplay::append_tick(sim::SimTime start, sim::Duration length, double factor, std::vector<Request>& out) {
  const auto trace_length = sim::Duration::from_ticks(std::llround(static_cast<double>(length.ticks()) * factor));
  const std::size_t first_new = out.size();
  for (std::size_t copy = 0; copy < spec_.copy_offsets.size(); ++copy)
    append_copy(copy, start, length, trace_length, out);
  std::ranges::stable_sort(out.begin() + static_cast<std::ptrdiff_t>(first_new), out.end(), {}, &Request::arrival);
  position_ += trace_length;
}

void TraceReplay::append_copy(std::size_t copy, sim::SimTime start, sim::Duration length, sim::Duration trace_length,
                              std::vector<Request>& out) const {
  const auto& trace = *spec_.trace;
  const double run_over_trace = static_cast<double>(length.ticks()) / static_cast<double>(trace_length.ticks());
  const sim::Duration begin = position_ + spec_.copy_offsets[copy];
  const sim::Duration end = begin + trace_length;
  for (std::int64_t lap = begin / trace.period; trace.period * lap < end; ++lap) {
    if (lap > 0 && !spec_.repeat) break;
    const sim::Duration lap_start = trace.period * lap;
    auto entry = std::ranges::lower_bound(trace.entries, begin - lap_start, {}, &TraceEntry::since_first);
    for (; entry != trace.entries.end() && entry->since_first < end - lap_start; ++entry) {
      const auto index = static_cast<std::uint64_t>(entry - trace.entries.begin());
      const std::uint64_t id = sim::mix(sim::mix(index, static_cast<std::uint64_t>(lap)), copy);
      const double u = sim::unit_interval(sim::mix(id, spec_.routing_key));
      if (u < spec_.share.low || u >= spec_.share.high) continue;
      const sim::Duration into_tick = lap_start + entry->since_first - begin;
      const auto ticks = static_cast<std::int64_t>(static_cast<double>(into_tick.ticks()) * run_over_trace);
      const sim::Duration after_start =
          std::min(sim::Duration::from_ticks(ticks), length - sim::Duration::from_ticks(1));
      out.push_back({start + after_start, id, entry->prompt_tokens, entry->output_tokens});
    }
  }
}

}  // namespace fleetwatt::models
