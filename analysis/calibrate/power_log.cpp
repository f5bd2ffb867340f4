#include "analysis/calibrate/power_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "analysis/calibrate/log_table.hpp"
#include "sim/units.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr std::array<std::string_view, 8> time_names = {"time_s",   "time_seconds", "timestamp", "timestamp_s",
                                                        "datetime", "timestamp_ms", "time_ms",   "time"};
constexpr std::array<std::string_view, 9> power_names = {"power_w",
                                                         "power_watts",
                                                         "watts",
                                                         "power.draw [W]",
                                                         "power.draw",
                                                         "power.draw.average [W]",
                                                         "power.draw.instant [W]",
                                                         "power_kw",
                                                         "power [W]"};
constexpr ColumnRole time_role = {"times", time_names};
constexpr ColumnRole power_role = {"power", power_names};

/// `412.3 W`, `4.1 kW` or a bare number in watts per `unit_w`. Megawatts and milliwatts differ in a letter's case
/// alone, which tools do not keep, so neither is read.
std::optional<double> power_w_of(std::string_view cell, double unit_w) {
  const std::size_t digits_end = cell.find_last_of("0123456789.");
  if (digits_end == std::string_view::npos) return std::nullopt;
  std::string_view unit = cell.substr(digits_end + 1);
  unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
  if (unit == "W")
    unit_w = 1.0;
  else if (unit == "kW")
    unit_w = sim::w_from_kw(1.0);
  else if (!unit.empty())
    return std::nullopt;
  const auto value = models::number_of(cell.substr(0, digits_end + 1));
  if (!value) return std::nullopt;
  return *value * unit_w;
}

class PowerLogReader {
 public:
  explicit PowerLogReader(const std::string& file_name) : column_faults_(file_name), faults_(file_name) {}

  PowerLog read(const std::string& text, const PowerLogColumns& named) {
    const LogTable table = read_log_table(text, faults_);
    if (faults_.empty() && table.rows.empty())
      faults_.add(0, "the log has no samples", "at least one row below the header");
    if (table.columns.empty() || table.rows.empty()) faults_.require_none();
    const auto time = find(table, named.time, time_role);
    const auto power = find(table, named.power, power_role);
    column_faults_.require_none();
    for (const auto& row : table.rows) read_row(row, *time, *power);
    faults_.require_none();
    return std::move(log_);
  }

 private:
  std::optional<LogColumn> find(const LogTable& table, const std::string& named, const ColumnRole& role) {
    auto column = find_column(table, named, role, column_faults_);
    if (!column && named.empty()) add_not_recognised(table, role, column_faults_);
    return column;
  }

  void read_row(const LogRow& row, const LogColumn& time, const LogColumn& power) {
    const auto time_s = read_moment_s(time, row, faults_);
    const auto power_w = read_power_w(row, power);
    if (!time_s || !power_w) return;
    if (!log_.samples.empty() && *time_s <= log_.samples.back().time_s) {
      const bool equal = *time_s == log_.samples.back().time_s;
      faults_.add(
          row.line,
          fmt::format("`{}` in `{}` is {} the time above it", time.of(row), time.name, equal ? "also" : "before"),
          equal ? "one row a time: sum the rows of several GPUs, or remove one" : "sort the log by time");
      return;
    }
    log_.samples.push_back({*time_s, *power_w});
  }

  std::optional<double> read_power_w(const LogRow& row, const LogColumn& column) {
    const std::string_view cell = column.of(row);
    const double unit_w = lower_case(column.name).ends_with("_kw") ? sim::w_from_kw(1.0) : 1.0;
    const auto power_w = power_w_of(cell, unit_w);
    if (power_w && *power_w >= 0.0) return power_w;
    const std::string found = cell.empty() ? fmt::format("no value in `{}`", column.name)
                                           : fmt::format("`{}` in `{}` is not a power", cell, column.name);
    faults_.add(
        row.line, found,
        "0 or more, in W, or with the unit as in `412.3 W` or `4.1 kW`; without a reading remove the row, a gap "
        "carries no weight");
    return std::nullopt;
  }

  models::FaultList column_faults_;  ///< without its columns no row can be read
  models::FaultList faults_;
  PowerLog log_;
};

struct Covered {
  double time_s = 0.0;
  double energy_j = 0.0;
};

Covered cover(const PowerLog& log, double from_s, double to_s, double longest_gap_s) {
  const auto& samples = log.samples;
  Covered covered;
  const auto after_from = std::ranges::upper_bound(samples, from_s, {}, &PowerSample::time_s);
  auto sample = after_from == samples.begin() ? after_from : std::prev(after_from);
  for (; sample != samples.end() && sample->time_s < to_s; ++sample) {
    const auto next = std::next(sample);
    double end_s = std::min(to_s, sample->time_s + longest_gap_s);
    if (next != samples.end()) end_s = std::min(end_s, next->time_s);
    const double held_s = std::max(0.0, end_s - std::max(from_s, sample->time_s));
    covered.time_s += held_s;
    covered.energy_j += held_s * sample->power_w;
  }
  return covered;
}

}  // namespace

PowerLog read_power_log(const std::string& text, const std::string& file_name, const PowerLogColumns& columns) {
  return PowerLogReader(file_name).read(text, columns);
}

double mean_power_w(const PowerLog& log, double from_s, double to_s, double longest_gap_s) {
  const Covered covered = cover(log, from_s, to_s, longest_gap_s);
  if (covered.time_s <= 0.0) return std::numeric_limits<double>::quiet_NaN();
  return covered.energy_j / covered.time_s;
}

double covered_s(const PowerLog& log, double from_s, double to_s, double longest_gap_s) {
  return cover(log, from_s, to_s, longest_gap_s).time_s;
}

}  // namespace fleetwatt::analysis
