#include "analysis/sweep/sweep_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/quantities.hpp"
#include "analysis/results/version.hpp"
#include "analysis/results/writer.hpp"

namespace fleetwatt::analysis {

namespace {

std::string lines(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, "\n"));
}

void add_dimensions(Hdf5Image& file, const Sweep& sweep, const SweepResults& results) {
  std::vector<std::int64_t> numbers(sweep.grid.size());
  for (std::size_t run = 0; run < numbers.size(); ++run) numbers[run] = static_cast<std::int64_t>(run);
  file.add_dimension("run", numbers);
  file.add_attribute("run", "long_name", std::string("number of the run, the last varied path fastest"));
  for (std::size_t i = 0; i < entity_dimensions.size(); ++i)
    file.add_dimension(std::string(entity_dimensions[i]), results.labels[i]);
}

/// Hours of the calendar; where runs begin at different times, hours since the start of each.
std::string add_hours(Hdf5Image& file, const SweepResults& results) {
  if (results.start) {
    add_time(file, *results.start, results.hours);
    return "time";
  }
  std::vector<std::int64_t> hours(static_cast<std::size_t>(results.hours));
  for (std::size_t hour = 0; hour < hours.size(); ++hour) hours[hour] = static_cast<std::int64_t>(hour);
  file.add_dimension("hour", hours);
  file.add_attribute("hour", "long_name", std::string("whole hours since the start of the run"));
  return "hour";
}

void add_axes(Hdf5Image& file, const Grid& grid) {
  std::vector<std::string> names;
  for (std::size_t axis = 0; axis < grid.axes().size(); ++axis) {
    const Axis& described = grid.axes()[axis];
    const std::string& name = names.emplace_back(axis_variable(described.path));
    std::vector<double> numbers;
    std::vector<std::string> texts;
    for (std::size_t run = 0; run < grid.size(); ++run) {
      const std::size_t value = grid.at(run)[axis];
      if (described.numbers.empty())
        texts.push_back(described.values[value]);
      else
        numbers.push_back(described.numbers[value]);
    }
    if (described.numbers.empty())
      file.add_variable(name, {"run"}, texts);
    else
      file.add_variable(name, {"run"}, std::span<const double>(numbers));
    file.add_attribute(name, "path", described.path);
  }
  file.add_attribute("", "coordinates", fmt::format("{}", fmt::join(names, " ")));
}

void describe(Hdf5Image& file, const std::string& variable, std::string_view unit, std::string_view long_name) {
  file.add_attribute(variable, "units", std::string(unit));
  file.add_attribute(variable, "long_name", std::string(long_name));
}

void add_totals(Hdf5Image& file, const SweepResults& results) {
  for (std::size_t q = 0; q < quantities().size(); ++q) {
    const Quantity& quantity = quantities()[q];
    Dimensions dimensions = {"run"};
    if (quantity.dimension != "total") dimensions.emplace_back(quantity.dimension);
    const std::string name(quantity.variable);
    file.add_variable(name, dimensions, std::span<const double>(results.totals[q]));
    describe(file, name, quantity.unit, quantity.meaning);
  }
}

void add_series(Hdf5Image& file, const Sweep& sweep, const SweepResults& results, const std::string& hours) {
  for (std::size_t s = 0; s < sweep.chosen.size(); ++s) {
    const Variable& variable = *sweep.chosen[s];
    Dimensions dimensions = {"run", hours};
    if (!variable.dimension.empty()) dimensions.emplace_back(variable.dimension);
    const std::string name(variable.name);
    file.add_variable(name, dimensions, std::span<const double>(results.series[s]));
    describe(file, name, variable.unit, variable.long_name);
    file.add_attribute(name, "cell_methods", std::string(variable.cell_methods));
  }
}

void add_texts(Hdf5Image& file, const SweepResults& results) {
  file.add_variable("error", {"run"}, results.errors);
  file.add_attribute("error", "long_name", std::string("why the run failed; empty where it did not"));
  file.add_variable("flags", {"run"}, results.flags);
  file.add_attribute("flags", "long_name", std::string("where the run left its models' ground, a line each"));
}

void add_attributes(Hdf5Image& file, const Sweep& sweep, const SweepResults& results) {
  file.add_attribute("", "Conventions", std::string("CF-1.10"));
  file.add_attribute("", "format", std::string(sweep_format));
  file.add_attribute("", "title", sweep.title);
  file.add_attribute("", "source", fmt::format("fleetwatt {}", version()));
  if (sweep.seed) file.add_attribute("", "seed", *sweep.seed);
  file.add_attribute("", "scenario", sweep.scenario_text);
  file.add_attribute("", "overrides", lines(sweep.overrides));
  std::vector<std::string> axes;
  for (const auto& axis : sweep.grid.axes()) axes.push_back(axis_text(axis));
  file.add_attribute("", "axes", lines(axes));
  file.add_attribute("", "inputs", lines(results.inputs));
}

}  // namespace

std::string axis_variable(const std::string& path) {
  std::string name = path;
  for (char& c : name) {
    if (c == '/' || c == ' ' || c == '\t') c = '_';
  }
  return name;
}

std::string axis_text(const Axis& axis) {
  return fmt::format("{}=[{}]", axis.path, fmt::join(axis.values, ", "));
}

std::vector<std::byte> sweep_image(const Sweep& sweep, const SweepResults& results) {
  Hdf5Image file;
  add_dimensions(file, sweep, results);
  if (!sweep.chosen.empty()) add_series(file, sweep, results, add_hours(file, results));
  add_axes(file, sweep.grid);
  add_totals(file, results);
  add_texts(file, results);
  add_attributes(file, sweep, results);
  return file.bytes();
}

}  // namespace fleetwatt::analysis
