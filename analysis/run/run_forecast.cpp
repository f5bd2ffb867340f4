#include "analysis/run/run_forecast.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <numeric>
#include <string_view>
#include <utility>

#include "analysis/results/variables.hpp"
#include "analysis/run/job_backlog.hpp"
#include "scenarios/loader/file_text.hpp"
#include "sim/error.hpp"
#include "sim/units.hpp"

namespace fleetwatt::analysis {

namespace {

// What a count costs on one core of an AMD EPYC (Zen 5), release build: a fit to tests/benchmark/README.md's scenarios.
namespace cost_s {
constexpr double program = 0.03;  // catalogue, scenario, summary
constexpr double iteration = 20e-9;
constexpr double prompt_iteration = 90e-9;
constexpr double request = 70e-9;  // drawn, dealt, queued
constexpr double normal_draw = 30e-9;
constexpr double done = 10e-9;
constexpr double replica_tick = 30e-9;
constexpr double pool_hour = 10e-6;
constexpr double job = 0.35e-6;
constexpr double job_passed_over = 0.33e-9;  // by one pass of a discipline that looks behind the head
constexpr double jobs_tick = 90e-9;
constexpr double site_tick = 70e-9;
constexpr double cooling_tick = 210e-9;  // of a plant whose state follows the weather
constexpr double value = 60e-9;          // of a series, into the file
constexpr double byte_read = 20e-9;
}  // namespace cost_s

namespace bytes_of {
constexpr double program = 27e6;
constexpr double queued_request = 34.0;
constexpr double arriving_request = 48.0;   // a tick's, in an array that grows
constexpr double completed_request = 96.0;  // likewise
constexpr double replica = 3000.0;
constexpr double pool = 300e3;  // histograms of latency
constexpr double job = 95.0;    // as drawn, and its record
constexpr double queued_job = 100.0;
constexpr double value = 24.0;  // of a series: in memory, in the file's image, in its bytes
constexpr double weather_hour = sizeof(models::HourlyWeather);
constexpr double read = 2.5;  // a file's text and what is made of it, a byte of the file
}  // namespace bytes_of

/// Names, units and the scenario itself, whatever the length of the run.
constexpr double empty_file_bytes = 0.07e6;
constexpr double bytes_a_value = 8.0;
constexpr double values_of_time = 3.0;  // of an hour: its start, and its two bounds

/// What passes through one pool.
struct PoolCounts {
  double iterations = 0.0;
  double prompt_iterations = 0.0;
  double arrived = 0.0;
  double done = 0.0;
  double most_queued = 0.0;
  double most_a_tick = 0.0;
};

/// Mean factor of a demand curve in each hour of the run.
std::vector<double> hourly_factors(const models::Fleet& fleet, const models::DemandCurve& curve) {
  std::vector<double> factors;
  for (std::int64_t hour = 0; hour < fleet.hours; ++hour) {
    const std::int64_t begin = fleet.start.value + hour * sim::one_hour.whole_s();
    factors.push_back(curve.mean_over({begin}, {begin + sim::one_hour.whole_s()}));
  }
  return factors;
}

/// Hour by hour: what arrives and what waits is served, up to the replicas' capacity.
PoolCounts counts_of(const scenarios::ExpectedLoad& load, const std::vector<double>& factors, double tick_s) {
  PoolCounts counts;
  const double capacity = load.capacity_per_s() * sim::seconds_per_hour;
  double left_s = load.length.s();
  double queued = 0.0;
  for (const double factor : factors) {
    const double arrived = load.requests_per_s * factor * std::min(left_s, sim::seconds_per_hour);
    left_s = std::max(0.0, left_s - sim::seconds_per_hour);
    const double offered = queued + arrived * load.accepted_fraction;
    const double done = std::min(offered, capacity);
    queued = offered - done;
    const auto pace = models::pace_at(load.pace, done / sim::seconds_per_hour / load.replicas);
    counts.iterations += load.replicas * pace.iterations_per_s * sim::seconds_per_hour;
    counts.prompt_iterations += load.replicas * pace.prompt_iterations_per_s * sim::seconds_per_hour;
    counts.arrived += arrived;
    counts.done += done;
    counts.most_queued = std::max(counts.most_queued, queued);
    counts.most_a_tick = std::max(counts.most_a_tick, load.requests_per_s * factor * tick_s);
  }
  return counts;
}

class Forecaster {
 public:
  Forecaster(const scenarios::BuiltFleet& built, int threads)
      : built_(built),
        fleet_(built.fleet),
        threads_(threads),
        hours_(static_cast<double>(fleet_.hours)),
        ticks_(hours_ * static_cast<double>(fleet_.ticks_per_hour())) {}

  RunForecast forecast() {
    add_program();
    add_services();
    add_jobs();
    add_sites();
    add_results();
    RunForecast result;
    result.parts = std::move(parts_);
    for (const auto& part : result.parts) {
      result.cpu_s += part.cpu_s;
      result.memory_bytes += part.memory_bytes;
    }
    const double together_s = std::accumulate(pools_s_.begin(), pools_s_.end(), 0.0);
    const double longest_s = pools_s_.empty() ? 0.0 : *std::ranges::max_element(pools_s_);
    result.wall_s = result.cpu_s - together_s + std::max(longest_s, together_s / threads_);
    result.results_bytes = results_bytes_;
    return result;
  }

 private:
  void add_program() {
    double read_bytes = 0.0;
    for (const auto& input : built_.inputs) read_bytes += static_cast<double>(input.bytes);
    parts_.push_back({"program", cost_s::program, bytes_of::program, ""});
    parts_.push_back({"files", read_bytes * cost_s::byte_read, read_bytes * bytes_of::read,
                      "fewer or shorter files of traces and jobs"});
  }

  void add_services() {
    std::map<std::size_t, ForecastPart> by_service;
    std::map<std::size_t, std::vector<double>> factors;
    for (const auto& load : built_.loads) {
      const std::size_t service = fleet_.pools[load.pool].service.index();
      auto& factor = factors[service];
      if (factor.empty()) factor = hourly_factors(fleet_, load.curve);
      const PoolCounts counts = counts_of(load, factor, fleet_.tick.s());
      ForecastPart& part = by_service[service];
      const double time_s = pool_s(load, counts);
      pools_s_.push_back(time_s);
      part.cpu_s += time_s;
      part.memory_bytes += pool_bytes(load, counts);
      if (counts.most_queued * bytes_of::queued_request > 0.5 * pool_bytes(load, counts))
        part.memory_mend = "its queue grows without bound: less demand, more replicas or a shorter scenario.duration";
      else if (part.memory_mend.empty())
        part.memory_mend = "a shorter scenario.tick";
    }
    for (auto& [service, part] : by_service) {
      part.name = "service " + fleet_.services[service].name;
      parts_.push_back(std::move(part));
    }
  }

  [[nodiscard]] double pool_s(const scenarios::ExpectedLoad& load, const PoolCounts& counts) const {
    return counts.iterations * cost_s::iteration + counts.prompt_iterations * cost_s::prompt_iteration +
           counts.arrived * (cost_s::request + load.normal_draws * cost_s::normal_draw) + counts.done * cost_s::done +
           ticks_ * load.replicas * cost_s::replica_tick + hours_ * cost_s::pool_hour;
  }

  [[nodiscard]] double pool_bytes(const scenarios::ExpectedLoad& load, const PoolCounts& counts) const {
    const double done_a_tick = std::min(counts.most_a_tick, load.capacity_per_s() * fleet_.tick.s());
    return (counts.most_queued + counts.most_a_tick) * bytes_of::queued_request +
           counts.most_a_tick * bytes_of::arriving_request + done_a_tick * bytes_of::completed_request +
           load.replicas * bytes_of::replica + bytes_of::pool;
  }

  void add_jobs() {
    for (const auto& pool : fleet_.pools) {
      const auto* cluster = std::get_if<models::BatchCluster>(&pool.body);
      if (cluster == nullptr) continue;
      const JobBacklog backlog = expected_backlog(cluster->jobs(), cluster->spec().gpus);
      const auto jobs = static_cast<double>(cluster->jobs().size());
      const bool looks_behind = !std::holds_alternative<models::Fcfs>(cluster->spec().discipline);
      const double time_s = jobs * cost_s::job + ticks_ * cost_s::jobs_tick +
                            (looks_behind ? backlog.waiting_seen * cost_s::job_passed_over : 0.0);
      pools_s_.push_back(time_s);
      parts_.push_back({"jobs of " + cluster->spec().name, time_s,
                        jobs * bytes_of::job + backlog.most_waiting * bytes_of::queued_job,
                        "fewer jobs or a shorter scenario.duration"});
    }
  }

  void add_sites() {
    const auto sites = static_cast<double>(fleet_.sites.size());
    const auto plants = static_cast<double>(std::ranges::count_if(fleet_.sites, [](const models::Site& site) {
      return !std::holds_alternative<models::StaticPue>(site.cooling);
    }));
    parts_.push_back({"sites", ticks_ * (sites * cost_s::site_tick + plants * cost_s::cooling_tick),
                      hours_ * sites * bytes_of::weather_hour, "fewer sites or a shorter scenario.duration"});
  }

  void add_results() {
    double values = hours_ * values_of_time;
    for (const auto& variable : variables()) values += hours_ * static_cast<double>(entities(variable.dimension));
    results_bytes_ = empty_file_bytes + values * bytes_a_value;
    parts_.push_back({"results", values * cost_s::value, values * bytes_of::value,
                      "fewer sites and clusters or a shorter scenario.duration"});
  }

  [[nodiscard]] std::size_t entities(std::string_view dimension) const {
    if (dimension == "site") return fleet_.sites.size();
    if (dimension == "region") return fleet_.regions.size();
    if (dimension == "service") return fleet_.services.size();
    return dimension == "cluster" ? fleet_.clusters.size() : 1;
  }

  const scenarios::BuiltFleet& built_;
  const models::Fleet& fleet_;
  int threads_;
  double hours_;
  double ticks_;
  std::vector<ForecastPart> parts_;
  std::vector<double> pools_s_;
  double results_bytes_ = 0.0;
};

void add_part(RunForecast& forecast, ForecastPart part) {
  forecast.cpu_s += part.cpu_s;
  forecast.memory_bytes += part.memory_bytes;
  forecast.parts.push_back(std::move(part));
}

/// Bytes of a file that the scenario names; 0 where it cannot be asked (building says why).
double file_bytes(const scenarios::LoadedScenario& loaded, const std::string& path, const std::string& written) {
  try {
    return static_cast<double>(std::filesystem::file_size(scenarios::resolve_path(written, loaded.origin_of(path))));
  } catch (const std::exception&) {
    return 0.0;
  }
}

}  // namespace

RunForecast forecast_run(const scenarios::BuiltFleet& built, int threads) {
  return Forecaster(built, threads).forecast();
}

RunForecast forecast_building(const scenarios::LoadedScenario& loaded) {
  RunForecast forecast;
  add_part(forecast, {"program", cost_s::program, bytes_of::program, ""});
  const double run_s = loaded.scenario.scenario.duration.s();
  const auto add_file = [&](const std::string& path, const std::string& written) {
    const double bytes = file_bytes(loaded, path, written);
    add_part(forecast, {written, bytes * cost_s::byte_read, bytes * bytes_of::read, "a shorter file"});
  };
  for (const auto& [name, service] : loaded.scenario.service) {
    if (service.demand.requests) add_file("service." + name + ".demand.requests.trace", service.demand.requests->trace);
  }
  for (const auto& [site_name, site] : loaded.scenario.site) {
    for (const auto& [name, cluster] : site.cluster) {
      if (!cluster.jobs) continue;
      const std::string path = "site." + site_name + ".cluster." + name + ".jobs";
      if (!cluster.jobs->synthetic) {
        add_file(path + ".log", cluster.jobs->log);
        continue;
      }
      const double jobs = run_s / cluster.jobs->synthetic->mean_interarrival_s;
      add_part(forecast, {"jobs of " + site_name + "." + name, jobs * cost_s::job, jobs * bytes_of::job,
                          "a longer mean_interarrival_s or a shorter scenario.duration"});
    }
  }
  forecast.wall_s = forecast.cpu_s;
  return forecast;
}

void require_memory(const RunForecast& forecast, double limit_bytes, const std::string& limit_name) {
  if (forecast.memory_bytes <= limit_bytes) return;
  const auto& largest = *std::ranges::max_element(forecast.parts, {}, &ForecastPart::memory_bytes);
  throw sim::IoError(fmt::format(
      "the run would take about {} of memory, more than the {} {}; most of it, {}, is for {}\n       {}{}",
      bytes_text(forecast.memory_bytes), bytes_text(limit_bytes), limit_name, bytes_text(largest.memory_bytes),
      largest.name, largest.memory_mend.empty() ? "" : largest.memory_mend + "; or ",
      "--memory SIZE if there is more than that"));
}

std::string bytes_text(double bytes) {
  constexpr std::array units = {std::pair{1e12, "TB"}, std::pair{1e9, "GB"}, std::pair{1e6, "MB"}};
  for (const auto& [size, name] : units) {
    if (bytes < 0.995 * size) continue;
    const double value = bytes / size;
    return fmt::format("{:.{}f} {}", value, value < 9.95 ? 1 : 0, name);
  }
  return fmt::format("{:.0f} kB", bytes / 1e3);
}

std::string duration_text(double seconds) {
  if (seconds < 9.5) return fmt::format("{:.1g} s", std::max(seconds, 0.01));
  if (seconds < 99.5) return fmt::format("{:.0f} s", seconds);
  if (seconds < 99.5 * 60.0) return fmt::format("{:.0f} min", seconds / 60.0);
  if (seconds < 48.0 * 3600.0) return fmt::format("{:.0f} h", seconds / 3600.0);
  return fmt::format("{:.0f} d", seconds / 86400.0);
}

}  // namespace fleetwatt::analysis
