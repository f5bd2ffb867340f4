// The program's version, as the build has it.
#pragma once

#include <string_view>

namespace fleetwatt::analysis {

[[nodiscard]] std::string_view version();

}  // namespace fleetwatt::analysis
