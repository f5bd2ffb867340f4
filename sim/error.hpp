// Errors as a user meets them: where, what was found, what was expected, and the mend. Each kind of failure is a type,
// because each has its own exit code (analysis/cli/exit_code.hpp).
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace fleetwatt::sim {

/// A place in a file. `line` and `column` count from 1; 0 means "not known".
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
};

/// One fault of an input.
struct Diagnostic {
  Place place;
  std::string message;      ///< what was found and what was expected
  std::string source_line;  ///< the offending line of text, where there is one
  int width = 1;            ///< columns to underline
  std::string mend;         ///< how to put it right; may be empty
};

/// `file:line:column: error: message`, then the line, then the mend under a marker.
[[nodiscard]] std::string to_text(const Diagnostic& diagnostic);

/// Bad input: refused before the first event, with every fault that was found.
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<Diagnostic> diagnostics);
  explicit InputError(Diagnostic diagnostic) : InputError(std::vector{std::move(diagnostic)}) {}

  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

/// A file that could not be read or written; the message names it and says why.
class IoError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A conservation law did not hold: our own bug, or a test that broke one side on purpose.
class AuditError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A value outside the range in which a model's formula holds.
class OutOfRange : public std::domain_error {
 public:
  using std::domain_error::domain_error;
};

/// The user asked to stop.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

}  // namespace fleetwatt::sim
