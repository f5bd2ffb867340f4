// A sweep of 64 one-site weeks on one thread and on two, from the grid to the file; beside it (threads/...) what two
// threads give a plain loop. And a sweep of 200 runs of one hour, in which reading, checking and writing weigh most.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <filesystem>

#include "analysis/sweep/run_sweep.hpp"
#include "tests/benchmark/benchmarks.hpp"

namespace fleetwatt::benchmarks {

namespace {

void sweep(benchmark::State& state, const std::string& vary, std::vector<std::string> overrides) {
  const auto output = std::filesystem::temp_directory_path() / fmt::format("fleetwatt-bench-{}.h5", state.range(0));
  analysis::SweepRequest request;
  request.scenario = FLEETWATT_SOURCE_DIR "/tests/benchmark/one-site-week.toml";
  request.vary = {vary};
  request.overrides = std::move(overrides);
  request.output = output.string();
  request.threads = static_cast<int>(state.range(0));
  request.force = true;
  double runs = 0.0;
  double energy_mwh = 0.0;
  for (auto _ : state) {
    const auto outcome = analysis::run_sweep(request, {});
    runs += static_cast<double>(outcome.finished);
    energy_mwh = outcome.results.fleet_total("energy_mwh", 0);
  }
  std::filesystem::remove(output);
  state.counters["runs/s"] = benchmark::Counter(runs, benchmark::Counter::kIsRate);
  state.SetLabel(fmt::format("energy {:.17g} MWh", energy_mwh));  // the same for any number of threads
}

void weeks(benchmark::State& state) {
  sweep(state, "site.a.cooling.supply_air_c=18:27:64", {});
}

void hours(benchmark::State& state) {
  sweep(state, "site.a.cooling.supply_air_c=18:27:200", {"scenario.duration=1h"});
}

}  // namespace

void register_sweeps() {
  benchmark::RegisterBenchmark("sweep/64_weeks", weeks)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("sweep/200_hours", hours)->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond);
}

}  // namespace fleetwatt::benchmarks
