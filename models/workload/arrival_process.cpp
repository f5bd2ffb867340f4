#include "models/workload/arrival_process.hpp"

namespace fleetwatt::models {

PoissonArrivals::PoissonArrivals(PoissonSpec spec, std::uint64_t seed, std::string_view pool)
    : spec_(std::move(spec)),
      gaps_(seed, pool, "arrival gaps"),
      prompts_(seed, pool, "prompt lengths"),
      outputs_(seed, pool, "output lengths"),
      to_next_(sim::draw_exponential(gaps_, 1.0)) {}

void PoissonArrivals::append_tick(sim::SimTime start, sim::Duration length, double factor, std::vector<Request>& out) {
  const double per_s = spec_.mean_requests_per_s * factor;
  const double expected = per_s * length.s();
  double at = to_next_;
  for (; at < expected; at += sim::draw_exponential(gaps_, 1.0)) {
    const auto after_start = std::min(sim::Duration::from_s(at / per_s), length - sim::Duration::from_ticks(1));
    out.push_back(
        {start + after_start, next_id_++, draw_tokens(spec_.prompt, prompts_), draw_tokens(spec_.output, outputs_)});
  }
  to_next_ = at - expected;
}

void append_tick(AnyArrivals& arrivals, const DemandCurve& curve, sim::UtcSeconds run_start, sim::SimTime start,
                 sim::SimTime end, std::vector<Request>& out) {
  const auto utc = [&](sim::SimTime time) { return sim::UtcSeconds{run_start.value + time.since_start().whole_s()}; };
  const double factor = curve.mean_over(utc(start), utc(end));
  std::visit([&](auto& process) { process.append_tick(start, end - start, factor, out); }, arrivals);
}

}  // namespace fleetwatt::models
