// fleetwatt validate SCENARIO: every check that comes before a run, and what the run will take.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <ostream>

#include "analysis/cli/command_line.hpp"
#include "analysis/results/expectations.hpp"
#include "analysis/results/figures.hpp"
#include "scenarios/loader/build_fleet.hpp"

namespace fleetwatt::analysis {

namespace {

struct ValidateArguments {
  std::string scenario;
  std::vector<std::string> overrides;
};

// About half of what the default scenario measures on one core (tests/benchmark/README.md), since small batches cost
// more a request; a rough guide, so one digit is shown.
constexpr double requests_per_cpu_s = 1e6;
constexpr double program_mb = 25.0;       // before any series
constexpr double copies_in_memory = 3.0;  // the series, the file's image, its bytes
constexpr double site_ticks_per_cpu_s = 1e6;

// Names, units, sources and the scenario itself, whatever the length of the run.
constexpr double empty_file_mb = 0.1;

/// One significant digit, and no exponent: 0.03, 7, 200.
std::string roughly(double value) {
  if (value < 1.0) return fmt::format("{:.1g}", value);
  const double step = std::pow(10.0, std::floor(std::log10(value)));
  return count(std::round(value / step) * step);
}

std::string several(std::size_t number, const char* thing) {
  return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
}

ExitCode validate(const ValidateArguments& arguments, const Console& console) {
  auto loaded = scenarios::load_scenario(arguments.scenario, arguments.overrides);
  check_expectations(loaded);
  const auto built = scenarios::build_fleet(loaded);
  const models::Fleet& fleet = built.fleet;
  const auto hours = static_cast<double>(fleet.hours);
  const double series =
      8.0 * static_cast<double>(fleet.sites.size()) + 6.0 * static_cast<double>(fleet.regions.size()) +
      9.0 * static_cast<double>(fleet.services.size()) + 4.0 * static_cast<double>(fleet.clusters.size());
  const double site_ticks =
      hours * static_cast<double>(fleet.ticks_per_hour()) * static_cast<double>(fleet.sites.size());
  const double cpu_s = built.expected_requests / requests_per_cpu_s + site_ticks / site_ticks_per_cpu_s;
  console.out << fmt::format("{}: valid\n", arguments.scenario);
  console.out << fmt::format("  {}, {}, {}, {}; {} in ticks of {:g} s\n", several(fleet.sites.size(), "site"),
                             several(fleet.clusters.size(), "cluster"), several(fleet.services.size(), "service"),
                             several(fleet.regions.size(), "region"),
                             several(static_cast<std::size_t>(fleet.hours), "hour"), fleet.tick.s());
  const double results_mb = empty_file_mb + series * hours * 8e-6;
  console.out << fmt::format(
      "  about {} requests; about {} s of one core; about {:.0f} MB of memory; results of about {} MB\n",
      count(built.expected_requests), roughly(cpu_s), program_mb + copies_in_memory * results_mb, roughly(results_mb));
  for (const auto& service : built.capacities)
    console.out << fmt::format("  {}: {} requests/s on average, of about {} that its replicas can serve{}\n",
                               service.service, figure(service.offered_per_s), figure(service.capacity_per_s),
                               service.offered_per_s > service.capacity_per_s ? ": it will be saturated" : "");
  for (const auto& note : built.notes) console.out << "  note: " << note << '\n';
  for (const auto& flag : fleet.flags) console.out << fmt::format("  flag: {}: {}\n", flag.subject, flag.text);
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
