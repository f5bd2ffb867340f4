// Conservation in a pool for any demand, size and policy: no request is lost or counted twice, and nothing that the
// pool adds up differs from its parts.
#include "models/serving/service_pool.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;

namespace {

int draw(int first, int last) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(first, last + 1));
}

models::AnyArrivals draw_arrivals() {
  const auto seed = static_cast<std::uint64_t>(draw(0, 1'000'000));
  if (draw(0, 1) == 0) {
    return models::PoissonArrivals({.mean_requests_per_s = 0.5 * draw(0, 20),
                                    .prompt = models::LogNormalLength{.law = {.median = 200, .sigma = 1}},
                                    .output = models::LogNormalLength{.law = {.median = 30, .sigma = 1}}},
                                   seed, "pool");
  }
  auto trace = std::make_shared<models::RequestTrace>();
  sim::Duration at;
  for (int i = draw(2, 60); i > 0; --i) {
    trace->entries.push_back({at, draw(1, 900), draw(1, 90)});
    at += sim::Duration::from_s(0.1 * draw(0, 20));
  }
  trace->period = at + sim::Duration::from_s(0.5);
  const int copies = draw(1, 4);
  return models::TraceReplay({.trace = trace,
                              .copy_offsets = models::copy_offsets(*trace, copies, seed, "service"),
                              .repeat = copies > 1 || draw(0, 1) == 0,
                              .routing_key = seed,
                              .share = {0.0, 0.1 * draw(1, 10)}});
}

}  // namespace

TEST_CASE("at every tick: arrived = done + running + waiting + rejected", "[property]") {
  CHECK(rc::check("conservation", [] {
    const int tick_s = *rc::gen::element(1, 10, 60, 300);
    const int replicas = draw(1, 5);
    const auto model = std::make_shared<const models::IterationModel>(
        tests::llama_8b(), tests::h100(), tests::rounded_h100_engine(),
        models::Deployment{.batch_limit = draw(1, 16), .kv_cache_tokens = 1.0 * draw(200, 5000)});
    models::ServicePool pool({.name = "pool",
                              .replicas = replicas,
                              .replica_idle_w = 70,
                              .router = models::router_policies[static_cast<std::size_t>(draw(0, 1))].policy,
                              .target = {},
                              .tick = sim::Duration::from_whole_s(tick_s),
                              .run_start = {1'700'000'000}},
                             model, draw_arrivals(),
                             {models::demand_shapes[static_cast<std::size_t>(draw(0, 2))].shape, sim::TimeZone::utc()});
    models::ServiceCounts total;
    models::GpuEnergy energy;
    const int ticks = 600 / tick_s;
    for (int tick = 1; tick <= ticks; ++tick) {
      pool.run_until(sim::SimTime::at(sim::Duration::from_whole_s(tick * tick_s)));
      total.merge(pool.take_counts());
      energy += pool.take_tick_energy();
      RC_ASSERT(total.arrived == total.done + pool.running() + pool.waiting() + total.rejected);
      RC_ASSERT(total.rejected == pool.rejected());
      RC_ASSERT(total.time_to_first_token.count() == total.done);
      RC_ASSERT(total.time_per_output_token.count() <= total.done);
      RC_ASSERT(total.met_target == total.done);  // no target
    }
    const double run_s = 600.0 * replicas;
    RC_ASSERT(pool.busy_s() <= run_s);
    // Readings of a clock of 2^-34 s at both ends of an iteration of 7 ms or more: within 2e-8.
    RC_ASSERT(std::fabs(energy.active_j - pool.counted_active_j()) <= 2e-8 * pool.counted_active_j());
    RC_ASSERT(std::fabs(energy.idle_j / 70 + pool.busy_s() - run_s) <= 1e-9 * run_s);
  }));
}
