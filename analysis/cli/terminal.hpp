// What is at the end of a standard stream: a terminal of some width, with colours or not, or a file or a pipe.
#pragma once

#include "analysis/results/screen.hpp"

namespace fleetwatt::analysis {

/// The screen behind a file descriptor. No terminal: no limit and no colours. Its width is COLUMNS, where that is a
/// number, else what the terminal says. Colours unless NO_COLOR is set and not empty (no-color.org), or TERM is absent
/// or "dumb".
[[nodiscard]] Screen screen_of(int descriptor);

}  // namespace fleetwatt::analysis
