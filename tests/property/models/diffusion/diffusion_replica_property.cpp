// Static batching against a plain loop over time: the same latencies, energy and conservation for any arrivals and
// ticks.
#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "models/diffusion/diffusion_pool.hpp"

using namespace fleetwatt;

namespace {

int draw(int first, int last) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(first, last + 1));
}

struct Expected {
  std::vector<double> latencies_s;  ///< of batches that end by the run's end
  double active_j = 0.0;            ///< of all batches, the last one up to the run's end
  double busy_s = 0.0;
};

/// In whole seconds, request by request.
Expected by_hand(const std::vector<int>& arrivals_s, const std::vector<models::BatchTableEntry>& table, int end_s) {
  Expected expected;
  double free_s = 0.0;
  for (std::size_t first = 0; first < arrivals_s.size();) {
    const double start_s = std::max<double>(free_s, arrivals_s[first]);
    std::size_t last = first;
    while (last < arrivals_s.size() && last - first < table.size() && arrivals_s[last] <= start_s) ++last;
    const auto& entry = table[last - first - 1];
    free_s = start_s + entry.time.s();
    if (start_s >= end_s) break;
    const double made_s = std::min<double>(free_s, end_s) - start_s;
    expected.active_j += entry.energy_j * made_s / entry.time.s();
    expected.busy_s += made_s;
    if (free_s > end_s) break;
    for (; first < last; ++first) expected.latencies_s.push_back(free_s - arrivals_s[first]);
  }
  return expected;
}

}  // namespace

namespace {

/// Batches of up to five; a larger one takes as long or longer.
std::vector<models::BatchTableEntry> draw_table() {
  std::vector<models::BatchTableEntry> table;
  int time_s = draw(1, 20);
  for (int i = draw(1, 5); i > 0; --i) {
    table.push_back({sim::Duration::from_whole_s(time_s), 100.0 * draw(1, 50)});
    time_s += draw(0, 10);
  }
  return table;
}

std::vector<int> draw_arrivals_s(int least) {
  std::vector<int> arrivals_s;
  int now_s = 0;
  for (int i = draw(least, 60); i > 0; --i) arrivals_s.push_back(now_s += draw(0, 12));
  return arrivals_s;
}

void assert_equal(double a, double b) {
  RC_ASSERT(std::abs(a - b) <= 1e-9 * (1.0 + std::abs(b)));
}

models::DiffusionPool pool_of(const std::vector<int>& arrivals_s, const std::vector<models::BatchTableEntry>& table,
                              int replicas, int tick_s) {
  auto trace = std::make_shared<models::RequestTrace>();
  for (const int time_s : arrivals_s) trace->entries.push_back({sim::Duration::from_whole_s(time_s), 1, 1});
  trace->period = sim::Duration::from_whole_s(100000);
  return {{.name = "pool",
           .replicas = replicas,
           .replica_idle_w = 70,
           .router = models::RouterPolicy::round_robin,
           .target = {},
           .tick = sim::Duration::from_whole_s(tick_s),
           .run_start = sim::utc_from_civil({.year = 2024, .month = 6, .day = 5})},
          table,
          models::TraceReplay({.trace = trace, .copy_offsets = {sim::Duration()}, .repeat = false}),
          {models::DemandShape::flat, sim::TimeZone::utc()}};
}

}  // namespace

TEST_CASE("a replica of images makes what a plain loop makes", "[property]") {
  CHECK(rc::check("static batches", [] {
    const auto table = draw_table();
    const auto arrivals_s = draw_arrivals_s(0);
    const int tick_s = *rc::gen::element(7, 60, 300);
    const int end_s = tick_s * draw(1, 900 / tick_s + 1);

    models::DiffusionReplica replica(table, 70.0, sim::Duration::from_whole_s(tick_s));
    std::vector<sim::Duration> latencies;
    double metered_j = 0.0, idle_j = 0.0;
    std::size_t next = 0;
    for (int tick_end_s = tick_s; tick_end_s <= end_s; tick_end_s += tick_s) {
      for (; next < arrivals_s.size() && arrivals_s[next] < tick_end_s; ++next)
        replica.submit({.arrival = sim::SimTime::at(sim::Duration::from_whole_s(arrivals_s[next])),
                        .id = next,
                        .prompt_tokens = 1,
                        .output_tokens = 1});
      replica.run_until(sim::SimTime::at(sim::Duration::from_whole_s(tick_end_s)), latencies);
      const auto energy = replica.take_tick_energy();
      metered_j += energy.active_j;
      idle_j += energy.idle_j;
    }
    const Expected expected = by_hand(arrivals_s, table, end_s);
    RC_ASSERT(latencies.size() == expected.latencies_s.size());
    for (std::size_t i = 0; i < latencies.size(); ++i) RC_ASSERT(latencies[i].s() == expected.latencies_s[i]);
    RC_ASSERT(next == latencies.size() + replica.running() + replica.waiting());
    assert_equal(metered_j, expected.active_j);
    assert_equal(replica.counted_active_j(), expected.active_j);
    assert_equal(replica.busy_s(), expected.busy_s);
    assert_equal(idle_j, 70.0 * (end_s - expected.busy_s));
  }));
}

TEST_CASE("a pool that deals in turn makes what plain loops make of each replica's share", "[property]") {
  CHECK(rc::check("pool of static batches", [] {
    const auto table = draw_table();
    auto arrivals_s = draw_arrivals_s(2);
    const int first_s = arrivals_s.front();
    for (int& arrival_s : arrivals_s) arrival_s -= first_s;  // a trace begins with the run
    const int replicas = draw(1, 4);
    const int tick_s = *rc::gen::element(7, 60, 300);
    const int end_s = tick_s * draw(1, 900 / tick_s + 1);

    auto pool = pool_of(arrivals_s, table, replicas, tick_s);
    models::GpuEnergy energy;
    for (int tick_end_s = tick_s; tick_end_s <= end_s; tick_end_s += tick_s) {
      pool.run_until(sim::SimTime::at(sim::Duration::from_whole_s(tick_end_s)));
      energy += pool.take_tick_energy();
    }
    std::vector<std::vector<int>> dealt_s(static_cast<std::size_t>(replicas));
    std::size_t arrived = 0;
    for (; arrived < arrivals_s.size() && arrivals_s[arrived] < end_s; ++arrived)
      dealt_s[arrived % dealt_s.size()].push_back(arrivals_s[arrived]);
    double active_j = 0.0, busy_s = 0.0;
    std::size_t done = 0;
    for (const auto& share_s : dealt_s) {
      const Expected expected = by_hand(share_s, table, end_s);
      active_j += expected.active_j;
      busy_s += expected.busy_s;
      done += expected.latencies_s.size();
    }
    const auto counts = pool.take_counts();
    RC_ASSERT(counts.arrived == arrived);
    RC_ASSERT(counts.done == done);
    RC_ASSERT(counts.arrived == counts.done + pool.running() + pool.waiting());
    assert_equal(energy.active_j, active_j);
    assert_equal(pool.counted_active_j(), active_j);
    assert_equal(pool.busy_s(), busy_s);
    assert_equal(energy.idle_j, 70.0 * (replicas * end_s - busy_s));
  }));
}
