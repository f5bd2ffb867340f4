// A region of the grid as a site's load sees it: how much CO2 a kilowatt-hour carries and what it costs, hour by hour
// or as one annual value. Accounting is location-based and average: energy of an hour times the average intensity of
// the same hour. Leaves out dispatch: the load changes neither intensity nor price.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/provenance.hpp"

namespace fleetwatt::models {

/// Four numbers are called carbon intensity; these are the two that a region's average can mean. A number that a
/// scenario gives may be any of the four: it is unstated until the scenario says.
enum class CarbonBasis { direct, life_cycle, unstated };

/// Whose word a signal is.
enum class SignalOrigin { catalogue, scenario, file };

/// One value for each hour of the run, or one for all.
struct HourlySignal {
  std::vector<double> values;
  sim::Basis basis = sim::Basis::assumed;
  std::string source;
  SignalOrigin origin = SignalOrigin::catalogue;

  [[nodiscard]] double at(std::size_t hour) const { return values.size() == 1 ? values.front() : values[hour]; }
};

struct Region {
  std::string name;          ///< as the scenario calls it
  std::string catalog_name;  ///< what an alias resolved to; empty where the catalogue has no such region
  CarbonBasis carbon_basis = CarbonBasis::direct;
  HourlySignal carbon_g_per_kwh;
  HourlySignal price_usd_per_mwh;
};

/// CO2 of an hour's energy, location-based.
/// energy_kwh >= 0; intensity in g/kWh, which may be negative for marginal rates
/// source  GHG Protocol Scope 2 Guidance (2015), location-based method
[[nodiscard]] double co2_kg(double energy_kwh, double intensity_g_per_kwh);

/// Cost of an hour's energy at that hour's price, which may be negative.
[[nodiscard]] double energy_cost_usd(double energy_kwh, double price_usd_per_mwh);

}  // namespace fleetwatt::models
