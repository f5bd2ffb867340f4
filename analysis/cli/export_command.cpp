// fleetwatt export RESULTS: the hours of a results file as a table, tidy or wide.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <ostream>

#include "analysis/cli/command_line.hpp"
#include "analysis/cli/stop_signal.hpp"
#include "analysis/export/csv.hpp"
#include "analysis/results/atomic_file.hpp"
#include "analysis/results/output_path.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

struct ExportArguments {
  std::string results;
  std::string output;
  Selection selection;
  bool csv = false;
  bool wide = false;
  bool force = false;
};

std::string output_path(const ExportArguments& arguments) {
  return arguments.output.empty() ? std::filesystem::path(arguments.results).replace_extension(".csv").string()
                                  : arguments.output;
}

/// Only a table that this command wrote is replaced unasked.
void check_output(const std::string& path, const ExportArguments& arguments) {
  refuse_input_as_output(path, {arguments.results});
  if (arguments.force) return;
  refuse_foreign_output(path,
                        {.is_own = begins_as_export, .name = "table that `fleetwatt export` wrote", .option = "-o"});
}

CsvSize write_table(const ResultsFile& file, const ExportArguments& arguments, const TextSink& sink) {
  return arguments.wide ? wide_csv(file, arguments.selection, sink) : tidy_csv(file, arguments.selection, sink);
}

ExitCode export_results(const ExportArguments& arguments, const Console& console) {
  const ResultsFile file(arguments.results);
  if (arguments.output == "-") {
    write_table(file, arguments, [&](std::string_view piece) { return !(console.out << piece).fail(); });
    return ExitCode::ok;
  }
  const std::string path = output_path(arguments);
  check_output(path, arguments);
  static_cast<void>(selected(file, arguments.selection));  // refused before there is a file
  AtomicFile table(path);
  const CsvSize size = write_table(file, arguments, [&](std::string_view piece) {
    if (stop_flag().load()) throw sim::Interrupted();
    table.write(piece);
    return true;
  });
  table.keep();
  const std::string columns = arguments.wide ? fmt::format("time and {} columns", size.columns)
                                             : "time, dimension, entity, variable, unit, value";
  console.out << fmt::format("wrote {}: {} rows of {}\n", path, size.rows, columns);
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
                      "file to write, - for standard output; default: the results file's name with .csv. An earlier "
                      "table of this command is replaced, any other file only with --force");
  command->add_flag("--force", arguments->force, "replace whatever the file was, but for the results file itself");
  command->footer("Example:\n  fleetwatt export built-in.h5 --wide --by region --var load_mw,co2_t -o regions.csv");
  command->callback([arguments, &console, &chosen] {
    chosen = [arguments, &console] { return export_results(*arguments, console); };
  });
}

}  // namespace fleetwatt::analysis
