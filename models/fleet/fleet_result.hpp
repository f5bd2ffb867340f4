// What a run observed: hourly series, totals by owner of energy, distributions, the audit's ledger and flags. In
// memory; analysis/results turns it into files and screens.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/fleet/fleet.hpp"
#include "sim/audit.hpp"
#include "sim/recorder.hpp"
#include "sim/units.hpp"

namespace fleetwatt::models {

/// Who a joule belongs to. Every watt has one owner.
struct EnergyByOwner {
  double inference_j = 0.0;  ///< GPUs at work on requests
  double training_j = 0.0;   ///< GPUs at work on jobs
  double idle_j = 0.0;       ///< GPUs with nothing to do
  double host_j = 0.0;       ///< rest of the servers
  double cooling_j = 0.0;
  double loss_j = 0.0;  ///< power delivery

  [[nodiscard]] double gpu_j() const { return inference_j + training_j + idle_j; }
  [[nodiscard]] double it_j() const { return gpu_j() + host_j; }
  [[nodiscard]] double facility_j() const { return it_j() + cooling_j + loss_j; }
  EnergyByOwner& operator+=(const EnergyByOwner& other);
};

struct WaterBalance {
  double evaporation_kg = 0.0;
  double drift_kg = 0.0;
  double blowdown_kg = 0.0;
  double make_up_kg = 0.0;  ///< what came in, by the balance of salts; the others are what left

  [[nodiscard]] double total_kg() const { return evaporation_kg + drift_kg + blowdown_kg; }
  WaterBalance& operator+=(const WaterBalance& other);
};

struct Peak {
  double load_w = 0.0;
  sim::UtcSeconds start;
};

/// Ticks in which something was beyond its limit.
struct Excess {
  std::int64_t ticks = 0;
  std::size_t first_hour = 0;  ///< of the run, of the first such tick
  double worst = 0.0;

  void note(double value, std::size_t hour);
};

struct SiteTotals {
  EnergyByOwner energy;
  double meter_j = 0.0;  ///< at the utility meter, summed tick by tick from the delivery's head, not from the owners
  WaterBalance water;
  Peak peak;
  double co2_kg = 0.0;
  double cost_usd = 0.0;
  double heat_not_removed_j = 0.0;  ///< for which the cooling plant had no capacity
  Excess it_above_capacity;         ///< worst: IT power in W
  Excess cooling_out_of_range;      ///< worst: heat not removed in W
  Excess overload;                  ///< of the power delivery; worst: load over a stage's rating
};

struct RegionTotals {
  double energy_j = 0.0;
  double water_kg = 0.0;
  double co2_kg = 0.0;
  double cost_usd = 0.0;
  Peak peak;
};

struct ServiceTotals {
  ServiceCounts counts;
  std::uint64_t running = 0;  ///< at the end
  std::uint64_t waiting = 0;  ///< at the end
  std::uint64_t overdue = 0;  ///< of them, those that already miss the latency target
  GpuEnergy gpu_energy;       ///< of its replicas, idle included
  std::uint64_t iterations = 0;
  std::int64_t saturated_hours = 0;  ///< in which a queue stood nearly all the time at one of its pools

  /// Share within the latency target of the requests whose fate is known: done, rejected or already overdue. NaN
  /// without any.
  [[nodiscard]] double target_met_fraction() const;
};

struct PoolTotals {
  GpuEnergy energy;
  StandingQueue standing_queue;      ///< of a pool that serves requests
  std::int64_t saturated_hours = 0;  ///< in which a queue stood at its replicas for nine tenths of their time
};

struct ClusterTotals {
  double it_energy_j = 0.0;
  GpuEnergy gpu_energy;
  double gpu_busy_s = 0.0;
  bool runs_jobs = false;
  BatchStatistics jobs;
  double gpu_seconds_offered = 0.0;  ///< what its jobs would have taken of the run had none waited
  double gpu_seconds_waiting = 0.0;  ///< what the jobs that wait at the end will take
};

/// A conservation law that did not hold.
struct Breach {
  std::int64_t from_hour = 0;  ///< since the run's start: the audit before found none
  std::int64_t to_hour = 0;
  std::string text;  ///< laws, sides and how far they are apart
};

/// "an audit failed between ...": when, and both sides of each law.
[[nodiscard]] std::string to_text(const Breach& breach, sim::UtcSeconds start);

struct FleetResult {
  std::int64_t hours = 0;  ///< simulated: the run's, or fewer where it had to stop
  sim::RecordedDimension site_series;
  sim::RecordedDimension region_series;
  sim::RecordedDimension service_series;
  sim::RecordedDimension cluster_series;
  std::vector<double> load_w;  ///< fleet, by hour

  std::vector<SiteTotals> sites;
  std::vector<RegionTotals> regions;
  std::vector<ServiceTotals> services;
  std::vector<ClusterTotals> clusters;
  std::vector<PoolTotals> pools;  ///< by the fleet's pools
  Peak peak;                      ///< of the whole fleet, coincident
  std::vector<Flag> flags;
  sim::Audit audit;              ///< the last one
  std::optional<Breach> breach;  ///< the first, where one was found

  /// The fleet's energy by owner.
  [[nodiscard]] EnergyByOwner energy() const;
  [[nodiscard]] double length_s() const { return static_cast<double>(hours) * sim::seconds_per_hour; }
};

/// Requests a second that the service's pools did while a queue stood: its capacity. NaN unless each of them had one,
/// and one of them was saturated for an hour.
[[nodiscard]] double capacity_per_s(const Fleet& fleet, const FleetResult& result, ServiceId service);

}  // namespace fleetwatt::models
