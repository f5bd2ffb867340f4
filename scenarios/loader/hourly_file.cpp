#include "scenarios/loader/hourly_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/units.hpp"

namespace fleetwatt::scenarios {

namespace {

constexpr std::int64_t hour_s = 3600;

struct Row {
  int line = 0;
  std::int64_t hour = 0;  ///< since the run's start; may be negative
  std::vector<std::optional<double>> values;
};

class HourlyReader {
 public:
  explicit HourlyReader(const HourlyFileRequest& request) : request_(request), faults_(request.file_name) {}

  HourlyColumns read(std::string_view text) {
    const auto lines = models::lines_of(text, '#');
    if (lines.empty()) faults_.add(0, "the file is empty", "a header line, then one row an hour");
    faults_.require_none();
    find_columns(lines.front());
    faults_.require_none();
    for (std::size_t i = 1; i < lines.size(); ++i) read_row(lines[i]);
    faults_.require_none();
    check_cover();
    faults_.require_none();
    return columns();
  }

 private:
  void find_columns(const models::TextLine& header) {
    const auto cells = models::cells_of(header.text);
    cells_in_header_ = cells.size();
    time_index_ = request_.time_column.empty() ? 0 : find_column(cells, request_.time_column, header.number);
    for (const auto& name : request_.value_columns) value_indexes_.push_back(find_column(cells, name, header.number));
  }

  std::size_t find_column(const std::vector<std::string>& cells, const std::string& name, int line) {
    auto found = std::ranges::find(cells, name);
    if (found == cells.end())
      found =
          std::ranges::find_if(cells, [&](const std::string& cell) { return cell.find(name) != std::string::npos; });
    if (found != cells.end()) return static_cast<std::size_t>(found - cells.begin());
    faults_.add(line, fmt::format("no column `{}`", name), fmt::format("the file has: {}", fmt::join(cells, ", ")));
    return 0;
  }

  void read_row(const models::TextLine& line) {
    const auto cells = models::cells_of(line.text);
    if (cells.size() != cells_in_header_) {
      faults_.add(line.number, fmt::format("{} fields, the header has {}", cells.size(), cells_in_header_),
                  "mend or remove the row");
      return;
    }
    const auto time = sim::parse_time(cells[time_index_]);
    if (!time) {
      faults_.add(line.number, fmt::format("`{}` is no time", cells[time_index_]),
                  "written as 2024-07-15 01:00 or 2024-07-15T01:00:00Z");
      return;
    }
    if (request_.clock_must_be_known && !time->has_offset && !request_.utc_offset_s) {
      if (!clock_reported_)
        faults_.add(line.number, fmt::format("`{}` does not say which clock it was read on", cells[time_index_]),
                    "give `utc_offset` in the scenario, such as \"-7h\", or \"0h\" for UTC");
      clock_reported_ = true;
      return;
    }
    std::int64_t utc = time->time.value + request_.time_shift.whole_s();
    if (!time->has_offset) utc -= request_.utc_offset_s.value_or(0);
    add_row({line.number, utc - request_.start.value, {}}, cells);
  }

  void add_row(Row row, const std::vector<std::string>& cells) {
    const std::int64_t offset_s = row.hour;
    if (offset_s < -hour_s * 24 || offset_s > (request_.hours + 24) * hour_s) {
      note_outside(offset_s);
      return;
    }
    if (offset_s % hour_s != 0) {
      faults_.add(row.line, fmt::format("{} is not on the hour of the run", cells[time_index_]), "one row an hour");
      return;
    }
    row.hour = offset_s / hour_s;
    note_outside(offset_s);
    if (!rows_.empty() && row.hour <= rows_.back().hour) {
      faults_.add(
          row.line,
          fmt::format("{} is {} (line {})", cells[time_index_],
                      row.hour == rows_.back().hour ? "there twice" : "before the row above it", rows_.back().line),
          "one row an hour, in order; files in local time repeat an hour in autumn: use their column in UTC");
      return;
    }
    for (const std::size_t index : value_indexes_) row.values.push_back(read_value(row, cells[index]));
    rows_.push_back(std::move(row));
  }

  std::optional<double> read_value(const Row& row, const std::string& cell) {
    if (cell.empty()) return std::nullopt;  // a gap
    const auto value = models::number_of(cell);
    if (!value) faults_.add(row.line, fmt::format("`{}` is no number", cell), "a number, or an empty cell for a gap");
    return value;
  }

  void note_outside(std::int64_t offset_s) {
    first_s_ = any_ ? std::min(first_s_, offset_s) : offset_s;
    last_s_ = any_ ? std::max(last_s_, offset_s) : offset_s;
    any_ = true;
  }

  [[nodiscard]] std::string text_of(std::int64_t offset_s) const {
    return sim::to_text({request_.start.value + offset_s});
  }

  void check_cover() {
    const std::int64_t last_hour_s = (request_.hours - 1) * hour_s;
    if (any_ && first_s_ <= 0 && last_s_ >= last_hour_s) return;
    const std::string covers =
        any_ ? fmt::format("covers {} to {}", text_of(first_s_), text_of(last_s_)) : "has no rows";
    faults_.add(0, fmt::format("the file {}, the run needs {} to {}", covers, text_of(0), text_of(last_hour_s)),
                "choose another file, or another `start` or `duration`");
  }

  HourlyColumns columns() {
    HourlyColumns result;
    std::vector<bool> filled(static_cast<std::size_t>(request_.hours), false);
    for (std::size_t column = 0; column < value_indexes_.size(); ++column)
      result.values.push_back(fill_column(column, filled));
    faults_.require_none();
    result.filled_hours = std::ranges::count(filled, true);
    return result;
  }

  std::vector<double> fill_column(std::size_t column, std::vector<bool>& filled) {
    std::vector<double> values(static_cast<std::size_t>(request_.hours));
    const Row* before = nullptr;
    auto row = rows_.begin();
    for (std::int64_t hour = 0; hour < request_.hours; ++hour) {
      for (; row != rows_.end() && row->hour <= hour; ++row) {
        if (row->values[column]) before = &*row;
      }
      auto& value = values[static_cast<std::size_t>(hour)];
      if (before != nullptr && before->hour == hour) {
        value = *before->values[column];
        continue;
      }
      const auto after = std::find_if(row, rows_.end(), [&](const Row& r) { return r.values[column].has_value(); });
      const Row* next = after == rows_.end() ? nullptr : &*after;
      if (request_.fill == GapFill::refuse || before == nullptr || next == nullptr) {
        report_gap(hour, before, next, column);
        continue;
      }
      const double share = static_cast<double>(hour - before->hour) / static_cast<double>(next->hour - before->hour);
      value = *before->values[column] + share * (*next->values[column] - *before->values[column]);
      filled[static_cast<std::size_t>(hour)] = true;
    }
    return values;
  }

  void report_gap(std::int64_t hour, const Row* before, const Row* next, std::size_t column) {
    const std::string previous =
        before == nullptr ? "none before it" : fmt::format("the one before is {}", text_of(before->hour * hour_s));
    const std::string following =
        next == nullptr ? "none after it" : fmt::format("the next is {}", text_of(next->hour * hour_s));
    const std::string mend = request_.fill == GapFill::refuse ? "mend the file, or set `fill = \"interpolate\"`"
                                                              : "interpolation needs an hour on both sides";
    faults_.add(next == nullptr ? 0 : next->line,
                fmt::format("{} is missing in column `{}` ({}, {})", text_of(hour * hour_s),
                            request_.value_columns[column], previous, following),
                fmt::format("needed: one value an hour over the run, {} to {}; {}", text_of(0),
                            text_of((request_.hours - 1) * hour_s), mend));
  }

  const HourlyFileRequest& request_;
  models::FaultList faults_;
  std::size_t cells_in_header_ = 0;
  std::size_t time_index_ = 0;
  std::vector<std::size_t> value_indexes_;
  std::vector<Row> rows_;  ///< of the run and a day to either side
  bool clock_reported_ = false;
  bool any_ = false;
  std::int64_t first_s_ = 0;
  std::int64_t last_s_ = 0;
};

}  // namespace

HourlyColumns read_hourly_file(std::string_view text, const HourlyFileRequest& request) {
  return HourlyReader(request).read(text);
}

}  // namespace fleetwatt::scenarios
