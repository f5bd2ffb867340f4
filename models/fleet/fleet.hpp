// A fleet ready to run: sites with their clusters, pools of replicas and jobs on the clusters, services over pools,
// regions over sites. Built by scenarios/loader, run by simulate.hpp. Entities refer to each other by index.
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "models/diffusion/diffusion_pool.hpp"
#include "models/facility/cooling_plant.hpp"
#include "models/facility/power_delivery.hpp"
#include "models/facility/weather.hpp"
#include "models/grid/region.hpp"
#include "models/hardware/server.hpp"
#include "models/serving/service_pool.hpp"
#include "models/training/batch_cluster.hpp"
#include "sim/calendar.hpp"
#include "sim/strong_id.hpp"

namespace fleetwatt::models {

using SiteId = sim::StrongId<struct SiteTag>;
using RegionId = sim::StrongId<struct RegionTag>;
using ServiceId = sim::StrongId<struct ServiceTag>;
using ClusterId = sim::StrongId<struct ClusterTag>;

/// How much of a site's load a region carries.
struct RegionShare {
  RegionId region;
  double fraction = 1.0;
};

struct Site {
  std::string name;
  std::vector<RegionShare> regions;    ///< in order of name; the fractions sum to 1
  std::vector<HourlyWeather> weather;  ///< one an hour of the run
  sim::Basis weather_basis = sim::Basis::measured;
  AnyCooling cooling;
  CoolingDesign cooling_design;
  PowerDelivery power;
  double it_capacity_w = 0.0;
};

/// Servers of one kind at one site.
struct Cluster {
  std::string name;  ///< "dallas.serving"
  SiteId site;
  Server server;
  Accelerator accelerator;
  int nodes = 0;
  int unused_gpus = 0;  ///< that no pool holds: they idle

  [[nodiscard]] int gpus() const { return nodes * server.gpus; }
};

enum class ServiceKind { language, diffusion };

struct Service {
  std::string name;
  ServiceKind kind = ServiceKind::language;
  int gpus_a_replica = 1;
  LatencyTarget target;
};

/// Something that runs on a cluster's GPUs and shares nothing with others between ticks.
struct Pool {
  ClusterId cluster;
  int gpus = 0;
  std::variant<ServicePool, DiffusionPool, BatchCluster> body;
  ServiceId service;                              ///< of a pool that serves requests
  sim::Basis energy_basis = sim::Basis::assumed;  ///< of what its GPUs draw at work
};

[[nodiscard]] inline bool runs_jobs(const Pool& pool) {
  return std::holds_alternative<BatchCluster>(pool.body);
}

/// Calls `use` with the pool's body where it serves requests, of whatever kind.
template <class AnyPool, class Use>
void with_service_pool(AnyPool& pool, Use use) {
  std::visit(
      [&](auto& body) {
        if constexpr (!std::is_same_v<std::remove_cvref_t<decltype(body)>, BatchCluster>) use(body);
      },
      pool.body);
}

/// Something in a run that its reader should know before trusting it.
struct Flag {
  std::string subject;
  std::string text;
};

struct Fleet {
  sim::UtcSeconds start;
  std::int64_t hours = 0;
  sim::Duration tick;
  int ticks_per_peak_interval = 1;
  std::vector<Region> regions;
  std::vector<Site> sites;
  std::vector<Cluster> clusters;
  std::vector<Service> services;
  std::vector<Pool> pools;
  std::vector<Flag> flags;  ///< what building it has already shown

  [[nodiscard]] std::int64_t ticks_per_hour() const { return sim::one_hour / tick; }
};

}  // namespace fleetwatt::models
