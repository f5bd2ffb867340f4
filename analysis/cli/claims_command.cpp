// fleetwatt claims FOLDER: run every scenario of a folder that has [[expect]], and put all outcomes into one table.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iterator>
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
#include "analysis/run/run_scenario.hpp"
#include "sim/error.hpp"
#include "sim/parallel_for.hpp"

namespace fleetwatt::analysis {

namespace {

struct ClaimsArguments {
  std::vector<std::string> paths;
  std::vector<std::string> overrides;
  std::string page;
  int threads = 0;
  bool json = false;
  bool force = false;
};

[[noreturn]] void refuse(const std::string& path, std::string message, std::string mend) {
  throw sim::InputError(sim::Diagnostic{{path, 0, 0}, std::move(message), "", 1, std::move(mend)});
}

/// Files as named; of a folder, its *.toml in order of name.
std::vector<std::string> scenario_files(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const auto& path : paths) {
    if (!std::filesystem::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (entry.path().extension() == ".toml") found.push_back(entry.path().string());
    }
    if (found.empty()) refuse(path, "no scenario (*.toml) in this folder", "name a folder or files with [[expect]]");
    std::ranges::sort(found);
    std::ranges::move(found, std::back_inserter(files));
  }
  return files;
}

/// Loaded and checked, so that a fault in the last is told before the first runs; those without claims left out.
std::vector<scenarios::LoadedScenario> load_all(const std::vector<std::string>& files,
                                                const std::vector<std::string>& overrides,
                                                std::vector<CheckedScenario>& checked) {
  std::vector<scenarios::LoadedScenario> loaded;
  for (const auto& file : files) {
    auto scenario = scenarios::load_scenario(file, overrides);
    check_expectations(scenario);
    if (scenario.scenario.expect.empty()) continue;
    checked.push_back({std::filesystem::path(file).filename().string(), {}});
    loaded.push_back(std::move(scenario));
  }
  if (loaded.empty()) refuse(files.front(), "no [[expect]] in what was named", "name a folder or files that have some");
  return loaded;
}

/// Before the first run: no input is replaced, and of other files only a page of this command.
void check_page(const ClaimsArguments& arguments, const std::vector<std::string>& files,
                const std::vector<scenarios::LoadedScenario>& loaded) {
  if (arguments.page.empty()) return;
  std::vector<std::string> inputs = files;
  for (const auto& scenario : loaded) std::ranges::move(input_paths(scenario), std::back_inserter(inputs));
  refuse_input_as_output(arguments.page, inputs);
  if (arguments.force) return;
  refuse_foreign_output(arguments.page,
                        {.is_own = [](std::string_view text) { return text.starts_with(claims_heading); },
                         .name = "page that `fleetwatt claims` wrote",
                         .option = "--page"});
}

void run_all(std::vector<scenarios::LoadedScenario> loaded, const ClaimsArguments& arguments, const Console& console,
             std::vector<CheckedScenario>& checked) {
  ProgressBar progress(console);
  const double each = 1.0 / static_cast<double>(loaded.size());
  for (std::size_t i = 0; i < loaded.size(); ++i) {
    RunOptions options;
    options.threads = arguments.threads > 0 ? arguments.threads : sim::hardware_threads();
    options.progress = [&](double share) { progress((static_cast<double>(i) + share) * each); };
    options.stop = &stop_flag();
    options.before_audit = console.before_audit;
    checked[i].outcomes = compare_expectations(run_scenario(std::move(loaded[i]), options));
  }
  if (stop_flag().load()) throw sim::Interrupted();
}

void print(const std::vector<CheckedScenario>& checked, const ClaimsArguments& arguments, const Console& console) {
  if (!arguments.json) {
    console.out << claims_text(checked, console.screen);
    if (!arguments.page.empty()) console.out << fmt::format("wrote {}\n", arguments.page);
    return;
  }
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const auto& scenario : checked) {
    for (const auto& outcome : scenario.outcomes) {
      json.push_back(outcome_json(outcome));
      json.back()["scenario"] = scenario.file;
    }
  }
  console.out << json_text(json);
}

ExitCode claims(const ClaimsArguments& arguments, const Console& console) {
  std::vector<CheckedScenario> checked;
  const auto files = scenario_files(arguments.paths);
  auto loaded = load_all(files, arguments.overrides, checked);
  check_page(arguments, files, loaded);
  run_all(std::move(loaded), arguments, console, checked);
  if (!arguments.page.empty()) write_atomically(arguments.page, claims_page(checked, arguments.paths.front()));
  print(checked, arguments, console);
  const bool met = std::ranges::all_of(checked, [](const auto& scenario) { return all_met(scenario.outcomes); });
  return met ? ExitCode::ok : ExitCode::check_failed;
}

}  // namespace

void add_claims(CLI::App& program, const Console& console, Action& chosen) {
  auto* command =
      program.add_subcommand("claims", "run the scenarios of a folder and hold them against what was published");
  auto arguments = std::make_shared<ClaimsArguments>();
  command->add_option("PATHS", arguments->paths, "folders of scenarios, or scenario files (TOML), with [[expect]]")
      ->required();
  command->add_option("--set", arguments->overrides, "PATH=VALUE: change a value in all of them; may be repeated")
      ->allow_extra_args(false);
  command->add_option(
      "--page", arguments->page,
      "file to write the table to, as a Markdown page; an earlier page of this command is replaced, any other "
      "file only with --force");
  command->add_flag("--force", arguments->force, "replace whatever the page's file was, but for the scenarios");
  command->add_flag("--json", arguments->json, "print the outcomes as JSON");
  command->add_option("--threads", arguments->threads, "threads; default: all. The result is the same for any number")
      ->check(CLI::Range(1, 1024));
  command->footer(
      "Exit code 1 if a claim is not met.\nExample:\n  fleetwatt claims scenarios/library/ai-energy-footprint");
  command->callback(
      [arguments, &console, &chosen] { chosen = [arguments, &console] { return claims(*arguments, console); }; });
}

}  // namespace fleetwatt::analysis
