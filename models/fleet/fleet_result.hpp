// What a run observed: hourly series, totals by owner of energy, distributions, the audit's ledger and flags. In
// memory; analysis/results turns it into files and screens.
#pragma once

#include <string>
#include <vector>

#include "models/fleet/fleet.hpp"
#include "sim/audit.hpp"
#include "sim/recorder.hpp"

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
  GpuEnergy gpu_energy;       ///< of its replicas, idle included
  std::uint64_t iterations = 0;
  /// Hours in which a queue stood from beginning to end, and requests done in them: what they say is the capacity.
  std::int64_t saturated_hours = 0;
  std::uint64_t saturated_done = 0;

  /// Requests a second while a queue stood; NaN when it never did for an hour.
  [[nodiscard]] double capacity_per_s() const;
};

struct ClusterTotals {
  double it_energy_j = 0.0;
  GpuEnergy gpu_energy;
  double gpu_busy_s = 0.0;
  bool runs_jobs = false;
  BatchStatistics jobs;
};

struct FleetResult {
  sim::RecordedDimension site_series;
  sim::RecordedDimension region_series;
  sim::RecordedDimension service_series;
  sim::RecordedDimension cluster_series;
  std::vector<double> load_w;  ///< fleet, by hour

  std::vector<SiteTotals> sites;
  std::vector<RegionTotals> regions;
  std::vector<ServiceTotals> services;
  std::vector<ClusterTotals> clusters;
  std::vector<GpuEnergy> pools;  ///< by the fleet's pools
  Peak peak;                     ///< of the whole fleet, coincident
  std::vector<Flag> flags;

  /// The fleet's energy by owner.
  [[nodiscard]] EnergyByOwner energy() const;
};

}  // namespace fleetwatt::models
