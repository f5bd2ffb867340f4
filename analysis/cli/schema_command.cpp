// fleetwatt schema: the scenario format as JSON Schema.
#include <CLI/CLI.hpp>
#include <ostream>

#include "analysis/cli/command_line.hpp"
#include "scenarios/schema/json_schema.hpp"

namespace fleetwatt::analysis {

void add_schema(CLI::App& program, const Console& console, Action& chosen) {
  auto* command = program.add_subcommand("schema", "print the scenario format as JSON Schema, for editors");
  command->footer(
      "Example:\n  fleetwatt schema > fleetwatt.schema.json      then, first line of a scenario:  #:schema "
      "./fleetwatt.schema.json");
  command->callback([&console, &chosen] {
    chosen = [&console] {
      console.out << scenarios::json_schema().dump(2) << '\n';
      return ExitCode::ok;
    };
  });
}

}  // namespace fleetwatt::analysis
