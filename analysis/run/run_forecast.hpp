// What a run will take, before it starts: time, memory, results. Each part of a fleet is counted (iterations, requests,
// jobs, ticks), and a count costs what tests/benchmark/README.md measured. Leaves out: that cores differ; that queues
// build up by chance below capacity; hours of a trace that differ from its mean.
#pragma once

#include <string>
#include <vector>

#include "scenarios/loader/build_fleet.hpp"

namespace fleetwatt::analysis {

struct ForecastPart {
  std::string name;  ///< "service chat", "jobs of a.training", "sites", ...
  double cpu_s = 0.0;
  double memory_bytes = 0.0;  ///< at most, at one time
  std::string memory_mend;    ///< what would make it smaller; empty where nothing simple would
};

struct RunForecast {
  double cpu_s = 0.0;         ///< of one core
  double wall_s = 0.0;        ///< with the threads there are
  double memory_bytes = 0.0;  ///< at most, the program included
  double results_bytes = 0.0;
  std::vector<ForecastPart> parts;  ///< add up to the first and the third
};

/// threads >= 1.
[[nodiscard]] RunForecast forecast_run(const scenarios::BuiltFleet& built, int threads);

/// Of building the fleet alone, from the scenario's text and the sizes of the files that it names: what can be known
/// before a file is read or a job is drawn.
[[nodiscard]] RunForecast forecast_building(const scenarios::LoadedScenario& loaded);

/// Throws IoError, with what takes the memory and the mend, where the forecast is above the limit. `limit_name` says
/// where the limit comes from.
void require_memory(const RunForecast& forecast, double limit_bytes, const std::string& limit_name);

/// "12 GB", "30 MB": two significant digits, powers of ten.
[[nodiscard]] std::string bytes_text(double bytes);

/// "0.3 s", "40 s", "3 min", "5 h", "2 d": one or two significant digits.
[[nodiscard]] std::string duration_text(double seconds);

}  // namespace fleetwatt::analysis
