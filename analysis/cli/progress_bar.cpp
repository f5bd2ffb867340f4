#include "analysis/cli/progress_bar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string_view>

namespace fleetwatt::analysis {

ProgressBar::~ProgressBar() {
  if (shown_) console_.err << "\r\033[K" << std::flush;
}

void ProgressBar::operator()(double share, const std::string& note) {
  const auto now = std::chrono::steady_clock::now();
  if (!console_.err_is_terminal || now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  shown_ = true;
  constexpr std::size_t usual_width = 40;
  const std::size_t beside = std::string_view("[] 100 %").size() + (note.empty() ? 0 : 2 + note.size()) + 1;
  const std::size_t room = console_.err_screen.width;
  const int width = static_cast<int>(room == 0 ? usual_width : std::min(usual_width, room - std::min(room, beside)));
  const int filled = static_cast<int>(share * width);
  console_.err << fmt::format("\r[{:#<{}}{:.<{}}] {:3.0f} %{}\033[K", "", filled, "", width - filled, share * 100.0,
                              note.empty() ? "" : "  " + note)
               << std::flush;
}

}  // namespace fleetwatt::analysis
