#include "analysis/cli/progress_bar.hpp"

#include <fmt/format.h>

#include <ostream>

namespace fleetwatt::analysis {

ProgressBar::~ProgressBar() {
  if (shown_) drawing() << "\r\033[K" << std::flush;
}

void ProgressBar::operator()(double share, const std::string& note) {
  const auto now = std::chrono::steady_clock::now();
  if (!console_.err_is_terminal || now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  shown_ = true;
  constexpr int width = 40;
  const int filled = static_cast<int>(share * width);
  drawing() << fmt::format("\r[{:#<{}}{:.<{}}] {:3.0f} %{}\033[K", "", filled, "", width - filled, share * 100.0,
                           note.empty() ? "" : "  " + note)
            << std::flush;
}

}  // namespace fleetwatt::analysis
