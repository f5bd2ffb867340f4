// The program's version, as the build has it.
#pragma once

#include <string>
#include <string_view>

namespace fleetwatt::analysis {

[[nodiscard]] std::string_view version();

/// Hash of the file that this process runs: two builds of one version may compute differently. "unknown" where the
/// system does not show it.
[[nodiscard]] std::string build_hash();

}  // namespace fleetwatt::analysis
