#include "analysis/cli/progress_bar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string_view>

#include "analysis/run/run_forecast.hpp"

namespace fleetwatt::analysis {

std::string time_left_text(double elapsed_s, double share) {
  constexpr double settled_s = 2.0, settled_share = 0.02;
  if (share <= 0.0 || share >= 1.0 || (elapsed_s < settled_s && share < settled_share)) return "";
  const double left_s = elapsed_s * (1.0 - share) / share;  // as fast as so far: the mean over the run is smooth
  if (left_s < 59.5) return fmt::format("{:.0f} s left", std::max(left_s, 1.0));
  return fmt::format("about {} left", duration_text(left_s));
}

ProgressBar::~ProgressBar() {
  if (shown_) drawing() << "\r\033[K" << std::flush;
}

void ProgressBar::operator()(double share, const std::string& note) {
  const auto now = std::chrono::steady_clock::now();
  if (first_share_ < 0.0) {
    first_share_ = share;
    begin_ = now;
  }
  if (!console_.err_is_terminal || now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  shown_ = true;
  constexpr std::size_t usual_width = 40;
  const std::size_t beside = std::string_view("[] 100 %").size() + (note.empty() ? 0 : 2 + note.size()) + 1;
  const std::size_t room = console_.err_screen.width;
  const int width = static_cast<int>(room == 0 ? usual_width : std::min(usual_width, room - std::min(room, beside)));
  const int filled = static_cast<int>(share * width);
  const double done = (share - first_share_) / (1.0 - first_share_);
  const std::string left = time_left_text(std::chrono::duration<double>(now - begin_).count(), done);
  drawing() << fmt::format("\r[{:#<{}}{:.<{}}] {:3.0f} %{}{}\033[K", "", filled, "", width - filled, share * 100.0,
                           note.empty() ? "" : "  " + note, left.empty() ? "" : "  " + left)
            << std::flush;
}

}  // namespace fleetwatt::analysis
