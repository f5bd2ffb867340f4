// Must not compile: see tests/CMakeLists.txt.
#include "sim/strong_id.hpp"

using SiteId = fleetwatt::sim::StrongId<struct SiteTag>;
using ClusterId = fleetwatt::sim::StrongId<struct ClusterTag>;

bool same(SiteId site, ClusterId cluster) {
  return site == cluster;
}
