// fleetwatt sweep SCENARIO --vary PATH=VALUES: a grid of runs, side by side in one file.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <ostream>

#include "analysis/cli/command_line.hpp"
#include "analysis/cli/json_text.hpp"
#include "analysis/cli/progress_bar.hpp"
#include "analysis/cli/stop_signal.hpp"
#include "analysis/results/figures.hpp"
#include "analysis/sweep/run_sweep.hpp"
#include "analysis/sweep/sweep_summary.hpp"
#include "sim/error.hpp"
#include "sim/parallel_for.hpp"
#include "sim/units.hpp"

namespace fleetwatt::analysis {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// "40 s", "12 min", "3.4 h"
std::string time_text(double seconds) {
  if (seconds < 100.0) return fmt::format("{:.0f} s", seconds);
  if (seconds < 100.0 * sim::seconds_per_minute) return fmt::format("{:.0f} min", seconds / sim::seconds_per_minute);
  return fmt::format("{:.1f} h", sim::h_from_s(seconds));
}

/// The bar, with the number of runs and the time left at the pace so far.
class SweepProgress {
 public:
  explicit SweepProgress(const Console& console) : bar_(console) {}

  void operator()(std::size_t done, std::size_t total) {
    if (!first_done_) {
      first_done_ = done;  // an earlier sweep's runs say nothing of the pace
      begin_ = Clock::now();
    }
    std::string note = fmt::format("{}/{} runs", done, total);
    const std::size_t here = done - *first_done_;
    if (here > 0) {
      const double left_s = seconds_since(begin_) * static_cast<double>(total - done) / static_cast<double>(here);
      note += ", " + time_text(left_s) + " left";
    }
    bar_(static_cast<double>(done) / static_cast<double>(total), note);
  }

 private:
  ProgressBar bar_;
  std::optional<std::size_t> first_done_;
  Clock::time_point begin_;
};

struct SweepArguments {
  SweepRequest request;
  int threads = 0;
  bool json = false;
  bool all = false;
};

SweepOutcome simulate(const SweepRequest& request, const Console& console) {
  SweepProgress progress(console);
  SweepOptions options;
  options.progress = [&](std::size_t done, std::size_t total) { progress(done, total); };
  options.stop = &stop_flag();
  return run_sweep(request, options);
}

ExitCode sweep(const SweepRequest& request, const SweepArguments& arguments, const Console& console) {
  const auto begin = Clock::now();
  const std::string partial = request.output + ".partial";
  const SweepOutcome outcome = simulate(request, console);
  if (outcome.interrupted() && outcome.finished == 0) throw sim::Interrupted();
  if (outcome.interrupted()) {
    console.err << fmt::format("interrupted: {} of {} runs are in {}; the same command with --resume completes them\n",
                               outcome.finished, outcome.sweep.grid.size(), outcome.partial);
    return ExitCode::interrupted;
  }
  if (outcome.resumed > 0) console.err << fmt::format("resumed: {} runs were done before\n", outcome.resumed);
  if (outcome.dropped > 0) {
    console.err << fmt::format("{} line{} of {} {} damaged, and what {} held was run again\n", outcome.dropped,
                               outcome.dropped == 1 ? "" : "s", partial, outcome.dropped == 1 ? "was" : "were",
                               outcome.dropped == 1 ? "it" : "they");
  }
  Execution execution;
  execution.wall_s = seconds_since(begin);
  execution.threads = request.threads;
  execution.written = request.output;
  execution.written_bytes = outcome.written_bytes;
  if (arguments.json)
    console.out << json_text(sweep_json(outcome.sweep, outcome.results, execution));
  else
    console.out << sweep_text(outcome.sweep, outcome.results, execution, {request.show, arguments.all}, console.screen);
  return outcome.results.failures() == 0 ? ExitCode::ok : ExitCode::check_failed;
}

ExitCode sweep(const SweepArguments& arguments, const Console& console) {
  SweepRequest request = arguments.request;
  request.threads = arguments.threads > 0 ? arguments.threads : sim::hardware_threads();
  if (request.output.empty()) request.output = std::filesystem::path(request.scenario).stem().string() + "-sweep.h5";
  try {
    return sweep(request, arguments, console);
  } catch (const sim::Interrupted&) {
    std::error_code error;
    const std::string partial = request.output + ".partial";
    if (!request.resume || !std::filesystem::exists(partial, error)) throw;
    console.err << fmt::format("interrupted: no run was added to {}; it is as it was\n", partial);
    return ExitCode::interrupted;
  }
}

}  // namespace

void add_sweep(CLI::App& program, const Console& console, Action& chosen) {
  auto* command = program.add_subcommand("sweep", "run a grid of variants of a scenario; write them into one file");
  auto arguments = std::make_shared<SweepArguments>();
  SweepRequest& request = arguments->request;
  command->add_option("SCENARIO", request.scenario, "scenario file (TOML)")->required();
  command
      ->add_option("--vary", request.vary,
                   "PATH=A,B,C or, for numbers, PATH=START:STOP:COUNT; may be repeated: all combinations, the last "
                   "varies fastest")
      ->required()
      ->allow_extra_args(false);
  command->add_option("--set", request.overrides, "PATH=VALUE: change a value for all runs; may be repeated")
      ->allow_extra_args(false);
  command->add_option("--series", request.series, "hourly variables to keep, such as site_load_mw,fleet_load_mw")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      ->add_option("--show", request.show,
                   "quantities to print beside those that differ most between the runs: ttft_p99_s, site.dallas.pue, "
                   "service.*.gpu_wh_per_request")
      ->type_name("QUANTITY[,QUANTITY]")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_flag("--all", arguments->all, "print all runs, not only the first twenty");
  command->add_option("-o,--output", request.output,
                      "file to write (HDF5); default: the scenario's name with -sweep.h5, in this folder");
  command
      ->add_option("--threads", arguments->threads,
                   "runs at a time; default: one a core. The result is the same for any number")
      ->check(CLI::Range(1, 1024));
  command->add_option("--budget", request.budget, "most runs that the grid may have")->capture_default_str();
  command->add_flag("--resume", request.resume,
                    "complete a sweep that was interrupted; its runs are in OUTPUT.partial");
  command->add_flag("--json", arguments->json, "print the runs as JSON");
  command->add_flag("--skip-impossible", request.skip_impossible,
                    "go on past combinations of values that make no scenario: their runs are recorded as failed");
  command->add_flag("--force", request.force, "replace whatever the file was, and begin an unfinished sweep anew")
      ->excludes("--resume");
  command->footer(
      "Example:\n  fleetwatt sweep scenarios/library/two-regions/built-in.toml --set scenario.duration=1d \\\n"
      "    --vary site.dallas.cooling.supply_air_c=18:27:4 --vary site.dallas.power.redundancy=N,2N -o sweep.h5\n\n"
      "Exit codes: as elsewhere; 1 where a run failed (the others are in the file, and the error beside them)");
  command->callback(
      [arguments, &console, &chosen] { chosen = [arguments, &console] { return sweep(*arguments, console); }; });
}

}  // namespace fleetwatt::analysis
