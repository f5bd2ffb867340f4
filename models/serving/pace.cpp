#include "models/serving/pace.hpp"

#include <algorithm>
#include <cmath>

namespace fleetwatt::models {

PacePoint pace_at(const std::vector<PacePoint>& points, double requests_per_s) {
  if (points.empty()) return {};
  const auto above = std::ranges::lower_bound(points, requests_per_s, {}, &PacePoint::requests_per_s);
  if (above == points.begin()) return points.front();
  if (above == points.end()) return points.back();
  const PacePoint& a = *(above - 1);
  const double part = (requests_per_s - a.requests_per_s) / (above->requests_per_s - a.requests_per_s);
  const auto between = [&](double PacePoint::*member) { return std::lerp(a.*member, (*above).*member, part); };
  return {requests_per_s, between(&PacePoint::sequences), between(&PacePoint::iterations_per_s),
          between(&PacePoint::prompt_iterations_per_s)};
}

}  // namespace fleetwatt::models
