// Where a pool's requests come from: a Poisson stream at a rate that is constant within a tick, or the replay of a
// trace. Poisson streams split by fractions are independent, so each pool draws its own share from its own streams.
#pragma once

#include <variant>
#include <vector>

#include "models/workload/demand_curve.hpp"
#include "models/workload/request.hpp"
#include "models/workload/request_trace.hpp"
#include "models/workload/token_lengths.hpp"

namespace fleetwatt::models {

struct PoissonSpec {
  double mean_requests_per_s = 0.0;  ///< of this pool, over the week
  AnyLength prompt;
  AnyLength output;
};

class PoissonArrivals {
 public:
  /// pool: the name that keys the streams.
  PoissonArrivals(PoissonSpec spec, std::uint64_t seed, std::string_view pool);

  /// As TraceReplay::append_tick.
  void append_tick(sim::SimTime start, sim::Duration length, double factor, std::vector<Request>& out);

 private:
  PoissonSpec spec_;
  sim::RandomStream gaps_;
  sim::RandomStream prompts_;
  sim::RandomStream outputs_;
  double to_next_ = 0.0;  ///< expected requests until the next one arrives
  std::uint64_t next_id_ = 0;
};

using AnyArrivals = std::variant<PoissonArrivals, TraceReplay>;

/// The arrivals of one tick, [start, end), at the curve's mean over it; appended to `out`, by time.
void append_tick(AnyArrivals& arrivals, const DemandCurve& curve, sim::UtcSeconds run_start, sim::SimTime start,
                 sim::SimTime end, std::vector<Request>& out);

}  // namespace fleetwatt::models
