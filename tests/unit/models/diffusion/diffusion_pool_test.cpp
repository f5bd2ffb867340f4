#include "models/diffusion/diffusion_pool.hpp"

#include <catch2/catch.hpp>

#include "tests/examples/diffusion_examples.hpp"

using namespace fleetwatt;
using models::BatchTableEntry;
using models::DiffusionReplica;

namespace {

sim::Duration seconds(double value_s) {
  return sim::Duration::from_s(value_s);
}
sim::SimTime at(double time_s) {
  return sim::SimTime::at(seconds(time_s));
}
models::Request arriving(double time_s, std::uint64_t id = 0) {
  return {.arrival = at(time_s), .id = id, .prompt_tokens = 1, .output_tokens = 1};
}

/// One takes 10 s and 1,000 J, two 15 s and 1,800 J.
const std::vector<BatchTableEntry> table = {{seconds(10), 1000.0}, {seconds(15), 1800.0}};

std::vector<double> in_seconds(const std::vector<sim::Duration>& latencies) {
  std::vector<double> values;
  for (const auto latency : latencies) values.push_back(latency.s());
  return values;
}

}  // namespace

TEST_CASE("what waits when the replica is free is made together, up to the limit", "[diffusion]") {
  DiffusionReplica replica(table, 70.0, seconds(60));
  for (const double arrival_s : {1.0, 2.0, 3.0, 4.0}) replica.submit(arriving(arrival_s));
  std::vector<sim::Duration> latencies;
  replica.run_until(at(60), latencies);
  // 1..11 the first alone; 11..26 the second and third; 26..36 the fourth
  CHECK(in_seconds(latencies) == std::vector<double>{10, 24, 23, 32});
  CHECK(replica.batches() == 3);
  CHECK(replica.busy_s() == Approx(35));
  CHECK(replica.counted_active_j() == Approx(3800));
  const auto energy = replica.take_tick_energy();
  CHECK(energy.active_j == Approx(3800));
  CHECK(energy.idle_j == Approx(70 * 25));
  CHECK(replica.waiting() == 0);
  CHECK(replica.running() == 0);
}

TEST_CASE("a queue of batches stands while a batch left some waiting", "[diffusion]") {
  DiffusionReplica replica(table, 70.0, seconds(30));
  for (const double arrival_s : {1.0, 1.0, 1.0, 1.0, 1.0}) replica.submit(arriving(arrival_s));
  std::vector<sim::Duration> latencies;
  replica.run_until(at(30), latencies);  // 1..16 two, 16..31 two, then one
  CHECK(replica.standing_queue().time_s == 15.0);
  CHECK(replica.standing_queue().done == 2);
  CHECK(replica.standing_queue().unfinished_s == 14.0);
  CHECK(replica.overdue(std::nullopt) == 0);
  CHECK(replica.overdue(seconds(28)) == 3);  // two in the batch, one waiting
  CHECK(replica.overdue(seconds(29)) == 0);
  replica.run_until(at(60), latencies);
  CHECK(replica.standing_queue().time_s == 30.0);
  CHECK(replica.standing_queue().done == 4);
  CHECK(replica.standing_queue().unfinished_s == 0.0);
}

TEST_CASE("a batch goes on across ticks, its energy is metered tick by tick", "[diffusion]") {
  DiffusionReplica replica(table, 70.0, seconds(60));
  replica.submit(arriving(56));
  std::vector<sim::Duration> latencies;
  replica.run_until(at(60), latencies);
  CHECK(latencies.empty());
  CHECK(replica.running() == 1);
  CHECK(replica.take_tick_energy().active_j == Approx(400));
  CHECK(replica.counted_active_j() == Approx(400));
  CHECK(replica.busy_s() == Approx(4));
  replica.run_until(at(120), latencies);
  CHECK(in_seconds(latencies) == std::vector<double>{10});
  const auto energy = replica.take_tick_energy();
  CHECK(energy.active_j == Approx(600));
  CHECK(energy.idle_j == Approx(70 * 54));
}

TEST_CASE("a request that waits over a tick's end starts at it, not before", "[diffusion]") {
  DiffusionReplica replica(table, 0.0, seconds(10));
  std::vector<sim::Duration> latencies;
  replica.submit(arriving(0));
  replica.submit(arriving(0.5));
  replica.run_until(at(10), latencies);
  CHECK(in_seconds(latencies) == std::vector<double>{10});
  CHECK(replica.waiting() == 1);
  replica.run_until(at(20), latencies);
  CHECK(in_seconds(latencies) == std::vector<double>{10, 19.5});
}

TEST_CASE("a replica sees neither a request's id nor its tokens, to the last bit", "[diffusion]") {
  DiffusionReplica plain(table, 70.0, seconds(60)), other(table, 70.0, seconds(60));
  std::vector<sim::Duration> plain_latencies, other_latencies;
  for (const double arrival_s : {0.1, 3.3, 3.7, 31.9, 58.3}) {
    plain.submit(arriving(arrival_s));
    auto request = arriving(arrival_s, 12345);
    request.prompt_tokens = 4000;
    request.output_tokens = 900;
    other.submit(request);
  }
  for (const double end_s : {60.0, 120.0}) {
    plain.run_until(at(end_s), plain_latencies);
    other.run_until(at(end_s), other_latencies);
    const auto a = plain.take_tick_energy(), b = other.take_tick_energy();
    CHECK(a.active_j == b.active_j);
    CHECK(a.idle_j == b.idle_j);
  }
  CHECK(plain_latencies.size() == 5);
  CHECK(in_seconds(plain_latencies) == in_seconds(other_latencies));
}

namespace {

/// Prompts of a length, four of them at odd moments.
models::AnyArrivals prompts_of(std::int32_t tokens) {
  auto trace = std::make_shared<models::RequestTrace>();
  for (const double time_s : {0.0, 3.0, 20.0, 21.0}) trace->entries.push_back({seconds(time_s), tokens, 1});
  trace->period = seconds(1e5);
  return models::TraceReplay({.trace = trace, .copy_offsets = {sim::Duration()}, .repeat = false});
}

models::DiffusionPool pool_of(models::AnyArrivals arrivals, int replicas, models::LatencyTarget target = {}) {
  return {{.name = "pool",
           .replicas = replicas,
           .replica_idle_w = 70,
           .router = models::RouterPolicy::round_robin,
           .target = target,
           .tick = seconds(60),
           .run_start = sim::utc_from_civil({.year = 2024, .month = 6, .day = 5})},
          table,
          std::move(arrivals),
          {models::DemandShape::flat, sim::TimeZone::utc()}};
}

}  // namespace

TEST_CASE("a pool deals requests in turn, counts them, and holds them to their target", "[diffusion]") {
  models::LatencyTarget target;
  target.latency = seconds(12);
  auto pool = pool_of(prompts_of(10), 2, target);
  pool.run_until(at(60));
  const auto counts = pool.take_counts();
  CHECK(counts.arrived == 4);
  CHECK(counts.done == 4);
  CHECK(counts.met_target == 4);  // two replicas, no request waits: 10 s each
  CHECK(counts.latency.quantile_s(0.5) == Approx(10).epsilon(0.01));
  CHECK(pool.iterations() == 4);
  CHECK(pool.counted_active_j() == Approx(4000));
  auto alone = pool_of(prompts_of(10), 1, target);
  alone.run_until(at(60));
  CHECK(alone.take_counts().met_target < 4);
}

TEST_CASE("the energy of an image does not depend on its prompt, to the last bit", "[diffusion]") {
  auto brief = pool_of(prompts_of(3), 1);
  auto wordy = pool_of(prompts_of(300), 1);
  for (const double end_s : {60.0, 120.0}) {
    brief.run_until(at(end_s));
    wordy.run_until(at(end_s));
    const auto a = brief.take_tick_energy(), b = wordy.take_tick_energy();
    CHECK(a.active_j == b.active_j);
    CHECK(a.idle_j == b.idle_j);
  }
  CHECK(brief.counted_active_j() == wordy.counted_active_j());
}
