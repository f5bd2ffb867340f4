// Errors on the screen.
#pragma once

#include <string>
#include <string_view>

#include "analysis/results/screen.hpp"

namespace fleetwatt::analysis {

/// What sim::to_text made of diagnostics, or "error: ...": sentences wrapped, lines of a file left as they are, the
/// mend below its marker where it does not fit behind it, and `error:` in red.
[[nodiscard]] std::string error_text(std::string_view text, const Screen& screen);

}  // namespace fleetwatt::analysis
