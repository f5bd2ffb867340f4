// How far a run is: a bar on the terminal, redrawn at most ten times a second and gone when its work is. Nothing where
// standard error is no terminal.
#pragma once

#include <chrono>
#include <string>

#include "analysis/cli/command_line.hpp"

namespace fleetwatt::analysis {

/// "about 3 min left", "12 s left"; empty before 2 s or 2 % are over, and at the end. elapsed_s >= 0, share 0..1.
[[nodiscard]] std::string time_left_text(double elapsed_s, double share);

class ProgressBar {
 public:
  explicit ProgressBar(const Console& console) : console_(console) {}
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// share: 0..1 of the work; `note` stands behind the bar, and the time left behind that.
  void operator()(double share, const std::string& note = {});

 private:
  [[nodiscard]] std::ostream& drawing() const { return console_.drawing != nullptr ? *console_.drawing : console_.err; }

  const Console& console_;
  double first_share_ = -1.0;  ///< of the first call: what a resumed sweep already had; below 0 before it
  std::chrono::steady_clock::time_point begin_{};
  std::chrono::steady_clock::time_point drawn_{};
  bool shown_ = false;
};

}  // namespace fleetwatt::analysis
