#include "models/fleet/attribution.hpp"

namespace fleetwatt::models {

namespace {

/// Of `gpus` of a cluster's GPUs, over the run.
double host_share_j(double run_s, const Cluster& cluster, int gpus, double gpu_j) {
  const double idle_j = cluster.nodes * cluster.server.host_idle_w * run_s * gpus / cluster.gpus();
  return idle_j + cluster.server.host_slope * (gpu_j - gpus * cluster.accelerator.idle_w * run_s);
}

AttributedEnergy share_of(const Fleet& fleet, const FleetResult& result, ClusterId id, int gpus,
                          const GpuEnergy& energy) {
  const Cluster& cluster = fleet.clusters[id.index()];
  const EnergyByOwner& site = result.sites[cluster.site.index()].energy;
  AttributedEnergy share{.gpu_active_j = energy.active_j, .gpu_idle_j = energy.idle_j};
  share.host_j = host_share_j(result.length_s(), cluster, gpus, energy.total_j());
  const double of_it = site.it_j() > 0.0 ? share.it_j() / site.it_j() : 0.0;
  share.cooling_j = of_it * site.cooling_j;
  share.loss_j = of_it * site.loss_j;
  return share;
}

}  // namespace

AttributedEnergy& AttributedEnergy::operator+=(const AttributedEnergy& other) {
  gpu_active_j += other.gpu_active_j;
  gpu_idle_j += other.gpu_idle_j;
  host_j += other.host_j;
  cooling_j += other.cooling_j;
  loss_j += other.loss_j;
  return *this;
}

AttributedEnergy Attribution::total() const {
  AttributedEnergy sum;
  for (const auto& pool : pools) sum += pool;
  for (const auto& cluster : unused) sum += cluster;
  return sum;
}

Attribution attribute(const Fleet& fleet, const FleetResult& result) {
  Attribution attribution;
  for (std::size_t i = 0; i < fleet.pools.size(); ++i)
    attribution.pools.push_back(
        share_of(fleet, result, fleet.pools[i].cluster, fleet.pools[i].gpus, result.pools[i].energy));
  for (std::size_t i = 0; i < fleet.clusters.size(); ++i) {
    const int gpus = fleet.clusters[i].unused_gpus;
    const GpuEnergy idle{.idle_j = gpus * fleet.clusters[i].accelerator.idle_w * result.length_s()};
    attribution.unused.push_back(share_of(fleet, result, ClusterId(i), gpus, idle));
  }
  return attribution;
}

AttributedEnergy of_service(const Fleet& fleet, const Attribution& attribution, ServiceId service) {
  AttributedEnergy sum;
  for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
    if (!runs_jobs(fleet.pools[i]) && fleet.pools[i].service == service) sum += attribution.pools[i];
  }
  return sum;
}

}  // namespace fleetwatt::models
