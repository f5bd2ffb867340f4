#include "analysis/results/version.hpp"

namespace fleetwatt::analysis {

std::string_view version() {
  return FLEETWATT_VERSION;
}

}  // namespace fleetwatt::analysis
