// Parallel loops: every index once, the same result on any number of threads, the exception of the lowest index.
#include "sim/parallel_for.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "sim/random_stream.hpp"

namespace fleetwatt::sim {

namespace {

/// Unequal work, each item in its own slot.
std::vector<double> results_on(int threads) {
  ThreadTeam team(threads);
  std::vector<double> results(500);
  team.parallel_for(results.size(), [&](std::size_t i) {
    RandomStream stream(1, "item-" + std::to_string(i), "work");
    double sum = 0.0;
    for (std::size_t draw = 0; draw < i; ++draw) sum += stream.uniform();
    results[i] = sum;
  });
  return results;
}

}  // namespace

TEST_CASE("the machine offers at least one thread", "[unit][parallel]") {
  CHECK(hardware_threads() >= 1);
}

TEST_CASE("a team keeps its number of threads", "[unit][parallel]") {
  CHECK(ThreadTeam(1).threads() == 1);
  CHECK(ThreadTeam(3).threads() == 3);
}

TEST_CASE("each index is called once", "[unit][parallel]") {
  const int threads = GENERATE(1, 2, 4);
  const std::size_t count = GENERATE(0U, 1U, 2U, 3U, 1000U);
  ThreadTeam team(threads);
  std::vector<std::atomic<int>> calls(count);
  team.parallel_for(count, [&](std::size_t i) { calls[i].fetch_add(1); });
  std::size_t once = 0;
  for (const auto& call : calls) once += call.load() == 1 ? 1U : 0U;
  CHECK(once == count);
}

TEST_CASE("one, two and four threads give the same bits", "[unit][parallel]") {
  const auto serial = results_on(1);
  CHECK(results_on(2) == serial);
  CHECK(results_on(4) == serial);
}

TEST_CASE("a team's threads work at the same time", "[unit][parallel]") {
  const int threads = GENERATE(2, 3);
  ThreadTeam team(threads);
  std::atomic<int> inside{0};
  std::atomic<bool> all_met{false};
  team.parallel_for(static_cast<std::size_t>(threads), [&](std::size_t) {
    inside.fetch_add(1);
    // Each waits for all the others: with fewer threads than that nobody else would ever come.
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!all_met && std::chrono::steady_clock::now() < patience) {
      if (inside.load() == threads) all_met = true;
      std::this_thread::yield();
    }
  });
  CHECK(all_met);
}

TEST_CASE("a team serves many loops", "[unit][parallel]") {
  ThreadTeam team(2);
  std::vector<int> slots(100, 0);
  for (int round = 0; round < 50; ++round) team.parallel_for(slots.size(), [&](std::size_t i) { ++slots[i]; });
  CHECK(slots == std::vector<int>(100, 50));
}

TEST_CASE("the exception of the lowest index comes through, after all have ended", "[unit][parallel]") {
  const int threads = GENERATE(1, 2, 4);
  ThreadTeam team(threads);
  std::atomic<int> ended{0};
  const auto loop = [&] {
    ended = 0;
    team.parallel_for(100, [&](std::size_t i) {
      ended.fetch_add(1);
      if (i % 10 == 7) throw std::runtime_error("item " + std::to_string(i));
    });
  };
  for (int repeat = 0; repeat < 20; ++repeat) {
    CHECK_THROWS_WITH(loop(), "item 7");
    CHECK(ended.load() == 100);
  }
}

TEST_CASE("a team works on after an exception", "[unit][parallel]") {
  ThreadTeam team(2);
  CHECK_THROWS_WITH(team.parallel_for(1, [](std::size_t) { throw std::runtime_error("once"); }), "once");
  std::vector<int> slots(10, 0);
  team.parallel_for(slots.size(), [&](std::size_t i) { slots[i] = 1; });
  CHECK(slots == std::vector<int>(10, 1));
}

}  // namespace fleetwatt::sim
