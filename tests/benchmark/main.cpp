// Runs the benchmarks, each nine times and interleaved, and ends with the ratios that README.md speaks of. Options are
// Google Benchmark's and come after ours, so they win.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/benchmark/benchmarks.hpp"

namespace fleetwatt::benchmarks {

namespace {

/// The usual table, with the medians remembered.
class MedianReporter : public benchmark::ConsoleReporter {
 public:
  MedianReporter() : ConsoleReporter(OO_Tabular) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type == Run::RT_Aggregate && run.aggregate_name == "median") medians_[run.run_name.str()] = run;
    }
    ConsoleReporter::ReportRuns(runs);
  }

  [[nodiscard]] std::optional<double> time(const std::string& name) const {
    const auto found = medians_.find(name);
    if (found == medians_.end()) return std::nullopt;
    return found->second.GetAdjustedRealTime();
  }
  [[nodiscard]] std::optional<double> rate(const std::string& name, const std::string& counter) const {
    const auto found = medians_.find(name);
    if (found == medians_.end() || !found->second.counters.contains(counter)) return std::nullopt;
    return found->second.counters.at(counter).value;
  }

 private:
  std::map<std::string, Run> medians_;
};

void print_ratio(const MedianReporter& medians, const char* meaning, const std::string& slow, const std::string& fast) {
  const auto a = medians.time(slow);
  const auto b = medians.time(fast);
  if (a && b) fmt::print("{:<66} {:>8.2f}\n", meaning, *a / *b);
}

void print_rate(const MedianReporter& medians, const char* meaning, const std::string& name, const char* counter) {
  if (const auto rate = medians.rate(name, counter))
    fmt::print("{:<66} {:>8.2f} million a second\n", meaning, *rate * 1e-6);
}

void print_figures(const MedianReporter& medians) {
  fmt::print("\n");
  print_ratio(medians, "two threads over one, compute-bound loop", "threads/compute_bound_loop/1/real_time",
              "threads/compute_bound_loop/2/real_time");
  print_ratio(medians, "two threads over one, sixteen sites", "threads/sixteen_sites/1/real_time",
              "threads/sixteen_sites/2/real_time");
  print_ratio(medians, "two threads over one, sweep of 64 one-site weeks", "sweep/64_weeks/1/real_time",
              "sweep/64_weeks/2/real_time");
  for (const std::string model : {"hold", "hold_ties", "hold_bimodal"}) {
    for (const std::string pending : {"1000", "100000", "1000000"}) {
      const std::string meaning = fmt::format("{}: pending event set over std::priority_queue, {}", model, pending);
      print_ratio(medians, meaning.c_str(), model + "/std_priority_queue/" + pending, model + "/fleetwatt/" + pending);
    }
  }
  for (const std::string pending : {"1000", "100000", "1000000"}) {
    const std::string meaning = fmt::format("hold: events, {} pending", pending);
    print_rate(medians, meaning.c_str(), "hold/fleetwatt/" + pending, "items_per_second");
  }
  print_rate(medians, "requests, default scenario on one thread", "run/built_in", "requests/s");
  print_rate(medians, "iterations, default scenario on one thread", "run/built_in", "iterations/s");
  print_rate(medians, "iterations of one busy replica", "replica/iterations", "items_per_second");
}

}  // namespace

}  // namespace fleetwatt::benchmarks

int main(int argc, char** argv) {
  using namespace fleetwatt::benchmarks;
  std::vector<std::string> options = {argv[0], "--benchmark_repetitions=9",
                                      "--benchmark_enable_random_interleaving=true",
                                      "--benchmark_display_aggregates_only=true"};
  options.insert(options.end(), argv + 1, argv + argc);
  std::vector<char*> arguments;
  for (std::string& option : options) arguments.push_back(option.data());
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;

  register_threads();
  register_hold();
  register_runs();
  register_sweeps();
  MedianReporter medians;
  benchmark::RunSpecifiedBenchmarks(&medians);
  print_figures(medians);
  benchmark::Shutdown();
  return 0;
}
