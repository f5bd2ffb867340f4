// fleetwatt show FILE: of a scenario, the values in force and where each came from; of a results file, what was run and
// its totals, or the hours of one variable; of both, the sources of all figures.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "analysis/cli/command_line.hpp"
#include "analysis/cli/input_file.hpp"
#include "analysis/export/results_table.hpp"
#include "analysis/results/figures.hpp"
#include "scenarios/loader/build_fleet.hpp"
#include "scenarios/loader/figure_sources.hpp"
#include "scenarios/loader/show_scenario.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

struct ShowArguments {
  std::string file;
  std::vector<std::string> overrides;
  std::string by;
  std::string variable;
  bool all = false;
  bool sources = false;
};

[[noreturn]] void refuse(const ShowArguments& arguments, std::string message) {
  throw sim::InputError(sim::Diagnostic{{arguments.file, 0, 0}, std::move(message), "", 1, ""});
}

std::string sources_text(const std::vector<std::vector<std::string>>& rows, const Screen& screen) {
  return table({{"what", Align::left}, {"basis", Align::left}, {"source", Align::left}}, rows, screen);
}

/// Opens the files that the scenario names, as a run would.
std::string sources_of_scenario(const ShowArguments& arguments, const Screen& screen) {
  auto loaded = scenarios::load_scenario(arguments.file, arguments.overrides);
  const auto built = scenarios::build_fleet(loaded);
  std::vector<std::vector<std::string>> rows;
  for (const auto& source : scenarios::figure_sources(loaded, built))
    rows.push_back({source.entry, source.basis, source.text});
  return sources_text(rows, screen);
}

std::string sources_of_results(const ShowArguments& arguments, const ResultsFile& file, const Screen& screen) {
  if (!file.has("source_entry")) refuse(arguments, "this file has no table of sources");
  const auto entries = file.texts("source_entry");
  const auto bases = file.texts("source_basis");
  const auto texts = file.texts("source_text");
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < entries.size(); ++i) rows.push_back({entries[i], bases[i], texts[i]});
  return sources_text(rows, screen);
}

std::string scenario_text(const ShowArguments& arguments, const Screen& screen) {
  if (!arguments.by.empty() || !arguments.variable.empty())
    refuse(arguments, "--by and --var choose from a results file, and this is a scenario");
  if (arguments.sources) return sources_of_scenario(arguments, screen);
  const auto loaded = scenarios::load_scenario(arguments.file, arguments.overrides);
  std::vector<std::vector<std::string>> rows;
  for (const auto& shown : scenarios::show_scenario(loaded)) {
    if (arguments.all || (!shown.is_default && !shown.origin.starts_with("catalog/")))
      rows.push_back({shown.path, shown.origin, shown.value});
  }
  return table({{"path", Align::left}, {"from", Align::left}, {"value", Align::left}}, rows, screen);
}

std::string results_text(const ShowArguments& arguments, const Screen& screen) {
  if (!arguments.overrides.empty() || arguments.all)
    refuse(arguments, "--set and --all are for a scenario, and this is a results file");
  const ResultsFile file(arguments.file);
  if (arguments.sources) return sources_of_results(arguments, file, screen);
  return arguments.by.empty() && arguments.variable.empty()
             ? totals_table(file, screen)
             : hourly_table(file, {.by = arguments.by, .variable = arguments.variable}, screen);
}

ExitCode show(const ShowArguments& arguments, const Console& console) {
  if (arguments.sources && (arguments.all || !arguments.by.empty() || !arguments.variable.empty()))
    refuse(arguments, "--sources is a table of its own: leave out --all, --by and --var");
  console.out << (kind_of_input(arguments.file) == InputKind::results ? results_text(arguments, console.screen)
                                                                      : scenario_text(arguments, console.screen));
  return ExitCode::ok;
}

}  // namespace

void add_show(CLI::App& program, const Console& console, Action& chosen) {
  auto* command = program.add_subcommand(
      "show", "print a scenario's values and where each came from, or what is in a results file");
  auto arguments = std::make_shared<ShowArguments>();
  command->add_option("FILE", arguments->file, "scenario file (TOML) or results file (HDF5)")->required();
  command->add_option("--set", arguments->overrides, "scenario: PATH=VALUE, as in `run`")->allow_extra_args(false);
  command->add_flag("--all", arguments->all, "scenario: defaults and catalogue entries too");
  command->add_flag("--sources", arguments->sources,
                    "where every figure in force comes from: entries of the catalogue, files, the scenario, defaults");
  command->add_option("--by", arguments->by, "results: hour by hour, a column for each entity of this dimension")
      ->type_name(dimension_choices);
  command
      ->add_option("--var", arguments->variable,
                   "results: the hourly variable, region_load_mw or, with --by region, load_mw; default: the load")
      ->type_name("NAME");
  command->footer(
      "Example:\n  fleetwatt show scenarios/library/two-regions/built-in.toml --all\n"
      "  fleetwatt show built-in.h5 --sources\n"
      "  fleetwatt show built-in.h5 --by region --var load_mw");
  command->callback(
      [arguments, &console, &chosen] { chosen = [arguments, &console] { return show(*arguments, console); }; });
}

}  // namespace fleetwatt::analysis
