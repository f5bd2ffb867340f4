// fleetwatt show SCENARIO [--all]: the values in force and where each came from.
#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "analysis/cli/command_line.hpp"
#include "analysis/results/figures.hpp"
#include "scenarios/loader/show_scenario.hpp"

namespace fleetwatt::analysis {

namespace {

struct ShowArguments {
  std::string scenario;
  std::vector<std::string> overrides;
  bool all = false;
};

ExitCode show(const ShowArguments& arguments, const Console& console) {
  const auto loaded = scenarios::load_scenario(arguments.scenario, arguments.overrides);
  std::vector<std::vector<std::string>> rows;
  for (const auto& shown : scenarios::show_scenario(loaded)) {
    if (arguments.all || (!shown.is_default && !shown.origin.starts_with("catalog/")))
      rows.push_back({shown.path, shown.origin, shown.value});
  }
  console.out << table({{"path", Align::left}, {"from", Align::left}, {"value", Align::left}}, rows);
  return ExitCode::ok;
}

}  // namespace

void add_show(CLI::App& program, const Console& console, Action& chosen) {
  auto* command = program.add_subcommand("show", "print a scenario's values and where each came from");
  auto arguments = std::make_shared<ShowArguments>();
  command->add_option("SCENARIO", arguments->scenario, "scenario file (TOML)")->required();
  command->add_option("--set", arguments->overrides, "PATH=VALUE: as in `run`")->allow_extra_args(false);
  command->add_flag("--all", arguments->all, "defaults and catalogue entries too");
  command->footer("Example:\n  fleetwatt show scenarios/library/two-regions/built-in.toml --all");
  command->callback(
      [arguments, &console, &chosen] { chosen = [arguments, &console] { return show(*arguments, console); }; });
}

}  // namespace fleetwatt::analysis
