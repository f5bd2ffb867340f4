// fleetwatt export RESULTS: the hours of a results file as a table, tidy or wide.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <ostream>

#include "analysis/cli/command_line.hpp"
#include "analysis/export/csv.hpp"
#include "analysis/results/atomic_file.hpp"

namespace fleetwatt::analysis {

namespace {

struct ExportArguments {
  std::string results;
  std::string output;
  Selection selection;
  bool csv = false;
  bool wide = false;
};

ExitCode export_results(const ExportArguments& arguments, const Console& console) {
  const ResultsFile file(arguments.results);
  const std::string text = arguments.wide ? wide_csv(file, arguments.selection) : tidy_csv(file, arguments.selection);
  if (arguments.output == "-") {
    console.out << text;
    return ExitCode::ok;
  }
  const std::string path = arguments.output.empty()
                               ? std::filesystem::path(arguments.results).replace_extension(".csv").string()
                               : arguments.output;
  write_atomically(path, text);
  const auto rows = std::ranges::count(text, '\n') - 1;
  const std::string columns =
      arguments.wide ? fmt::format("time and {} columns", std::count(text.begin(), std::ranges::find(text, '\n'), ','))
                     : "time, dimension, entity, variable, unit, value";
  console.out << fmt::format("wrote {}: {} rows of {}\n", path, rows, columns);
  return ExitCode::ok;
}

}  // namespace

void add_export(CLI::App& program, const Console& console, Action& chosen) {
  auto* command = program.add_subcommand("export", "write the hours of a results file as a table, tidy or wide");
  auto arguments = std::make_shared<ExportArguments>();
  command->add_option("RESULTS", arguments->results, "results file (HDF5)")->required();
  command->add_flag("--csv", arguments->csv, "comma-separated values (the default)");
  command->add_flag("--wide", arguments->wide,
                    "a row an hour, a column for each variable/entity; default: a row for each value");
  command->add_option("--by", arguments->selection.by, "only variables of this dimension; may be repeated")
      ->type_name(dimension_choices)
      ->allow_extra_args(false);
  command
      ->add_option("--var", arguments->selection.variables,
                   "only these: region_load_mw, or load_mw for every dimension's; may be repeated")
      ->type_name("NAME[,NAME]")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("-o,--output", arguments->output,
                      "file to write, - for standard output; default: the results file's name with .csv");
  command->footer("Example:\n  fleetwatt export built-in.h5 --wide --by region --var load_mw,co2_t -o regions.csv");
  command->callback([arguments, &console, &chosen] {
    chosen = [arguments, &console] { return export_results(*arguments, console); };
  });
}

}  // namespace fleetwatt::analysis
