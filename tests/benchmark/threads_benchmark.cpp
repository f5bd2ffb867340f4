// The same work on one thread and on two: a loop that does nothing but compute, which is the most that this machine can
// give, and a day of sixteen sites. Time is that of the wall.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <array>
#include <thread>
#include <vector>

#include "analysis/run/run_scenario.hpp"
#include "tests/benchmark/benchmarks.hpp"

namespace fleetwatt::benchmarks {

namespace {

/// Eight chains of multiplications and additions, so that a core's arithmetic units are full.
double compute(std::int64_t steps) {
  std::array<double, 8> chains = {1, 2, 3, 4, 5, 6, 7, 8};
  for (std::int64_t i = 0; i < steps; ++i) {
    for (double& x : chains) x = x * 0.999999 + 1e-3;
  }
  double sum = 0.0;
  for (const double x : chains) sum += x;
  return sum;
}

void compute_bound_loop(benchmark::State& state) {
  constexpr std::int64_t steps = 200'000'000;
  const std::int64_t threads = state.range(0);
  for (auto _ : state) {
    std::vector<std::thread> others;
    for (std::int64_t i = 1; i < threads; ++i) {
      others.emplace_back([&] { benchmark::DoNotOptimize(compute(steps / threads)); });
    }
    benchmark::DoNotOptimize(compute(steps / threads));
    for (auto& thread : others) thread.join();
  }
}

void sixteen_sites(benchmark::State& state) {
  double requests = 0.0;
  double load_w = 0.0;
  analysis::RunOptions options;
  options.threads = static_cast<int>(state.range(0));
  for (auto _ : state) {
    const auto run = analysis::run_scenario(
        scenarios::load_scenario(FLEETWATT_SOURCE_DIR "/tests/benchmark/sixteen-sites.toml", {}), options);
    requests += static_cast<double>(run.result.services.front().counts.arrived);
    load_w = run.result.peak.load_w;
  }
  state.counters["requests/s"] = benchmark::Counter(requests, benchmark::Counter::kIsRate);
  state.SetLabel(fmt::format("peak {:.17g} W", load_w));  // the same for any number of threads
}

}  // namespace

void register_threads() {
  const auto add = [](const char* name, void (*body)(benchmark::State&)) {
    benchmark::RegisterBenchmark(name, body)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
  };
  add("threads/compute_bound_loop", compute_bound_loop);
  add("threads/sixteen_sites", sixteen_sites);
}

}  // namespace fleetwatt::benchmarks
