#include "analysis/results/energy_basis.hpp"

namespace fleetwatt::analysis {

namespace {

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
  for (std::size_t i = 0; i < fleet.pools.size(); ++i)
    add(fleet.pools[i].energy_basis, run.result.pools[i].energy.active_j);
  for (std::size_t i = 0; i < fleet.clusters.size(); ++i) {
    const models::ClusterTotals& totals = run.result.clusters[i];
    add(fleet.clusters[i].accelerator.idle_basis, totals.gpu_energy.idle_j);
    add(fleet.clusters[i].server.basis, totals.it_energy_j - totals.gpu_energy.total_j());
  }
  for (std::size_t i = 0; i < fleet.sites.size(); ++i) {
    add(facility_basis(fleet.sites[i]), run.result.sites[i].energy.cooling_j + run.result.sites[i].energy.loss_j);
  }
  return shares;
}

}  // namespace fleetwatt::analysis
