// Gathers what is wrong with a scenario, so that all of it is reported at once, in the order of the file.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenarios/schema/document.hpp"

namespace fleetwatt::scenarios {

class Diagnostics {
 public:
  /// Keeps a file's lines, so that messages can quote them.
  void add_source(const std::string& file, const std::string& text);

  void error(const Origin& origin, std::string message, std::string mend = {});
  /// Takes over what another reader found.
  void add(const sim::InputError& error);

  [[nodiscard]] bool any() const { return !found_.empty(); }
  /// Throws InputError with everything that was found, by file, line and column.
  void require_none() const;

 private:
  void quote_line(sim::Diagnostic& diagnostic) const;

  std::map<std::string, std::vector<std::string>> lines_;
  std::vector<sim::Diagnostic> found_;
};

}  // namespace fleetwatt::scenarios
