// One thread's speed: the default scenario from loading to the audit, and the iterations of one replica that is kept
// busy.
#include <benchmark/benchmark.h>

#include "analysis/run/run_scenario.hpp"
#include "models/serving/replica.hpp"
#include "tests/benchmark/benchmarks.hpp"
#include "tests/examples/serving_examples.hpp"

namespace fleetwatt::benchmarks {

namespace {

void built_in(benchmark::State& state) {
  double requests = 0.0;
  double iterations = 0.0;
  for (auto _ : state) {
    const auto run = analysis::run_scenario(
        scenarios::load_scenario(FLEETWATT_SOURCE_DIR "/scenarios/library/two-regions/built-in.toml", {}), {});
    requests += static_cast<double>(run.result.services.front().counts.arrived);
    iterations += static_cast<double>(run.result.services.front().iterations);
  }
  state.counters["requests/s"] = benchmark::Counter(requests, benchmark::Counter::kIsRate);
  state.counters["iterations/s"] = benchmark::Counter(iterations, benchmark::Counter::kIsRate);
}

/// Llama 3.1 8B on one H100; requests alike, 1000 tokens in and 200 out, evenly apart: some twenty-five in a batch.
void replica_iterations(benchmark::State& state) {
  const sim::Duration tick = sim::Duration::from_whole_s(300);
  const sim::Duration gap = sim::Duration::from_s(0.1);
  const models::IterationModel model(tests::llama_8b(), tests::h100(), tests::rounded_h100_engine(), {});
  models::Replica replica(model, {.idle_w = 70, .tick = tick});
  std::vector<models::CompletedRequest> completed;
  models::Request request{.arrival = {}, .id = 0, .prompt_tokens = 1000, .output_tokens = 200};
  sim::SimTime end;
  for (auto _ : state) {
    end += tick;
    completed.clear();
    for (; request.arrival < end; request.arrival += gap, ++request.id) replica.submit(request);
    replica.run_until(end, completed);
    benchmark::DoNotOptimize(replica.take_tick_energy());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(replica.iterations()));
  state.counters["requests/s"] = benchmark::Counter(static_cast<double>(request.id), benchmark::Counter::kIsRate);
}

}  // namespace

void register_runs() {
  benchmark::RegisterBenchmark("run/built_in", built_in)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("replica/iterations", replica_iterations)->Unit(benchmark::kMicrosecond);
}

}  // namespace fleetwatt::benchmarks
