// `fleetwatt`: the subcommands and what they share. One file a subcommand.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "analysis/cli/exit_code.hpp"
#include "analysis/results/screen.hpp"
#include "models/fleet/fleet_result.hpp"

namespace CLI {
class App;
}

namespace fleetwatt::analysis {

/// Where a command reads and writes, so that tests can call it.
struct Console {
  std::ostream& out;
  std::ostream& err;
  bool err_is_terminal = false;  ///< progress goes to terminals only
  /// See RunOptions::before_audit.
  std::function<void(models::FleetResult&)> before_audit = {};
  /// Standard error as it is, for what draws on the terminal; all else goes through `err`, which lets no control
  /// characters by (analysis/cli/clean_stream.hpp). Null: `err`.
  std::ostream* drawing = nullptr;
  Screen screen = {};      ///< of `out`
  Screen err_screen = {};  ///< of `err`
};

/// The whole program, but for the process around it: args without the program's name. Where standard output does not
/// take what is written to it, the code is ExitCode::io; a reader that closed its end is no more to be told why.
[[nodiscard]] ExitCode run_command_line(std::vector<std::string> args, const Console& console);

/// What a subcommand adds to the program; `chosen` is set to what is to be done when it was the one named.
using Action = std::function<ExitCode()>;
void add_run(CLI::App& program, const Console& console, Action& chosen);
void add_validate(CLI::App& program, const Console& console, Action& chosen);
void add_show(CLI::App& program, const Console& console, Action& chosen);
void add_schema(CLI::App& program, const Console& console, Action& chosen);
void add_export(CLI::App& program, const Console& console, Action& chosen);
void add_sweep(CLI::App& program, const Console& console, Action& chosen);
void add_compare(CLI::App& program, const Console& console, Action& chosen);
void add_claims(CLI::App& program, const Console& console, Action& chosen);
void add_explain(CLI::App& program, const Console& console, Action& chosen);
void add_calibrate(CLI::App& program, const Console& console, Action& chosen);
void add_completion(CLI::App& program, const Console& console, Action& chosen);

}  // namespace fleetwatt::analysis
