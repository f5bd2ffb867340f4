// The program's version, as the build has it.
#pragma once

#include <string>
#include <string_view>

namespace fleetwatt::analysis {

/// "0.1.0 (commit abc1234)"; with "+" behind the commit where the tree differed from it, and "0.1.0" alone where the
/// program was built outside a checkout.
[[nodiscard]] std::string version();

/// "0.1.0"
[[nodiscard]] std::string_view release();

/// "abc1234" or "abc1234+"; empty outside a checkout. In a file of its own, made by cmake/Commit.cmake.
[[nodiscard]] std::string_view commit();

/// What `version` makes of the two.
[[nodiscard]] std::string version_text(std::string_view release, std::string_view commit);

/// Hash of the file that this process runs: two builds of one version may compute differently. "unknown" where the
/// system does not show it.
[[nodiscard]] std::string build_hash();

}  // namespace fleetwatt::analysis
