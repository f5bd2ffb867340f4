#include "models/workload/swf_log.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>

#include "models/workload/text_lines.hpp"

namespace fleetwatt::models {

namespace {

constexpr std::size_t field_count = 18;
using Fields = std::array<double, field_count>;

// Indexes from 0; the format's own numbers, from 1, stand in the messages.
constexpr std::size_t number_field = 0;
constexpr std::size_t submit_field = 1;
constexpr std::size_t run_field = 3;
constexpr std::size_t allocated_field = 4;
constexpr std::size_t requested_processors_field = 7;
constexpr std::size_t requested_time_field = 8;

constexpr std::array<std::string_view, field_count> field_names = {"job number",
                                                                   "submit time",
                                                                   "wait time",
                                                                   "run time",
                                                                   "allocated processors",
                                                                   "average CPU time",
                                                                   "used memory",
                                                                   "requested processors",
                                                                   "requested time",
                                                                   "requested memory",
                                                                   "status",
                                                                   "user",
                                                                   "group",
                                                                   "executable",
                                                                   "queue",
                                                                   "partition",
                                                                   "preceding job",
                                                                   "think time"};

constexpr double most_processors = 1e8;
constexpr double largest_job_number = 1e15;

std::vector<std::string_view> words_of(std::string_view line) {
  constexpr std::string_view blanks = " \t\r";
  std::vector<std::string_view> words;
  for (std::size_t at = line.find_first_not_of(blanks); at != std::string_view::npos;) {
    const std::size_t end = line.find_first_of(blanks, at);
    words.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(blanks, end == std::string_view::npos ? line.size() : end);
  }
  return words;
}

class SwfReader {
 public:
  explicit SwfReader(const std::string& file_name) : faults_(file_name) {}

  SwfLog read(std::string_view text) {
    const auto lines = lines_of(text, ';');
    if (lines.empty())
      faults_.add(0, "the log has no jobs", "one job a line, 18 numbers, in the Standard Workload Format");
    for (const auto& line : lines) read_line(line);
    faults_.require_none();
    return std::move(log_);
  }

 private:
  void read_line(const TextLine& line) {
    const auto fields = fields_of(line);
    if (!fields) return;
    const bool whole = check_whole(line.number, *fields, number_field, largest_job_number);
    const bool processors = check_whole(line.number, *fields, allocated_field, most_processors) &&
                            check_whole(line.number, *fields, requested_processors_field, most_processors);
    const bool submit = check_submit(line.number, (*fields)[submit_field]);
    if (whole && processors && submit) append(line.number, *fields);
  }

  std::optional<Fields> fields_of(const TextLine& line) {
    const auto words = words_of(line.text);
    if (words.size() != field_count) {
      faults_.add(line.number, fmt::format("{} fields, a job of the Standard Workload Format has 18", words.size()),
                  "mend or remove the line; what the log does not know is written -1");
      return std::nullopt;
    }
    Fields fields{};
    bool all_numbers = true;
    for (std::size_t i = 0; i < field_count; ++i) {
      const auto value = number_of(words[i]);
      if (!value) {
        faults_.add(line.number, fmt::format("`{}` in field {} ({}) is not a number", words[i], i + 1, field_names[i]),
                    "a number; what the log does not know is written -1");
      }
      all_numbers = all_numbers && value.has_value();
      fields[i] = value.value_or(0.0);
    }
    if (!all_numbers) return std::nullopt;
    return fields;
  }

  bool check_whole(int line, const Fields& fields, std::size_t field, double most) {
    const double value = fields[field];
    if (value == std::floor(value) && std::fabs(value) <= most) return true;
    faults_.add(
        line,
        fmt::format("{} in field {} ({}) is not a whole number up to {}", value, field + 1, field_names[field], most),
        "a whole number; what the log does not know is written -1");
    return false;
  }

  bool check_submit(int line, double submit_s) {
    if (submit_s < 0.0) {
      faults_.add(line, fmt::format("the job is submitted at {} s, before the log's start", submit_s),
                  "field 2 (submit time) is 0 or more, in seconds since the log's start");
      return false;
    }
    if (submit_s < last_submit_s_) {
      faults_.add(line, fmt::format("the job is submitted at {} s, the one above it at {} s", submit_s, last_submit_s_),
                  "sort the log by field 2 (submit time)");
      return false;
    }
    last_submit_s_ = submit_s;
    return true;
  }

  void append(int line, const Fields& fields) {
    const double allocated = fields[allocated_field];
    const double processors = allocated > 0.0 ? allocated : fields[requested_processors_field];
    if (fields[run_field] < 0.0) {
      ++log_.skipped_unknown_run_time;
    } else if (processors <= 0.0) {
      ++log_.skipped_no_processors;
    } else {
      log_.jobs.push_back({.number = static_cast<std::int64_t>(fields[number_field]),
                           .submit_s = fields[submit_field],
                           .run_s = fields[run_field],
                           .processors = static_cast<int>(processors),
                           .requested_s = fields[requested_time_field],
                           .line = line});
    }
  }

  FaultList faults_;
  SwfLog log_;
  double last_submit_s_ = 0.0;
};

}  // namespace

SwfLog parse_swf(std::string_view text, const std::string& file_name) {
  return SwfReader(file_name).read(text);
}

}  // namespace fleetwatt::models
