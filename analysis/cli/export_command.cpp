// fleetwatt export RESULTS: a results file as a table.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <ostream>

#include "analysis/cli/command_line.hpp"
#include "analysis/export/tidy_csv.hpp"
#include "analysis/results/atomic_file.hpp"

namespace fleetwatt::analysis {

namespace {

struct ExportArguments {
  std::string results;
  std::string output;
  bool csv = false;
};

ExitCode export_results(const ExportArguments& arguments, const Console& console) {
  const std::string text = tidy_csv(arguments.results);
  if (arguments.output == "-") {
    console.out << text;
    return ExitCode::ok;
  }
  const std::string path = arguments.output.empty()
                               ? std::filesystem::path(arguments.results).replace_extension(".csv").string()
                               : arguments.output;
  write_atomically(path, text);
  console.out << fmt::format("wrote {}: {} rows of time, dimension, entity, variable, unit, value\n", path,
                             std::count(text.begin(), text.end(), '\n') - 1);
  return ExitCode::ok;
}

}  // namespace

void add_export(CLI::App& program, const Console& console, Action& chosen) {
  auto* command = program.add_subcommand("export", "write a results file as one tidy table");
  auto arguments = std::make_shared<ExportArguments>();
  command->add_option("RESULTS", arguments->results, "results file (HDF5)")->required();
  command->add_flag("--csv", arguments->csv, "comma-separated values (the default)");
  command->add_option("-o,--output", arguments->output,
                      "file to write, - for standard output; default: the results file's name with .csv");
  command->footer("Example:\n  fleetwatt export built-in.h5 --csv -o hours.csv");
  command->callback([arguments, &console, &chosen] {
    chosen = [arguments, &console] { return export_results(*arguments, console); };
  });
}

}  // namespace fleetwatt::analysis
