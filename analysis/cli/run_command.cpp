// fleetwatt run SCENARIO: simulate, audit, write, summarise.
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
#include "analysis/results/atomic_file.hpp"
#include "analysis/results/expectations_text.hpp"
#include "analysis/results/input_paths.hpp"
#include "analysis/results/output_path.hpp"
#include "analysis/results/summary.hpp"
#include "analysis/results/writer.hpp"
#include "analysis/run/free_memory.hpp"
#include "analysis/run/run_forecast.hpp"
#include "analysis/run/run_scenario.hpp"
#include "sim/error.hpp"
#include "sim/parallel_for.hpp"

namespace fleetwatt::analysis {

namespace {

struct RunArguments {
  std::string scenario;
  std::string output;
  std::vector<std::string> overrides;
  int threads = 0;
  std::string memory;
  bool check = false;
  bool json = false;
  bool force = false;
  bool keep = false;
  bool sites = false;
};

std::string output_path(const RunArguments& arguments) {
  if (!arguments.output.empty()) return arguments.output;
  return std::filesystem::path(arguments.scenario).stem().string() + ".h5";
}

MemoryLimit memory_limit(const std::string& written) {
  if (written.empty()) return free_memory();
  return {bytes_from(written).value(), "that --memory allows"};
}

RunOutput simulate(scenarios::LoadedScenario loaded, const Console& console, int threads,
                   const RunArguments& arguments) {
  const MemoryLimit memory = memory_limit(arguments.memory);
  require_memory(forecast_building(loaded), memory.bytes, memory.name);
  ProgressBar progress(console);
  RunOptions options;
  options.threads = threads;
  options.before_simulating = [&](const scenarios::BuiltFleet& built) {
    require_memory(forecast_run(built, threads), memory.bytes, memory.name);
  };
  options.progress = [&](double share) { progress(share); };
  options.stop = &stop_flag();
  options.queue_limit_bytes = memory.bytes;
  options.keep_breached = arguments.keep;
  options.before_audit = console.before_audit;
  return run_scenario(std::move(loaded), options);
}

ExitCode report(const RunOutput& run, const Execution& execution, const RunArguments& arguments,
                const Console& console) {
  const auto expectations = arguments.check ? compare_expectations(run) : std::vector<ExpectationOutcome>{};
  if (arguments.json)
    console.out << json_text(summary_json(run, execution, expectations));
  else {
    console.out << summary_text(run, execution, {console.screen, arguments.sites});
    if (!expectations.empty())
      console.out << '\n' << expectations_text(expectations, console.screen);
    else if (arguments.check)
      console.out << "\nthe scenario has no [[expect]] to check\n";
  }
  if (run.result.breach || !all_met(expectations)) return ExitCode::check_failed;
  return run.result.hours < run.fleet().hours ? ExitCode::io : ExitCode::ok;
}

ExitCode run(const RunArguments& arguments, const Console& console) {
  const auto begin = std::chrono::steady_clock::now();
  auto loaded = scenarios::load_scenario(arguments.scenario, arguments.overrides);
  if (loaded.scenario.scenario.title.empty())
    loaded.scenario.scenario.title = std::filesystem::path(arguments.scenario).stem().string();
  check_expectations(loaded);
  Execution execution;
  execution.written = output_path(arguments);
  execution.threads = arguments.threads > 0 ? arguments.threads : sim::hardware_threads();
  refuse_input_as_output(execution.written, input_paths(loaded));
  check_target(execution.written, loaded.scenario.scenario.title,
               arguments.force ? Overwrite::anything : Overwrite::same_scenario_only);

  const RunOutput finished = simulate(std::move(loaded), console, execution.threads, arguments);
  const auto image = results_image(finished);
  if (stop_flag().load()) throw sim::Interrupted();
  write_atomically(execution.written, image);
  execution.written_bytes = image.size();
  execution.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return report(finished, execution, arguments, console);
}

}  // namespace

void add_run(CLI::App& program, const Console& console, Action& chosen) {
  auto* command = program.add_subcommand("run", "simulate a scenario; write a results file and print a summary");
  auto arguments = std::make_shared<RunArguments>();
  command->add_option("SCENARIO", arguments->scenario, "scenario file (TOML)")->required();
  command->add_option("-o,--output", arguments->output,
                      "results file; default: the scenario's name with .h5, in this folder");
  command->add_option("--set", arguments->overrides, "PATH=VALUE: change a value for this run; may be repeated")
      ->allow_extra_args(false);
  command->add_option("--threads", arguments->threads, "threads; default: all. The result is the same for any number")
      ->check(CLI::Range(1, 1024));
  command
      ->add_option("--memory", arguments->memory,
                   "SIZE, like 8GB or 500MB: refuse a run that would take more; default: what is free on the machine")
      ->check([](const std::string& text) {
        return bytes_from(text) ? std::string() : "`" + text + "` is no size: write one like 8GB or 500MB";
      });
  command->add_flag("--check", arguments->check,
                    "compare with the scenario's [[expect]]; exit code 1 if one is not met");
  command->add_flag("--json", arguments->json, "print the summary as JSON");
  command->add_flag("--force", arguments->force, "replace whatever the results file was");
  command->add_flag("--keep", arguments->keep,
                    "go on where an audit fails and write the file, marked as breached; exit code 1 all the same");
  command->add_flag("--sites", arguments->sites, "list each site, service and cluster, however many there are");
  command->footer(
      "Example:\n  fleetwatt run scenarios/library/two-regions/built-in.toml --set scenario.duration=1d -o one-day.h5");
  command->callback(
      [arguments, &console, &chosen] { chosen = [arguments, &console] { return run(*arguments, console); }; });
}

}  // namespace fleetwatt::analysis
