#include "analysis/sweep/check_grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "scenarios/loader/toml_reader.hpp"
#include "scenarios/schema/tables.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr std::size_t most_loads = 1000;  ///< of all combinations, or of an axis; about 2 ms each
constexpr std::size_t most_faults_told = 20;

bool is_checked_by_range(const Axis& axis) {
  return axis.values.size() > most_loads && !axis.numbers.empty();
}

/// The values of an axis that are loaded: all, or a thousand evenly spaced ones with both ends.
std::vector<std::size_t> values_to_load(const Axis& axis) {
  const std::size_t count = is_checked_by_range(axis) ? most_loads : axis.values.size();
  std::vector<std::size_t> values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = count == axis.values.size() ? i : i * (axis.values.size() - 1) / (count - 1);
  return values;
}

std::vector<std::size_t> runs_to_load(const Grid& grid) {
  std::set<std::size_t> runs;
  if (grid.size() <= most_loads) {
    for (std::size_t run = 0; run < grid.size(); ++run) runs.insert(run);
  } else {
    std::size_t stride = grid.size();
    for (const auto& axis : grid.axes()) {
      stride /= axis.values.size();
      for (const std::size_t value : values_to_load(axis)) runs.insert(value * stride);
    }
  }
  return {runs.begin(), runs.end()};
}

/// Gathers faults, each once.
class Faults {
 public:
  void add(sim::Diagnostic fault) {
    if (seen_.emplace(fault.place.file, fault.place.line, fault.place.column, fault.message).second)
      found_.push_back(std::move(fault));
  }

  void require_none() {
    if (found_.empty()) return;
    if (found_.size() > most_faults_told) {
      sim::Diagnostic rest;
      rest.place.file = "--vary";
      rest.message = fmt::format("{} more faults", found_.size() - most_faults_told);
      found_.resize(most_faults_told);
      found_.push_back(std::move(rest));
    }
    throw sim::InputError(std::move(found_));
  }

 private:
  std::vector<sim::Diagnostic> found_;
  std::set<std::tuple<std::string, int, int, std::string>> seen_;
};

/// Each number as its key reads it, without the rest of the scenario.
void check_ranges(const Axis& axis, Faults& faults) {
  const scenarios::FieldSpec& field = *scenarios::find_field(axis.path).field;
  for (const auto& value : axis.values) {
    scenarios::Diagnostics diagnostics;
    scenarios::ReadContext context{diagnostics, axis.path};
    const scenarios::Origin origin{
        scenarios::OriginKind::command_line, {vary_option(axis.path + "=" + value), 0, 0}, 1};
    const scenarios::Node node = scenarios::read_toml_value(value, origin);
    if (field.kind == scenarios::ValueKind::integer)
      static_cast<void>(scenarios::read_integer(node, field.options, context));
    else
      static_cast<void>(scenarios::read_number(node, field.options, context));
    try {
      diagnostics.require_none();
    } catch (const sim::InputError& error) {
      for (const auto& fault : error.diagnostics()) faults.add(fault);
    }
  }
}

}  // namespace

std::vector<std::string> overrides_of(const std::vector<std::string>& overrides, const Grid& grid, std::size_t run) {
  auto all = overrides;
  for (auto& text : grid.overrides(run)) all.push_back(std::move(text));
  return all;
}

sim::Diagnostic told_of_grid(sim::Diagnostic diagnostic, const Grid& grid, std::size_t run) {
  for (const auto& text : grid.overrides(run)) {
    if (diagnostic.place.file == "--set " + text) diagnostic.place.file = vary_option(text);
  }
  return diagnostic;
}

void check_grid(const scenarios::ScenarioFiles& files, const std::vector<std::string>& overrides, const Grid& grid,
                sim::ThreadTeam& team, const std::atomic<bool>* stop) {
  const auto runs = runs_to_load(grid);
  std::vector<std::vector<sim::Diagnostic>> found(runs.size());
  team.parallel_for(runs.size(), [&](std::size_t i) {
    if (stop != nullptr && stop->load()) return;
    try {
      static_cast<void>(scenarios::load_scenario(files, overrides_of(overrides, grid, runs[i])));
    } catch (const sim::InputError& error) {
      for (const auto& diagnostic : error.diagnostics()) found[i].push_back(told_of_grid(diagnostic, grid, runs[i]));
    }
  });
  if (stop != nullptr && stop->load()) throw sim::Interrupted();
  Faults faults;
  for (const auto& of_run : found) {
    for (const auto& fault : of_run) faults.add(fault);
  }
  for (const auto& axis : grid.axes()) {
    if (is_checked_by_range(axis)) check_ranges(axis, faults);
  }
  faults.require_none();
}

}  // namespace fleetwatt::analysis
