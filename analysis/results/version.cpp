#include "analysis/results/version.hpp"

#include <fmt/format.h>

namespace fleetwatt::analysis {

std::string_view release() {
  return FLEETWATT_VERSION;
}

std::string version_text(std::string_view release, std::string_view commit) {
  return commit.empty() ? std::string(release) : fmt::format("{} (commit {})", release, commit);
}

std::string version() {
  return version_text(release(), commit());
}

}  // namespace fleetwatt::analysis
