#include "analysis/sweep/check_grid.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "analysis/results/input_paths.hpp"
#include "analysis/sweep/axis_overlap.hpp"
#include "scenarios/loader/show_scenario.hpp"
#include "scenarios/loader/toml_reader.hpp"
#include "scenarios/schema/tables.hpp"
#include "sim/random_stream.hpp"

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

/// What one combination came to.
struct Loaded {
  std::vector<sim::Diagnostic> faults;
  std::uint64_t values_hash = 0;  ///< of all values in force
  std::vector<std::string> input_paths;
};

std::uint64_t hash_of_values(const scenarios::LoadedScenario& loaded) {
  std::string text;
  for (const auto& shown : scenarios::show_scenario(loaded)) text += shown.path + "=" + shown.value + "\n";
  return sim::hash_of(text);
}

Loaded load_run(const scenarios::ScenarioFiles& files, const std::vector<std::string>& overrides, const Grid& grid,
                std::size_t run) {
  Loaded result;
  try {
    const auto loaded = scenarios::load_scenario(files, overrides_of(overrides, grid, run));
    result.values_hash = hash_of_values(loaded);
    result.input_paths = input_paths(loaded);
  } catch (const sim::InputError& error) {
    for (const auto& diagnostic : error.diagnostics()) result.faults.push_back(told_of_grid(diagnostic, grid, run));
  }
  return result;
}

std::string combination_text(const Grid& grid, std::size_t run) {
  return fmt::format("{}", fmt::join(grid.overrides(run), ", "));
}

/// A fault that stands at no value of the grid names the combination that it comes of, but for one that all have.
void add_faults(const Grid& grid, const std::vector<std::size_t>& runs, const std::vector<Loaded>& loaded,
                Faults& faults) {
  using Key = std::tuple<std::string, int, int, std::string>;
  const auto key_of = [](const sim::Diagnostic& fault) {
    return Key(fault.place.file, fault.place.line, fault.place.column, fault.message);
  };
  std::map<Key, std::size_t> counts;
  for (const auto& run : loaded) {
    for (const auto& fault : run.faults) ++counts[key_of(fault)];
  }
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (auto fault : loaded[i].faults) {
      const auto found = counts.find(key_of(fault));
      if (found == counts.end()) continue;  // told with another combination
      const std::size_t times = found->second;
      counts.erase(found);
      if (!fault.place.file.starts_with("--vary ") && times < runs.size()) {
        fault.message += fmt::format(" (with {}", combination_text(grid, runs[i]));
        if (times > 1) fault.message += fmt::format(", and in {} more combinations", times - 1);
        fault.message += ")";
      }
      faults.add(std::move(fault));
    }
  }
}

sim::Diagnostic grid_fault(const std::string& place, std::string message, std::string mend) {
  return {{place, 0, 0}, std::move(message), "", 1, std::move(mend)};
}

void add_overlaps(const Grid& grid, const scenarios::Node& document, Faults& faults) {
  const auto& axes = grid.axes();
  for (std::size_t b = 0; b < axes.size(); ++b) {
    for (std::size_t a = 0; a < b; ++a) {
      if (!overlap(axes[a], axes[b], document)) continue;
      faults.add(grid_fault(vary_option(axes[b].path),
                            fmt::format("`{}` and `{}` set the same value, and the later one would win in every run",
                                        axes[a].path, axes[b].path),
                            "vary each value by one axis"));
    }
  }
}

/// Two values of one axis that mean the same: `24` and `24.0`.
void add_equal_numbers(const Axis& axis, Faults& faults) {
  std::map<double, std::size_t> first;
  for (std::size_t i = 0; i < axis.numbers.size(); ++i) {
    const auto [known, is_new] = first.try_emplace(axis.numbers[i], i);
    if (!is_new) {
      faults.add(grid_fault(vary_option(axis.path),
                            fmt::format("`{}` and `{}` are the same value", axis.values[known->second], axis.values[i]),
                            "leave one out"));
    }
  }
}

void add_equal_runs(const Grid& grid, const std::vector<std::size_t>& runs, const std::vector<Loaded>& loaded,
                    Faults& faults) {
  for (const auto& axis : grid.axes()) {
    if (is_checked_by_range(axis)) add_equal_numbers(axis, faults);
  }
  std::map<std::uint64_t, std::size_t> first;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!loaded[i].faults.empty()) continue;
    const auto [known, is_new] = first.try_emplace(loaded[i].values_hash, runs[i]);
    if (is_new) continue;
    const auto a = grid.at(known->second);
    const auto b = grid.at(runs[i]);
    std::vector<std::size_t> differing;
    for (std::size_t axis = 0; axis < a.size(); ++axis) {
      if (a[axis] != b[axis]) differing.push_back(axis);
    }
    if (differing.size() == 1) {
      const Axis& axis = grid.axes()[differing.front()];
      faults.add(grid_fault(vary_option(axis.path),
                            fmt::format("`{}` and `{}` are the same value, or one that nothing depends on",
                                        axis.values[a[differing.front()]], axis.values[b[differing.front()]]),
                            "leave one out"));
    } else {
      faults.add(grid_fault("--vary",
                            fmt::format("two runs would be the same scenario: {}; and {}",
                                        combination_text(grid, known->second), combination_text(grid, runs[i])),
                            "vary each value by one axis"));
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

CheckedGrid check_grid(const scenarios::ScenarioFiles& files, const std::vector<std::string>& overrides,
                       const Grid& grid, Impossible impossible, sim::ThreadTeam& team, const std::atomic<bool>* stop) {
  const auto runs = runs_to_load(grid);
  std::vector<Loaded> loaded(runs.size());
  team.parallel_for(runs.size(), [&](std::size_t i) {
    if (stop != nullptr && stop->load()) return;
    loaded[i] = load_run(files, overrides, grid, runs[i]);
  });
  if (stop != nullptr && stop->load()) throw sim::Interrupted();
  const auto first = std::ranges::find_if(loaded, [](const Loaded& run) { return run.faults.empty(); });
  Faults faults;
  if (impossible == Impossible::refuse || first == loaded.end()) {
    add_faults(grid, runs, loaded, faults);
    for (const auto& axis : grid.axes()) {
      if (is_checked_by_range(axis)) check_ranges(axis, faults);
    }
  }
  faults.require_none();
  CheckedGrid checked;
  checked.first_run = runs[static_cast<std::size_t>(first - loaded.begin())];
  for (auto& run : loaded) {
    for (auto& path : run.input_paths) {
      if (std::ranges::find(checked.input_paths, path) == checked.input_paths.end())
        checked.input_paths.push_back(std::move(path));
    }
  }
  add_overlaps(grid, scenarios::load_scenario(files, overrides_of(overrides, grid, checked.first_run)).document,
               faults);
  faults.require_none();
  add_equal_runs(grid, runs, loaded, faults);
  faults.require_none();
  return checked;
}

}  // namespace fleetwatt::analysis
