// fleetwatt validate SCENARIO: every check that comes before a run, and what the run will take.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <memory>
#include <ostream>
#include <ranges>
#include <sstream>
#include <string>
#include <vector>

#include "analysis/cli/command_line.hpp"
#include "analysis/results/expectations.hpp"
#include "analysis/results/figures.hpp"
#include "analysis/results/screen.hpp"
#include "analysis/run/free_memory.hpp"
#include "analysis/run/run_forecast.hpp"
#include "scenarios/loader/build_fleet.hpp"
#include "sim/parallel_for.hpp"

namespace fleetwatt::analysis {

namespace {

struct ValidateArguments {
  std::string scenario;
  std::vector<std::string> overrides;
};

std::string several(std::size_t number, const char* thing) {
  return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
}

/// Requests, jobs, or both.
std::string work_text(const scenarios::BuiltFleet& built) {
  std::size_t jobs = 0;
  for (const auto& pool : built.fleet.pools) {
    if (const auto* cluster = std::get_if<models::BatchCluster>(&pool.body)) jobs += cluster->jobs().size();
  }
  const std::string requests = count(built.expected_requests) + " requests";
  if (jobs == 0) return requests;
  const std::string of_jobs = count(static_cast<double>(jobs)) + (jobs == 1 ? " job" : " jobs");
  return built.fleet.services.empty() ? of_jobs : requests + " and " + of_jobs;
}

std::string time_text(const RunForecast& forecast, int threads) {
  const std::string one_core = fmt::format("about {} of one core", duration_text(forecast.cpu_s));
  if (threads == 1) return one_core;
  return fmt::format("{}, {} on {} threads", one_core, duration_text(forecast.wall_s), threads);
}

/// What takes a tenth or more, the most first.
std::string shares_of(const RunForecast& forecast, double ForecastPart::*member, double total) {
  std::vector<const ForecastPart*> large;
  for (const auto& part : forecast.parts) {
    if (part.*member >= 0.1 * total) large.push_back(&part);
  }
  std::ranges::stable_sort(large, std::greater{}, [&](const ForecastPart* part) { return part->*member; });
  std::vector<std::string> texts;
  for (const auto* part : large) texts.push_back(fmt::format("{} {}", part->name, percent(part->*member / total)));
  return texts.empty() ? "many small parts" : fmt::format("{}", fmt::join(texts, ", "));
}

void show_largest(const RunForecast& forecast, std::ostream& out) {
  constexpr double long_s = 10.0, much_bytes = 500e6;
  if (forecast.cpu_s > long_s)
    out << fmt::format("  most time: {}\n", shares_of(forecast, &ForecastPart::cpu_s, forecast.cpu_s));
  if (forecast.memory_bytes > much_bytes)
    out << fmt::format("  most memory: {}\n", shares_of(forecast, &ForecastPart::memory_bytes, forecast.memory_bytes));
}

/// Routing shares what is asked, so that one cluster's replicas may have too much while all together could serve it.
std::string saturation_text(const scenarios::CapacityNote& note) {
  if (note.saturated.empty()) return "";
  if (note.saturated.size() == note.pools) return ": it will be saturated";
  constexpr std::size_t named = 3;
  const std::size_t more = note.saturated.size() - std::min(named, note.saturated.size());
  return fmt::format(": it will be saturated at {}{}", fmt::join(note.saturated | std::views::take(named), ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

void show_forecast(const scenarios::BuiltFleet& built, const MemoryLimit& memory, std::ostream& out) {
  const models::Fleet& fleet = built.fleet;
  const int threads = sim::hardware_threads();
  const RunForecast forecast = forecast_run(built, threads);
  out << fmt::format("  {}, {}, {}, {}; {} in ticks of {:g} s\n", several(fleet.sites.size(), "site"),
                     several(fleet.clusters.size(), "cluster"), several(fleet.services.size(), "service"),
                     several(fleet.regions.size(), "region"), several(static_cast<std::size_t>(fleet.hours), "hour"),
                     fleet.tick.s());
  out << fmt::format("  about {}; {}; about {} of memory; results of about {}\n", work_text(built),
                     time_text(forecast, threads), bytes_text(forecast.memory_bytes),
                     bytes_text(forecast.results_bytes));
  show_largest(forecast, out);
  if (forecast.memory_bytes > memory.bytes)
    out << fmt::format("  more memory than the {} {}: `run` will refuse it\n", bytes_text(memory.bytes), memory.name);
  for (const auto& service : built.capacities)
    out << fmt::format("  {}: {} requests/s on average, of about {} that its replicas can serve{}\n", service.service,
                       figure(service.offered_per_s), figure(service.capacity_per_s), saturation_text(service));
  for (const auto& note : built.notes) out << "  note: " << note << '\n';
  for (const auto& flag : fleet.flags) out << fmt::format("  flag: {}: {}\n", flag.subject, flag.text);
}

ExitCode validate(const ValidateArguments& arguments, const Console& console) {
  auto loaded = scenarios::load_scenario(arguments.scenario, arguments.overrides);
  check_expectations(loaded);
  const MemoryLimit memory = free_memory();
  require_memory(forecast_building(loaded), memory.bytes, memory.name);
  const auto built = scenarios::build_fleet(loaded);
  std::ostringstream out;
  out << fmt::format("{}: valid\n", arguments.scenario);
  show_forecast(built, memory, out);
  console.out << wrapped(out.str(), console.screen);
  return ExitCode::ok;
}

}  // namespace

void add_validate(CLI::App& program, const Console& console, Action& chosen) {
  auto* command =
      program.add_subcommand("validate", "check a scenario and the files that it names, without running it");
  auto arguments = std::make_shared<ValidateArguments>();
  command->add_option("SCENARIO", arguments->scenario, "scenario file (TOML)")->required();
  command->add_option("--set", arguments->overrides, "PATH=VALUE: as in `run`")->allow_extra_args(false);
  command->footer("Example:\n  fleetwatt validate my-fleet.toml");
  command->callback(
      [arguments, &console, &chosen] { chosen = [arguments, &console] { return validate(*arguments, console); }; });
}

}  // namespace fleetwatt::analysis
