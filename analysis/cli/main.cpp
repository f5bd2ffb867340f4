// The process around the program: Ctrl-C, terminals, standard streams.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <new>

#include "analysis/cli/clean_stream.hpp"
#include "analysis/cli/command_line.hpp"
#include "analysis/cli/stop_signal.hpp"
#include "analysis/cli/terminal.hpp"

namespace {

/// A standard stream that the caller closed would be the first file that is opened, and messages would go into it.
void open_closed_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0) continue;
    if (::open("/dev/null", O_RDONLY) < 0) return;  // the lowest that is free: this one. Writing to it fails
  }
}

}  // namespace

int main(int argc, char** argv) {
  using namespace fleetwatt::analysis;
  std::signal(SIGXFSZ, SIG_IGN);  // a file above the limit is then an error that names it, not a dead process
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is then a fault of writing, and what is unfinished is cleared away
  open_closed_streams();
  catch_stop_signals();
  const Console console{.out = std::cout,
                        .err = std::cerr,
                        .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
                        .screen = screen_of(STDOUT_FILENO),
                        .err_screen = screen_of(STDERR_FILENO)};
  try {
    return static_cast<int>(run_command_line({argv + 1, argv + argc}, console));
  } catch (const std::bad_alloc&) {
    std::cerr << "error: out of memory; `fleetwatt validate` says what a run takes, and what of it takes the most\n";
    return static_cast<int>(ExitCode::io);
  } catch (const std::exception& error) {
    std::cerr << "fleetwatt: internal error, please report it: " << clean_text(error.what()) << '\n';
    return 70;
  }
}
