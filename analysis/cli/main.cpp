// The process around the program: Ctrl-C, terminals, standard streams.
#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>

#include "analysis/cli/command_line.hpp"
#include "analysis/cli/stop_signal.hpp"
#include "analysis/cli/terminal.hpp"

int main(int argc, char** argv) {
  using namespace fleetwatt::analysis;
  std::signal(SIGXFSZ, SIG_IGN);  // a file above the limit is then an error that names it, not a dead process
  catch_stop_signals();
  const Console console{.out = std::cout,
                        .err = std::cerr,
                        .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
                        .screen = screen_of(STDOUT_FILENO),
                        .err_screen = screen_of(STDERR_FILENO)};
  try {
    return static_cast<int>(run_command_line({argv + 1, argv + argc}, console));
  } catch (const std::exception& error) {
    std::cerr << "fleetwatt: internal error, please report it: " << error.what() << '\n';
    return 70;
  }
}
