#include "analysis/sweep/run_sweep.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <mutex>

#include "analysis/results/atomic_file.hpp"
#include "analysis/results/figures.hpp"
#include "analysis/results/output_path.hpp"
#include "analysis/results/quantities.hpp"
#include "analysis/results/version.hpp"
#include "analysis/results/writer.hpp"
#include "analysis/run/run_scenario.hpp"
#include "analysis/sweep/check_grid.hpp"
#include "analysis/sweep/shown_columns.hpp"
#include "analysis/sweep/sweep_file.hpp"
#include "scenarios/schema/nearest.hpp"
#include "sim/parallel_for.hpp"
#include "sim/random_stream.hpp"

namespace fleetwatt::analysis {

namespace {

// The results are put together in memory, at their end about three times their size.
constexpr double most_series_bytes = 2e9;

[[noreturn]] void refuse(const std::string& option, std::string message, std::string mend) {
  sim::Diagnostic diagnostic;
  diagnostic.place.file = option;
  diagnostic.message = std::move(message);
  diagnostic.mend = std::move(mend);
  throw sim::InputError(std::move(diagnostic));
}

ChosenSeries chosen_series(const std::vector<std::string>& names) {
  ChosenSeries chosen;
  std::vector<std::string> known;
  for (const auto& variable : variables()) known.emplace_back(variable.name);
  for (const auto& name : names) {
    const Variable* variable = find_variable(name);
    if (variable == nullptr)
      refuse("--series " + name, fmt::format("no hourly variable `{}`", name), scenarios::suggestion(name, known));
    if (std::ranges::find(chosen, variable) == chosen.end()) chosen.push_back(variable);
  }
  return chosen;
}

/// What the first run will have, before it runs.
struct FirstRun {
  std::vector<std::string> inputs;
  double series_bytes = 0.0;
};

/// A first run that cannot be built fails like any other: then nothing is known.
FirstRun look_at_first_run(scenarios::LoadedScenario loaded, const ChosenSeries& chosen) {
  FirstRun first;
  try {
    const auto built = scenarios::build_fleet(loaded);
    first.inputs = input_lines(built);
    for (const Variable* variable : chosen) {
      std::size_t entities = 1;
      if (variable->dimension == "site") entities = built.fleet.sites.size();
      if (variable->dimension == "region") entities = built.fleet.regions.size();
      if (variable->dimension == "service") entities = built.fleet.services.size();
      if (variable->dimension == "cluster") entities = built.fleet.clusters.size();
      first.series_bytes += static_cast<double>(built.fleet.hours) * static_cast<double>(entities) * sizeof(double);
    }
  } catch (const sim::InputError&) {
    first = {};
  } catch (const sim::IoError&) {
    first = {};
  }
  return first;
}

void check_size(const Grid& grid, const FirstRun& first) {
  const double bytes = static_cast<double>(grid.size()) * first.series_bytes;
  if (bytes <= most_series_bytes) return;
  refuse(
      "--series",
      fmt::format("hourly series of {} runs take {} GB", count(static_cast<double>(grid.size())), figure(bytes * 1e-9)),
      fmt::format("at most {} GB: fewer series, fewer runs, or shorter ones", figure(most_series_bytes * 1e-9)));
}

std::string hash_text(const std::string& text) {
  return fmt::format("{:016x}", sim::hash_of(text));
}

/// What a side file says of the sweep that it belongs to, in words that a refusal can quote.
nlohmann::ordered_json identity_of(const Sweep& sweep, const FirstRun& first) {
  nlohmann::ordered_json identity;
  identity["format"] = "fleetwatt sweep partial 2";
  identity["version"] = std::string(version());
  identity["build"] = build_hash();
  identity["scenario"] = fmt::format("{} (hash {})", sweep.title, hash_text(sweep.scenario_text));
  identity["overrides"] = sweep.overrides;
  identity["axes"] = nlohmann::ordered_json::array();
  for (const auto& axis : sweep.grid.axes()) identity["axes"].push_back(axis_text(axis));
  identity["series"] = nlohmann::ordered_json::array();
  for (const Variable* variable : sweep.chosen) identity["series"].push_back(variable->name);
  identity["inputs"] = first.inputs;
  std::string registry;
  for (const auto& quantity : quantities()) registry += std::string(quantity.variable) + "\n";
  identity["quantities"] = hash_text(registry);
  return identity;
}

/// Runs points of the grid and appends them to the side file.
class Runner {
 public:
  Runner(const SweepOptions& options, const scenarios::ScenarioFiles& files, const Sweep& sweep, PartialFile& partial)
      : options_(options), files_(files), sweep_(sweep), partial_(partial) {}

  void run_all(sim::ThreadTeam& team) {
    const auto finished = partial_.finished(sweep_.grid.size());
    std::vector<std::size_t> pending;
    for (std::size_t run = 0; run < finished.size(); ++run) {
      if (!finished[run]) pending.push_back(run);
    }
    done_ = finished.size() - pending.size();
    tell_progress();
    team.parallel_for(pending.size(), [&](std::size_t i) { run_one(pending[i]); });
  }

 private:
  [[nodiscard]] bool is_to_stop() const {
    return broken_.load() || (options_.stop != nullptr && options_.stop->load());
  }

  void tell_progress() {
    if (options_.progress) options_.progress(done_, sweep_.grid.size());
  }

  void run_one(std::size_t run) {
    if (is_to_stop()) return;
    std::optional<RunRecord> record;
    try {
      record = record_of_run(run);
    } catch (const sim::Interrupted&) {
      return;
    }
    try {
      const std::scoped_lock lock(telling_);
      partial_.append(*record);
      ++done_;
      tell_progress();
    } catch (...) {
      broken_.store(true);
      throw;
    }
  }

  [[nodiscard]] RunRecord record_of_run(std::size_t run) const {
    try {
      RunOptions options;
      options.stop = options_.stop;
      auto loaded = scenarios::load_scenario(files_, overrides_of(sweep_.overrides, sweep_.grid, run));
      return record_of(run, run_scenario(std::move(loaded), options), sweep_.chosen);
    } catch (const sim::Interrupted&) {
      throw;
    } catch (const sim::InputError& error) {
      std::string text;
      for (const auto& diagnostic : error.diagnostics()) text += to_text(told_of_grid(diagnostic, sweep_.grid, run));
      return record_of_failure(run, text);
    } catch (const std::exception& error) {
      return record_of_failure(run, error.what());
    }
  }

  const SweepOptions& options_;
  const scenarios::ScenarioFiles& files_;
  const Sweep& sweep_;
  PartialFile& partial_;
  std::mutex telling_;
  std::size_t done_ = 0;
  std::atomic<bool> broken_{false};
};

Sweep describe_sweep(const SweepRequest& request, const scenarios::LoadedScenario& first, Grid grid,
                     ChosenSeries chosen) {
  Sweep sweep;
  sweep.title = first.scenario.scenario.title;
  if (sweep.title.empty()) sweep.title = std::filesystem::path(request.scenario).stem().string();
  for (const auto& source : first.sources) sweep.scenario_text += source.text;
  sweep.overrides = request.overrides;
  const bool seed_is_varied = std::ranges::find(grid.axes(), "scenario.seed", &Axis::path) != grid.axes().end();
  if (!seed_is_varied) sweep.seed = first.scenario.scenario.seed;
  sweep.grid = std::move(grid);
  sweep.chosen = std::move(chosen);
  return sweep;
}

Earlier earlier_of(const SweepRequest& request) {
  if (request.resume) return Earlier::resume;
  return request.force ? Earlier::replace : Earlier::refuse;
}

}  // namespace

SweepOutcome run_sweep(const SweepRequest& request, const SweepOptions& options) {
  Grid grid = parse_grid(request.vary, request.budget);
  ChosenSeries chosen = chosen_series(request.series);
  check_shown(request.show);
  const auto files = scenarios::read_scenario_files(request.scenario);
  sim::ThreadTeam team(request.threads);
  const CheckedGrid checked =
      check_grid(files, request.overrides, grid, request.skip_impossible ? Impossible::skip : Impossible::refuse, team,
                 options.stop);

  SweepOutcome outcome;
  auto loaded = scenarios::load_scenario(files, overrides_of(request.overrides, grid, checked.first_run));
  outcome.sweep = describe_sweep(request, loaded, std::move(grid), std::move(chosen));
  for (const auto& written : {request.output, request.output + ".partial"})
    refuse_input_as_output(written, checked.input_paths);
  const FirstRun first = look_at_first_run(std::move(loaded), outcome.sweep.chosen);
  check_size(outcome.sweep.grid, first);
  check_target(request.output, outcome.sweep.title, request.force ? Overwrite::anything : Overwrite::same_scenario_only,
               sweep_format);
  outcome.partial = request.output + ".partial";
  PartialFile partial(outcome.partial, identity_of(outcome.sweep, first), earlier_of(request),
                      {outcome.sweep.grid.size(), outcome.sweep.chosen});
  outcome.resumed = partial.count();
  outcome.dropped = partial.dropped();
  Runner(options, files, outcome.sweep, partial).run_all(team);
  outcome.finished = partial.count();
  if (outcome.interrupted()) return outcome;
  outcome.results = gather(outcome.sweep, partial);
  const auto image = sweep_image(outcome.sweep, outcome.results);
  try {
    write_atomically(request.output, image);
  } catch (const sim::IoError& error) {
    throw sim::IoError(fmt::format("{}\n       all runs are in {}: the same command with --resume writes them",
                                   error.what(), outcome.partial));
  }
  outcome.written_bytes = image.size();
  partial.remove();
  return outcome;
}

}  // namespace fleetwatt::analysis
