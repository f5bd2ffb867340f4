#include "analysis/cli/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ostream>

#include "analysis/cli/clean_stream.hpp"
#include "analysis/cli/error_text.hpp"
#include "analysis/results/version.hpp"
#include "scenarios/schema/nearest.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr const char* overview =
    "Fleetwatt simulates fleets of AI datacenters: requests and jobs on GPUs, power and cooling around them, the grid "
    "behind them.\n"
    "\n"
    "  fleetwatt run scenarios/library/two-regions/built-in.toml     a first run, on built-in data\n"
    "  fleetwatt run FILE --set site.dallas.cooling.supply_air_c=27  a change, for this run only\n"
    "  fleetwatt export built-in.h5 --csv                            its hours as a table\n";

constexpr const char* exit_codes =
    "Exit codes: 0 ok, 1 a check or an audit failed, 2 bad input, 3 a file could not be read or written or memory did "
    "not suffice, 130 interrupted. Standard output counts as a file; where its reader closed it, nothing more is said.";

ExitCode guarded(const Action& action, const Console& console) {
  try {
    return action();
  } catch (const sim::InputError& error) {
    console.err << error_text(error.what(), console.err_screen);
    return ExitCode::bad_input;
  } catch (const sim::IoError& error) {
    console.err << error_text(fmt::format("error: {}\n", error.what()), console.err_screen);
    return ExitCode::io;
  } catch (const sim::AuditError& error) {
    console.err << error_text(fmt::format("error: {}\n", error.what()), console.err_screen);
    return ExitCode::check_failed;
  } catch (const sim::OutOfRange& error) {
    console.err << error_text(fmt::format("error: {}\n", error.what()), console.err_screen);
    return ExitCode::bad_input;
  } catch (const sim::Interrupted&) {
    console.err << "interrupted: nothing was written\n";
    return ExitCode::interrupted;
  }
}

ExitCode parse_and_act(std::vector<std::string> args, const Console& console) {
  CLI::App program{overview, "fleetwatt"};
  program.footer(exit_codes);
  program.set_version_flag("--version", fmt::format("fleetwatt {}", version()));
  program.require_subcommand(1);
  program.fallthrough(false);
  Action chosen;
  add_run(program, console, chosen);
  add_validate(program, console, chosen);
  add_show(program, console, chosen);
  add_schema(program, console, chosen);
  add_export(program, console, chosen);
  add_sweep(program, console, chosen);
  add_compare(program, console, chosen);
  add_claims(program, console, chosen);
  add_explain(program, console, chosen);
  add_calibrate(program, console, chosen);
  add_completion(program, console, chosen);
  if (args.empty()) {
    console.err << program.help();
    return ExitCode::bad_input;
  }
  std::vector<std::string> names;
  for (const auto* command : program.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  if (!args.front().starts_with('-') && std::ranges::find(names, args.front()) == names.end()) {
    const auto mend = scenarios::suggestion(args.front(), names);
    console.err << error_text(fmt::format("error: no command `{}`: {}\n", args.front(), mend), console.err_screen);
    return ExitCode::bad_input;
  }
  try {
    std::ranges::reverse(args);  // as CLI11 wants them
    program.parse(args);
  } catch (const CLI::ParseError& error) {
    const int code = program.exit(error, console.out, console.err);
    return code == 0 ? ExitCode::ok : ExitCode::bad_input;
  }
  return guarded(chosen, console);
}

}  // namespace

ExitCode run_command_line(std::vector<std::string> args, const Console& console) {
  CleanStream out(console.out, console.screen.colour);
  CleanStream err(console.err, console.err_screen.colour);
  err << std::unitbuf;  // at once, so that it and the bar come in order
  const Console cleaned{
      out, err, console.err_is_terminal, console.before_audit, &console.err, console.screen, console.err_screen};
  const ExitCode code = parse_and_act(std::move(args), cleaned);
  const int fault = out.finish();
  if (fault == 0) return code;
  if (fault != EPIPE) err << fmt::format("error: standard output: could not write it: {}\n", std::strerror(fault));
  return code == ExitCode::ok || code == ExitCode::check_failed ? ExitCode::io : code;
}

}  // namespace fleetwatt::analysis
