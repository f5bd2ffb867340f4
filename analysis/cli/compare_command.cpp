// fleetwatt compare A [B] [--set ...]: what if? Two runs, or two results files, side by side.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <ostream>

#include "analysis/cli/command_line.hpp"
#include "analysis/cli/input_file.hpp"
#include "analysis/cli/json_text.hpp"
#include "analysis/cli/progress_bar.hpp"
#include "analysis/cli/stop_signal.hpp"
#include "analysis/compare/comparison_text.hpp"
#include "analysis/compare/differences_file.hpp"
#include "analysis/results/atomic_file.hpp"
#include "analysis/results/input_paths.hpp"
#include "analysis/results/output_path.hpp"
#include "analysis/results/writer.hpp"
#include "analysis/run/run_scenario.hpp"
#include "sim/error.hpp"
#include "sim/parallel_for.hpp"

namespace fleetwatt::analysis {

namespace {

struct CompareArguments {
  std::vector<std::string> files;
  std::vector<std::string> overrides;
  std::string output;
  int threads = 0;
  bool all = false;
  bool json = false;
  bool force = false;
};

/// One of the two: a scenario that is to run, or a results file.
struct Side {
  std::string name;  ///< as the command line says it
  std::optional<scenarios::LoadedScenario> scenario;
  std::unique_ptr<ResultsFile> results;
};

[[noreturn]] void refuse(const std::string& file, std::string message, std::string mend) {
  throw sim::InputError(sim::Diagnostic{{file, 0, 0}, std::move(message), "", 1, std::move(mend)});
}

Side load(const std::string& path, const std::vector<std::string>& overrides) {
  Side side;
  side.name = path;
  if (kind_of_input(path) == InputKind::results) {
    if (!overrides.empty())
      refuse(path, "--set changes a scenario, and this is a results file, which stays as it was run",
             "name the scenario instead");
    side.results = std::make_unique<ResultsFile>(path);
    return side;
  }
  for (const auto& text : overrides) side.name += fmt::format(" --set {}", text);
  side.scenario = scenarios::load_scenario(path, overrides);
  auto& title = side.scenario->scenario.scenario.title;
  if (title.empty()) title = std::filesystem::path(path).stem().string();
  return side;
}

/// One file: as it is, and with the overrides. Two: each with the overrides.
std::pair<Side, Side> load_both(const CompareArguments& arguments) {
  const std::string& first = arguments.files.front();
  if (arguments.files.size() == 2)
    return {load(first, arguments.overrides), load(arguments.files.back(), arguments.overrides)};
  if (arguments.overrides.empty())
    refuse(first, "nothing to compare it with",
           kind_of_input(first) == InputKind::results
               ? "name a second results file"
               : "change something with --set PATH=VALUE, or name a second scenario");
  return {load(first, {}), load(first, arguments.overrides)};
}

NamedSpan span_of(const Side& side) {
  if (side.results) return {side.name, side.results->start(), static_cast<std::int64_t>(side.results->hours().size())};
  const auto& header = side.scenario->scenario.scenario;
  return {side.name, header.start, header.duration / sim::one_hour};
}

std::string title_of(const Side& side) {
  return side.results ? side.results->text("title") : side.scenario->scenario.scenario.title;
}

std::vector<Change> changes_of(const Side& a, const Side& b) {
  if (a.scenario && b.scenario) return changed_keys(*a.scenario, *b.scenario);
  return changed_attributes(*a.results, *b.results);
}

void refuse_inputs(const std::string& output, const CompareArguments& arguments, const Side& a, const Side& b) {
  std::vector<std::string> inputs = arguments.files;
  for (const Side* side : {&a, &b}) {
    if (side->scenario) std::ranges::move(input_paths(*side->scenario), std::back_inserter(inputs));
  }
  refuse_input_as_output(output, inputs);
}

/// Simulates what is not a results file yet.
void finish(Side& side, const RunOptions& options) {
  if (side.results) return;
  const auto image = results_image(run_scenario(*side.scenario, options));
  side.results = std::make_unique<ResultsFile>(side.name, image);
}

void finish_both(Side& a, Side& b, const CompareArguments& arguments, const Console& console) {
  ProgressBar progress(console);
  RunOptions options;
  options.threads = arguments.threads > 0 ? arguments.threads : sim::hardware_threads();
  options.stop = &stop_flag();
  options.before_audit = console.before_audit;
  const double half = a.scenario && b.scenario ? 0.5 : 1.0;
  options.progress = [&](double share) { progress(share * half); };
  finish(a, options);
  options.progress = [&](double share) { progress(1.0 - half + share * half); };
  finish(b, options);
  if (stop_flag().load()) throw sim::Interrupted();
}

ExitCode compare(const CompareArguments& arguments, const Console& console) {
  auto [a, b] = load_both(arguments);
  require_same_hours(span_of(a), span_of(b));
  refuse_inputs(arguments.output, arguments, a, b);
  if (!arguments.output.empty())
    check_target(arguments.output, differences_title(title_of(a), title_of(b)),
                 arguments.force ? Overwrite::anything : Overwrite::same_scenario_only, differences_format);
  finish_both(a, b, arguments, console);
  const auto comparison = compare_results(*a.results, *b.results, changes_of(a, b));
  if (!arguments.output.empty())
    write_atomically(arguments.output, differences_image(*a.results, *b.results, comparison.changes));

  const Listed listed = arguments.all ? Listed::all : Listed::that_differ;
  if (arguments.json) {
    nlohmann::ordered_json json;
    for (const auto& [key, side] : {std::pair("a", &a), std::pair("b", &b)})
      json[key] = {{"name", side->name}, {"title", title_of(*side)}, {"seed", side->results->seed()}};
    json["start"] = sim::to_iso8601(a.results->start());
    json["hours"] = a.results->hours().size();
    json.update(comparison_json(comparison, listed));
    json["written"] = arguments.output;
    console.out << json_text(json);
    return ExitCode::ok;
  }
  const auto head = [](const Side& side) { return fmt::format("{}   {}", headline(*side.results), side.name); };
  console.out << comparison_text(comparison, {head(a), head(b)}, listed, console.screen);
  if (!arguments.output.empty()) console.out << fmt::format("wrote {}: hourly differences, B - A\n", arguments.output);
  return ExitCode::ok;
}

}  // namespace

void add_compare(CLI::App& program, const Console& console, Action& chosen) {
  auto* command =
      program.add_subcommand("compare", "what if? run a scenario and a change of it, and show what differs");
  auto arguments = std::make_shared<CompareArguments>();
  command
      ->add_option("FILES", arguments->files,
                   "a scenario file (TOML), run as it is and with --set; or two scenarios; or two results files (HDF5)")
      ->required()
      ->expected(1, 2);
  command
      ->add_option("--set", arguments->overrides,
                   "PATH=VALUE: change a value, of the second run where one scenario is named, else of both; may be "
                   "repeated")
      ->allow_extra_args(false);
  command->add_option("-o,--output", arguments->output, "file to write the hourly differences B - A to (HDF5)");
  command->add_flag("--all", arguments->all, "list the quantities that do not differ, too");
  command->add_flag("--json", arguments->json, "print the comparison as JSON");
  command->add_option("--threads", arguments->threads, "threads; default: all. The result is the same for any number")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--force", arguments->force, "replace whatever the differences file was");
  command->footer(
      "Both runs draw the same random numbers, so small changes show; ~ marks a difference that chance may explain.\n"
      "Example:\n  fleetwatt compare scenarios/library/two-regions/built-in.toml --set "
      "site.dallas.cooling.supply_air_c=27");
  command->callback(
      [arguments, &console, &chosen] { chosen = [arguments, &console] { return compare(*arguments, console); }; });
}

}  // namespace fleetwatt::analysis
