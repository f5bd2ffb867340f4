#include "models/grid/region.hpp"

#include "sim/units.hpp"

namespace fleetwatt::models {

double co2_kg(double energy_kwh, double intensity_g_per_kwh) {
  return sim::kg_from_g(energy_kwh * intensity_g_per_kwh);
}

double energy_cost_usd(double energy_kwh, double price_usd_per_mwh) {
  return energy_kwh * 1e-3 * price_usd_per_mwh;
}

}  // namespace fleetwatt::models
