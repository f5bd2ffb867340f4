// Which replica of a pool serves a request. Both policies are free of state that replicas would have to share, so that
// each replica runs alone through a tick.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "models/workload/request.hpp"
#include "sim/random_stream.hpp"

namespace fleetwatt::models {

enum class RouterPolicy { round_robin, hash };

struct RouterEntry {
  std::string_view name;
  std::string_view meaning;
  RouterPolicy policy;
};

inline constexpr std::array router_policies = {
    RouterEntry{"round-robin", "replicas in turn, in order of arrival at the site", RouterPolicy::round_robin},
    RouterEntry{"hash", "by a hash of the request, as when sessions stick to a replica", RouterPolicy::hash}};

class RequestRouter {
 public:
  RequestRouter(RouterPolicy policy, std::size_t replicas) : policy_(policy), replicas_(replicas) {}

  [[nodiscard]] std::size_t replica_for(const Request& request) {
    if (policy_ == RouterPolicy::hash) return sim::mix(request.id, replicas_) % replicas_;
    return next_++ % replicas_;
  }

 private:
  RouterPolicy policy_;
  std::size_t replicas_;
  std::size_t next_ = 0;
};

}  // namespace fleetwatt::models
