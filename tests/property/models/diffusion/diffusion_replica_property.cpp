// Static batching against a plain loop over time: the same latencies, energy and conservation for any arrivals and
// ticks.
#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "models/diffusion/diffusion_replica.hpp"

using namespace fleetwatt;

namespace {

int draw(int first, int last) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(first, last + 1));
}

struct Expected {
  std::vector<double> latencies_s;  ///< of batches that end by the run's end
  double finished_j = 0.0;
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
    if (start_s >= end_s || free_s > end_s) break;
    for (; first < last; ++first) expected.latencies_s.push_back(free_s - arrivals_s[first]);
    expected.finished_j += entry.energy_j;
  }
  return expected;
}

}  // namespace

TEST_CASE("a replica of images makes what a plain loop makes", "[property]") {
  CHECK(rc::check("static batches", [] {
    std::vector<models::BatchTableEntry> table;
    int time_s = draw(1, 20);
    for (int i = draw(1, 5); i > 0; --i) {
      table.push_back({sim::Duration::from_whole_s(time_s), 100.0 * draw(1, 50)});
      time_s += draw(0, 10);
    }
    std::vector<int> arrivals_s;
    int now_s = 0;
    for (int i = draw(0, 60); i > 0; --i) arrivals_s.push_back(now_s += draw(0, 12));
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
    RC_ASSERT(std::abs(metered_j - replica.counted_active_j()) <= 1e-9 * (1.0 + metered_j));
    RC_ASSERT(replica.counted_active_j() >= expected.finished_j * (1.0 - 1e-12));
    RC_ASSERT(std::abs(idle_j / 70.0 + replica.busy_s() - end_s) < 1e-6);
  }));
}
