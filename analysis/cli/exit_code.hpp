// What the program's exit code means to a script.
#pragma once

namespace fleetwatt::analysis {

enum class ExitCode : int {
  ok = 0,
  check_failed = 1,   ///< an [[expect]] was not met, or an audit failed
  bad_input = 2,      ///< a scenario, a file that it names, or the command line
  io = 3,             ///< a file could not be read or written, or memory did not suffice
  interrupted = 130,  ///< Ctrl-C
};

}  // namespace fleetwatt::analysis
