// The conservation laws of a run. Each has two sides that were gathered by different code: meters against counts,
// hourly bins against totals, owners against the utility's meter, sites against regions.
#pragma once

#include "models/fleet/fleet_result.hpp"

namespace fleetwatt::models {

/// Audits a run as it goes on. What it adds up of hourly series it keeps, so that a year's daily audits take no longer
/// than one of the whole.
class RunningAudit {
 public:
  explicit RunningAudit(const Fleet& fleet);

  /// The books up to the hours that `result` holds; calls come with rising hours.
  [[nodiscard]] sim::Audit at(const FleetResult& result);

 private:
  void add_hours(const FleetResult& result);

  const Fleet& fleet_;
  std::size_t hours_ = 0;                ///< that are in the sums
  std::vector<double> site_load_mwh_;    ///< by site, of the hourly series
  std::vector<double> site_water_m3_;    ///< by site
  std::vector<double> region_cost_usd_;  ///< by region
  std::vector<double> region_water_m3_;  ///< by region
};

/// The same for a run that is over.
[[nodiscard]] sim::Audit audit(const Fleet& fleet, const FleetResult& result);

}  // namespace fleetwatt::models
