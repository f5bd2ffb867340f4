#include "analysis/calibrate/log_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "sim/calendar.hpp"
#include "sim/units.hpp"

namespace fleetwatt::analysis {

namespace {

/// Seconds that reach beyond the year 5000: such a number counts milliseconds or less.
constexpr double latest_moment_s = 1e11;

std::string cell_of(const nlohmann::ordered_json& value) {
  if (value.is_null()) return {};
  return value.is_string() ? value.get<std::string>() : value.dump();
}

LogTable read_json_lines(const std::vector<models::TextLine>& lines, models::FaultList& faults) {
  LogTable table;
  std::map<std::string, std::size_t> index_of;
  for (const auto& line : lines) {
    const auto object = nlohmann::ordered_json::parse(line.text, nullptr, false);
    if (!object.is_object()) {
      faults.add(line.number, "the line is not a JSON object",
                 "write one object a line; JSON has no NaN or Infinity: write null");
      continue;
    }
    LogRow row{line.number, std::vector<std::string>(table.columns.size())};
    for (const auto& [key, value] : object.items()) {
      const auto [found, is_new] = index_of.emplace(key, table.columns.size());
      if (is_new) {
        table.columns.push_back(key);
        row.cells.emplace_back();
      }
      row.cells[found->second] = cell_of(value);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

LogTable read_csv(const std::vector<models::TextLine>& lines, models::FaultList& faults) {
  LogTable table;
  table.columns = models::cells_of(lines.front().text);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    LogRow row{lines[i].number, models::cells_of(lines[i].text)};
    if (row.cells.size() == table.columns.size()) {
      table.rows.push_back(std::move(row));
    } else {
      faults.add(row.line, fmt::format("{} fields, the header has {}", row.cells.size(), table.columns.size()),
                 "mend or remove the row");
    }
  }
  return table;
}

/// What was found in place of a value.
std::string found_in(const LogColumn& column, std::string_view cell, std::string_view expected) {
  if (cell.empty()) return fmt::format("no value in `{}`", column.name);
  return fmt::format("`{}` in `{}` is not {}", cell, column.name, expected);
}

/// nvidia-smi separates the days by slashes.
std::optional<double> date_s(std::string_view cell) {
  std::string text(cell);
  if (text.size() > 7 && text[4] == '/' && text[7] == '/') text[4] = text[7] = '-';
  const auto time = sim::parse_time(text);
  if (!time) return std::nullopt;
  return static_cast<double>(time->time.value) + static_cast<double>(time->nanoseconds) * 1e-9;
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

LogTable read_log_table(std::string_view text, models::FaultList& faults) {
  const auto lines = models::lines_of(text, '#');
  if (lines.empty()) {
    faults.add(0, "the log is empty", "a header line and rows, or JSON objects, one a line");
    return {};
  }
  const std::string_view first = lines.front().text;
  const char opening = first[first.find_first_not_of(" \t")];
  if (opening == '[') {
    faults.add(lines.front().number, "the log is a JSON array", "write its objects one a line, as `jq -c '.[]'` does");
    return {};
  }
  return opening == '{' ? read_json_lines(lines, faults) : read_csv(lines, faults);
}

std::string_view LogColumn::of(const LogRow& row) const {
  return index < row.cells.size() ? std::string_view(row.cells[index]) : std::string_view();
}

double LogColumn::unit_s() const {
  const std::string lower = lower_case(name);
  if (lower.ends_with("_ms")) return sim::s_from_ms(1.0);
  if (lower.ends_with("_us")) return sim::s_from_us(1.0);
  if (lower.ends_with("_ns")) return 1e-9;
  return 1.0;
}

std::optional<LogColumn> find_column(const LogTable& table, const std::string& named, const ColumnRole& role,
                                     models::FaultList& faults) {
  const auto find = [&](const auto& matches) -> std::optional<LogColumn> {
    const auto found = std::ranges::find_if(table.columns, matches);
    if (found == table.columns.end()) return std::nullopt;
    if (std::ranges::count(table.columns, *found) > 1)
      faults.add(0, fmt::format("the log has more than one column `{}`", *found), "give each a name of its own");
    return LogColumn{static_cast<std::size_t>(found - table.columns.begin()), *found};
  };
  if (!named.empty()) {
    auto column = find([&](const std::string& name) { return name == named; });
    if (!column) {
      faults.add(0, fmt::format("the log has no column `{}` for the {}", named, role.meaning),
                 fmt::format("it has {}", fmt::join(table.columns, ", ")));
    }
    return column;
  }
  for (const std::string_view known : role.well_known) {
    const std::string lower = lower_case(known);
    if (auto column = find([&](const std::string& name) { return lower_case(name) == lower; })) return column;
  }
  return std::nullopt;
}

void add_not_recognised(const LogTable& table, const ColumnRole& role, models::FaultList& faults) {
  faults.add(0, fmt::format("no column is recognised as the {}", role.meaning),
             fmt::format("name it, or call it one of {}; the log has {}", fmt::join(role.well_known, ", "),
                         fmt::join(table.columns, ", ")));
}

std::optional<double> read_moment_s(const LogColumn& column, const LogRow& row, models::FaultList& faults) {
  const std::string_view cell = column.of(row);
  if (const auto value = models::number_of(cell)) {
    const double moment_s = *value * column.unit_s();
    if (std::fabs(moment_s) <= latest_moment_s) return moment_s;
    faults.add(row.line, fmt::format("`{}` in `{}` is too large for a time in seconds", cell, column.name),
               "write seconds, or end the column's name in _ms, _us or _ns");
    return std::nullopt;
  }
  if (const auto moment_s = date_s(cell)) return moment_s;
  faults.add(row.line, found_in(column, cell, "a time"), "seconds, or a date as in 2024-07-15T01:00:00.25Z");
  return std::nullopt;
}

std::optional<double> read_duration_s(const LogColumn& column, const LogRow& row, models::FaultList& faults) {
  const std::string_view cell = column.of(row);
  if (const auto value = models::number_of(cell)) return *value * column.unit_s();
  faults.add(row.line, found_in(column, cell, "a number"), "a length of time in seconds");
  return std::nullopt;
}

}  // namespace fleetwatt::analysis
