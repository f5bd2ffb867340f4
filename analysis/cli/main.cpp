// The process around the program: Ctrl-C, terminals, standard streams.
#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <new>

#include "analysis/cli/command_line.hpp"
#include "analysis/cli/stop_signal.hpp"

int main(int argc, char** argv) {
  using namespace fleetwatt::analysis;
  std::signal(SIGXFSZ, SIG_IGN);  // a file above the limit is then an error that names it, not a dead process
  catch_stop_signals();
  const Console console{std::cout, std::cerr, ::isatty(STDERR_FILENO) == 1};
  try {
    return static_cast<int>(run_command_line({argv + 1, argv + argc}, console));
  } catch (const std::bad_alloc&) {
    std::cerr << "error: out of memory; `fleetwatt validate` says what a run takes, and what of it takes the most\n";
    return static_cast<int>(ExitCode::io);
  } catch (const std::exception& error) {
    std::cerr << "fleetwatt: internal error, please report it: " << error.what() << '\n';
    return 70;
  }
}
