// How far a run is: a bar on the terminal, redrawn at most ten times a second and gone when its work is. Nothing where
// standard error is no terminal.
#pragma once

#include <chrono>
#include <string>

#include "analysis/cli/command_line.hpp"

namespace fleetwatt::analysis {

class ProgressBar {
 public:
  explicit ProgressBar(const Console& console) : console_(console) {}
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// share: 0..1 of the work; `note` stands behind the bar.
  void operator()(double share, const std::string& note = {});

 private:
  [[nodiscard]] std::ostream& drawing() const { return console_.drawing != nullptr ? *console_.drawing : console_.err; }

  const Console& console_;
  std::chrono::steady_clock::time_point drawn_{};
  bool shown_ = false;
};

}  // namespace fleetwatt::analysis
