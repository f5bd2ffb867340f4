#include "analysis/calibrate/serving_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "analysis/calibrate/log_table.hpp"
#include "analysis/calibrate/request_status.hpp"
#include "sim/units.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr std::array<std::string_view, 10> arrival_names = {
    "arrival_s", "arrival_time", "arrival_time_s", "arrival_ts", "arrival_ms",
    "arrival",   "start_time",   "start_s",        "timestamp",  "timestamp_ms"};
constexpr std::array<std::string_view, 8> prompt_names = {"prompt_tokens", "input_tokens", "input_toks",
                                                          "prompt_toks",   "prompt_len",   "num_prompt_tokens",
                                                          "input_len",     "ContextTokens"};
constexpr std::array<std::string_view, 7> output_names = {"output_tokens",    "completion_tokens", "output_toks",
                                                          "generated_tokens", "output_len",        "num_output_tokens",
                                                          "GeneratedTokens"};
constexpr std::array<std::string_view, 5> first_token_names = {"first_token_s", "first_token_ts", "first_token_time",
                                                               "first_token_at", "first_token_ms"};
constexpr std::array<std::string_view, 5> to_first_token_names = {"ttft_s", "ttft", "ttft_ms", "time_to_first_token_s",
                                                                  "time_to_first_token"};
constexpr std::array<std::string_view, 9> end_names = {"end_s",       "end_time",      "end_ts",
                                                       "end_ms",      "finished_ts",   "finished_time",
                                                       "finish_time", "last_token_ts", "last_token_time"};
constexpr std::array<std::string_view, 6> latency_names = {"e2e_latency_s", "e2e_latency", "e2e_latency_ms",
                                                           "latency_s",     "latency",     "latency_ms"};
constexpr std::array<std::string_view, 2> queued_names = {"queued_ts", "queued_at"};
constexpr std::array<std::string_view, 4> status_names = {"status", "success", "failed", "error"};

constexpr ColumnRole arrival_role = {"arrival times", arrival_names};
constexpr ColumnRole prompt_role = {"prompt tokens", prompt_names};
constexpr ColumnRole output_role = {"output tokens", output_names};
constexpr ColumnRole first_token_role = {"times of the first token", first_token_names};
constexpr ColumnRole to_first_token_role = {"times from arrival to the first token", to_first_token_names};
constexpr ColumnRole end_role = {"times of the end", end_names};
constexpr ColumnRole latency_role = {"times from arrival to the end", latency_names};
constexpr ColumnRole queued_role = {"times of queueing", queued_names};
constexpr ColumnRole status_role = {"status", status_names};

constexpr double most_tokens = 1e8;
constexpr double longest_wait_s = sim::seconds_per_day;
/// A smallest (queued - arrival) between 0 and this is a delay on one clock; two clocks do not meet so closely by
/// chance.
constexpr double same_clock_within_s = 1.0;
/// A double of Unix time has steps of 0.24 microseconds; sums and differences of it are no closer.
constexpr double rounding_s = 1e-6;

/// A column of moments on the engine's clock, or of durations since the arrival.
struct TimeColumn {
  LogColumn column;
  bool is_moment = true;

  std::optional<double> read_s(const LogRow& row, models::FaultList& faults) const {
    return is_moment ? read_moment_s(column, row, faults) : read_duration_s(column, row, faults);
  }
};

struct Columns {
  LogColumn arrival;
  LogColumn prompt_tokens;
  LogColumn output_tokens;
  TimeColumn first_token;
  TimeColumn end;
  std::optional<LogColumn> queued;
  std::optional<LogColumn> status;

  bool has_moments() const { return first_token.is_moment || end.is_moment; }
};

/// A request as the log has it: times of first token and end as their columns count them.
struct Record {
  int line = 0;
  double arrival_s = 0.0;
  std::optional<double> queued_s;
  double first_token_s = 0.0;
  double end_s = 0.0;
  std::int32_t prompt_tokens = 1;
  std::int32_t output_tokens = 1;
};

class ColumnFinder {
 public:
  ColumnFinder(const LogTable& table, models::FaultList& faults) : table_(table), faults_(faults) {}

  LogColumn required(const std::string& named, const ColumnRole& role) {
    auto column = find_column(table_, named, role, faults_);
    if (!column && named.empty()) add_not_recognised(table_, role, faults_);
    return column.value_or(LogColumn{});
  }

  std::optional<LogColumn> optional(const std::string& named, const ColumnRole& role) {
    return find_column(table_, named, role, faults_);
  }

  TimeColumn moment_or_duration(const std::string& moment, const ColumnRole& moment_role, const std::string& duration,
                                const ColumnRole& duration_role) {
    if (!moment.empty() && !duration.empty()) {
      faults_.add(0, fmt::format("`{}` and `{}` are both named for one time", moment, duration),
                  fmt::format("name the {}, or the {}", moment_role.meaning, duration_role.meaning));
    }
    if (duration.empty()) {
      if (auto column = find_column(table_, moment, moment_role, faults_)) return {*column, true};
      if (!moment.empty()) return {};
    }
    if (auto column = find_column(table_, duration, duration_role, faults_)) return {*column, false};
    if (duration.empty()) {
      add_not_recognised(table_, moment_role, faults_);
      add_not_recognised(table_, duration_role, faults_);
    }
    return {};
  }

 private:
  const LogTable& table_;
  models::FaultList& faults_;
};

Columns find_columns(const LogTable& table, const ServingLogColumns& named, models::FaultList& faults) {
  ColumnFinder finder(table, faults);
  Columns columns;
  columns.arrival = finder.required(named.arrival, arrival_role);
  columns.prompt_tokens = finder.required(named.prompt_tokens, prompt_role);
  columns.output_tokens = finder.required(named.output_tokens, output_role);
  columns.first_token =
      finder.moment_or_duration(named.first_token, first_token_role, named.time_to_first_token, to_first_token_role);
  columns.end = finder.moment_or_duration(named.end, end_role, named.latency, latency_role);
  columns.queued = finder.optional(named.queued, queued_role);
  columns.status = finder.optional(named.status, status_role);
  return columns;
}

std::optional<std::int32_t> read_tokens(const LogColumn& column, const LogRow& row, models::FaultList& faults) {
  const std::string_view cell = column.of(row);
  const auto value = models::number_of(cell);
  if (value && *value == std::floor(*value) && *value >= 1 && *value <= most_tokens)
    return static_cast<std::int32_t>(*value);
  faults.add(row.line,
             cell.empty() ? fmt::format("no value in `{}`", column.name)
                          : fmt::format("`{}` in `{}` is not a number of tokens", cell, column.name),
             "a whole number, 1 or more; a request that failed is told by its status or an empty first token");
  return std::nullopt;
}

class ServingLogReader {
 public:
  ServingLogReader(const std::string& file_name, const ServingLogColumns& named)
      : column_faults_(file_name), faults_(file_name), named_(named) {}

  ServingLog read(const std::string& text) {
    const LogTable table = read_log_table(text, faults_);
    if (faults_.empty() && table.rows.empty())
      faults_.add(0, "the log has no requests", "at least one row below the header");
    if (table.columns.empty() || table.rows.empty()) faults_.require_none();
    columns_ = find_columns(table, named_, column_faults_);
    column_faults_.require_none();
    for (const auto& row : table.rows) read_row(row);
    if (faults_.empty() && records_.empty())
      faults_.add(0, fmt::format("all {} requests of the log failed", log_.failed),
                  "at least one must have been answered");
    offset_s_ = clock_offset_s();
    if (!clocks_differ()) std::ranges::for_each(records_, [this](const Record& record) { check_order(record); });
    faults_.require_none();
    return finish();
  }

 private:
  bool has_failed(const LogRow& row) {
    if (columns_.status) {
      const auto status = request_status(columns_.status->name, columns_.status->of(row));
      if (status == RequestStatus::failed) return true;
      if (status == RequestStatus::unknown) {
        faults_.add(row.line,
                    fmt::format("`{}` in `{}` is neither a success nor a failure", columns_.status->of(row),
                                columns_.status->name),
                    "words such as ok, success, completed, failed, error, timeout, aborted; true or false; 200 or 500");
        return false;
      }
    }
    return columns_.first_token.column.of(row).empty();
  }

  void read_row(const LogRow& row) {
    if (has_failed(row)) {
      ++log_.failed;
      return;
    }
    const auto arrival_s = read_moment_s(columns_.arrival, row, faults_);
    const auto prompt = read_tokens(columns_.prompt_tokens, row, faults_);
    const auto output = read_tokens(columns_.output_tokens, row, faults_);
    const auto first_token_s = columns_.first_token.read_s(row, faults_);
    const auto end_s = columns_.end.read_s(row, faults_);
    std::optional<double> queued_s;
    if (columns_.queued && columns_.has_moments() && !columns_.queued->of(row).empty()) {
      queued_s = read_moment_s(*columns_.queued, row, faults_);
      if (!queued_s) return;
    }
    if (!arrival_s || !prompt || !output || !first_token_s || !end_s) return;
    records_.push_back({row.line, *arrival_s, queued_s, *first_token_s, *end_s, *prompt, *output});
  }

  /// What the engine's clock shows when the arrivals' clock shows 0; nothing to subtract where they are one clock.
  double clock_offset_s() {
    std::optional<double> smallest_s;
    for (const auto& record : records_) {
      if (!record.queued_s) continue;
      const double ahead_s = *record.queued_s - record.arrival_s;
      smallest_s = std::min(smallest_s.value_or(ahead_s), ahead_s);
    }
    aligned_ = smallest_s.has_value();
    const double offset_s = smallest_s.value_or(0.0);
    return offset_s >= 0.0 && offset_s <= same_clock_within_s ? 0.0 : offset_s;
  }

  double since_arrival_s(const TimeColumn& column, double value_s, const Record& record) const {
    return column.is_moment ? value_s - offset_s_ - record.arrival_s : value_s;
  }
  double wait_s(const Record& record) const {
    return since_arrival_s(columns_.first_token, record.first_token_s, record);
  }
  double latency_s(const Record& record) const { return since_arrival_s(columns_.end, record.end_s, record); }

  /// No request's moment follows its arrival within a day: one fault for the whole log, not one a line.
  bool clocks_differ() {
    if (aligned_ || records_.empty() || !columns_.has_moments()) return false;
    const bool use_first = columns_.first_token.is_moment;
    const auto is_apart = [&](const Record& record) {
      const double after_s = use_first ? wait_s(record) : latency_s(record);
      return after_s < -rounding_s || after_s > longest_wait_s;
    };
    if (!std::ranges::all_of(records_, is_apart)) return false;
    const Record& first = records_.front();
    const auto& column = use_first ? columns_.first_token.column : columns_.end.column;
    faults_.add(
        first.line,
        fmt::format("`{}` and `{}` are not of one clock: {:.15g} s and {:.15g} s here, and no request of the log "
                    "has the second within a day after the first",
                    columns_.arrival.name, column.name, first.arrival_s, use_first ? first.first_token_s : first.end_s),
        fmt::format("name the column of the times at which requests were queued, on the clock of `{}`", column.name));
    return true;
  }

  void check_order(const Record& record) {
    const double first_after_s = wait_s(record);
    const double end_after_s = latency_s(record);
    const char* const order =
        "a request's times run from arrival to queue, first token and end; are the columns right?";
    if (first_after_s < -rounding_s)
      faults_.add(record.line, fmt::format("the first token comes {:.6g} s before the arrival", -first_after_s), order);
    if (first_after_s > longest_wait_s) {
      faults_.add(record.line,
                  fmt::format("the first token comes {:.6g} s after the arrival, more than a day", first_after_s),
                  "are all times in seconds and of one clock?");
    }
    if (end_after_s < first_after_s - rounding_s)
      faults_.add(record.line,
                  fmt::format("the request ends {:.6g} s before its first token", first_after_s - end_after_s), order);
    if (!record.queued_s || !columns_.first_token.is_moment || *record.queued_s <= record.first_token_s) return;
    faults_.add(
        record.line,
        fmt::format("the request is queued {:.6g} s after its first token", *record.queued_s - record.first_token_s),
        order);
  }

  ServingLog finish() {
    std::ranges::stable_sort(records_, {}, &Record::arrival_s);
    log_.first_arrival_s = records_.front().arrival_s;
    for (const auto& record : records_) {
      const double arrival_s = record.arrival_s - log_.first_arrival_s;
      const double first_after_s = std::max(wait_s(record), 0.0);
      const double end_after_s = std::max(latency_s(record), first_after_s);
      log_.requests.push_back(
          {arrival_s, arrival_s + first_after_s, arrival_s + end_after_s, record.prompt_tokens, record.output_tokens});
    }
    return std::move(log_);
  }

  models::FaultList column_faults_;  ///< without its columns no row can be read
  models::FaultList faults_;
  const ServingLogColumns& named_;
  Columns columns_;
  std::vector<Record> records_;
  ServingLog log_;
  double offset_s_ = 0.0;
  bool aligned_ = false;  ///< by queued times
};

}  // namespace

ServingLog read_serving_log(const std::string& text, const std::string& file_name, const ServingLogColumns& columns) {
  return ServingLogReader(file_name, columns).read(text);
}

}  // namespace fleetwatt::analysis
