#include "analysis/sweep/sweep_summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "analysis/results/figures.hpp"
#include "analysis/results/quantities.hpp"
#include "analysis/results/version.hpp"
#include "analysis/sweep/shown_columns.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr std::size_t most_rows = 20;
constexpr std::size_t most_failures = 5;

std::string runs_text(std::size_t runs) {
  return fmt::format("{} run{}", count(static_cast<double>(runs)), runs == 1 ? "" : "s");
}

std::string run_table(const Sweep& sweep, const SweepResults& results, const ShownRuns& shown, const Screen& screen) {
  const auto quantities = shown_columns(results, shown.quantities);
  std::vector<Column> columns = {{"run"}};
  for (const auto& axis : sweep.grid.axes())
    columns.push_back({axis.path, axis.numbers.empty() ? Align::left : Align::right});
  for (const auto& quantity : quantities)
    columns.push_back({quantity.unit.empty() ? quantity.path : quantity.path + " " + quantity.unit});
  const std::size_t count = shown.all ? sweep.grid.size() : std::min(sweep.grid.size(), most_rows);
  std::vector<std::vector<std::string>> rows;
  for (std::size_t run = 0; run < count; ++run) {
    auto& row = rows.emplace_back(std::vector{fmt::format("{}", run)});
    const auto values = sweep.grid.at(run);
    for (std::size_t axis = 0; axis < values.size(); ++axis)
      row.push_back(sweep.grid.axes()[axis].values[values[axis]]);
    for (const auto& quantity : quantities)
      row.push_back(results.errors[run].empty() ? figure(quantity.values[run]) : "failed");
  }
  const std::string text = table(columns, rows, screen);
  return count == sweep.grid.size()
             ? text
             : fmt::format("{}... and {} more: --all\n", text, runs_text(sweep.grid.size() - count));
}

std::string failure_lines(const Sweep& sweep, const SweepResults& results, bool all) {
  const std::size_t failures = results.failures();
  if (failures == 0) return "failed   none\n";
  std::string text = fmt::format("failed   {} of {}\n", runs_text(failures), results.errors.size());
  std::size_t told = 0;
  for (std::size_t run = 0; run < results.errors.size() && (all || told < most_failures); ++run) {
    const std::string& error = results.errors[run];
    if (error.empty()) continue;
    text += fmt::format("         run {} ({}): {}\n", run, fmt::join(sweep.grid.overrides(run), ", "),
                        error.substr(0, error.find('\n')));
    ++told;
  }
  return failures > told ? text + "         ...\n" : text;
}

std::string flag_line(const SweepResults& results) {
  const auto flagged =
      static_cast<std::size_t>(std::ranges::count_if(results.flags, [](const auto& flags) { return !flags.empty(); }));
  return flagged == 0 ? "" : fmt::format("flags    in {}: variable `flags` of the file\n", runs_text(flagged));
}

std::string written_line(const Execution& execution) {
  return fmt::format("wrote    {}, {:.2f} MB\n", execution.written,
                     static_cast<double>(execution.written_bytes) * 1e-6);
}

/// `site.dallas.pue`: value, by path, of one run.
nlohmann::ordered_json quantities_of(const SweepResults& results, std::size_t run) {
  auto json = nlohmann::ordered_json::object();
  for (std::size_t q = 0; q < quantities().size(); ++q) {
    const Quantity& quantity = quantities()[q];
    const std::size_t index = dimension_index(quantity.dimension);
    const std::size_t width = results.entities_of(quantity.dimension);
    for (std::size_t i = 0; i < width; ++i) {
      std::string path(quantity.dimension);
      if (index < results.labels.size()) path += "." + results.labels[index][i];
      const double value = results.totals[q][run * width + i];
      json[path + "." + std::string(quantity.key)] = {
          {"value", std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr)},
          {"unit", quantity.unit}};
    }
  }
  return json;
}

nlohmann::ordered_json inputs_of(const Grid& grid, std::size_t run) {
  auto json = nlohmann::ordered_json::object();
  const auto values = grid.at(run);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Axis& axis = grid.axes()[i];
    if (axis.numbers.empty())
      json[axis.path] = axis.values[values[i]];
    else
      json[axis.path] = axis.numbers[values[i]];
  }
  return json;
}

}  // namespace

std::string sweep_text(const Sweep& sweep, const SweepResults& results, const Execution& execution,
                       const ShownRuns& shown, const Screen& screen) {
  const std::string text =
      fmt::format("{}: a sweep of {}; {} thread{}, {:.1f} s\n\n", sweep.title, runs_text(sweep.grid.size()),
                  execution.threads, execution.threads == 1 ? "" : "s", execution.wall_s) +
      run_table(sweep, results, shown, screen) + "\n" + failure_lines(sweep, results, shown.all) + flag_line(results) +
      written_line(execution);
  return wrapped(text, screen);
}

nlohmann::ordered_json sweep_json(const Sweep& sweep, const SweepResults& results, const Execution& execution) {
  nlohmann::ordered_json json;
  json["title"] = sweep.title;
  json["version"] = std::string(version());
  json["execution"] = {{"wall_s", execution.wall_s}, {"threads", execution.threads}, {"written", execution.written}};
  json["runs"] = sweep.grid.size();
  json["failed"] = results.failures();
  json["results"] = nlohmann::ordered_json::array();
  for (std::size_t run = 0; run < sweep.grid.size(); ++run) {
    nlohmann::ordered_json entry = {{"run", run}, {"inputs", inputs_of(sweep.grid, run)}};
    if (results.errors[run].empty())
      entry["quantities"] = quantities_of(results, run);
    else
      entry["error"] = results.errors[run];
    json["results"].push_back(std::move(entry));
  }
  return json;
}

}  // namespace fleetwatt::analysis
