#include "analysis/results/energy_basis.hpp"

namespace fleetwatt::analysis {

namespace {

/// Of a GPU at work on a cluster: the serving model's constants, or the share of TDP that training draws.
sim::Basis active_basis(const models::Fleet& fleet, std::size_t cluster) {
  sim::Basis basis = sim::Basis::measured;
  for (const auto& pool : fleet.pools) {
    if (pool.cluster.index() != cluster) continue;
    basis = sim::weakest(basis, runs_jobs(pool) ? fleet.clusters[cluster].accelerator.training_basis
                                                : fleet.services[pool.service.index()].energy_basis);
  }
  return basis;
}

/// Of cooling and losses: component models; a given PUE is the scenario's word.
sim::Basis facility_basis(const models::Site& site) {
  const bool given = std::holds_alternative<models::StaticPue>(site.cooling);
  return given ? sim::Basis::assumed : sim::weakest(sim::Basis::modelled, site.weather_basis);
}

}  // namespace

std::array<double, 4> energy_by_basis_j(const RunOutput& run) {
  std::array<double, 4> shares{};
  const auto add = [&](sim::Basis basis, double energy_j) { shares[static_cast<std::size_t>(basis)] += energy_j; };
  const models::Fleet& fleet = run.fleet();
  for (std::size_t i = 0; i < fleet.clusters.size(); ++i) {
    const models::ClusterTotals& totals = run.result.clusters[i];
    add(active_basis(fleet, i), totals.gpu_energy.active_j);
    add(fleet.clusters[i].accelerator.idle_basis, totals.gpu_energy.idle_j);
    add(fleet.clusters[i].server.basis, totals.it_energy_j - totals.gpu_energy.total_j());
  }
  for (std::size_t i = 0; i < fleet.sites.size(); ++i) {
    add(facility_basis(fleet.sites[i]), run.result.sites[i].energy.cooling_j + run.result.sites[i].energy.loss_j);
  }
  return shares;
}

}  // namespace fleetwatt::analysis
