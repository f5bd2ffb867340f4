// The workings of build_fleet, one file a domain: what its parts share while a fleet is put together.
#pragma once

#include <map>
#include <memory>
#include <utility>

#include "models/serving/iteration_table.hpp"
#include "scenarios/loader/build_fleet.hpp"
#include "scenarios/loader/catalog_lookup.hpp"

namespace fleetwatt::scenarios {

struct FleetBuilder {
  LoadedScenario& loaded;
  BuiltFleet built;
  std::map<std::string, std::size_t> region_index;
  std::map<std::string, std::size_t> site_index;
  std::map<std::string, std::size_t> cluster_index;  ///< by SITE.CLUSTER
  /// By engine and tensor-parallel degree; null where a file has faults.
  std::map<std::pair<std::string, int>, std::shared_ptr<const models::IterationTables>> engine_tables = {};

  [[nodiscard]] const Scenario& scenario() const { return loaded.scenario; }
  [[nodiscard]] const Header& header() const { return loaded.scenario.scenario; }
  [[nodiscard]] std::int64_t hours() const { return header().duration / sim::one_hour; }

  /// The text of a file that stands at a path of the scenario; remembered among the inputs.
  [[nodiscard]] std::string input_text(const std::string& path, const std::string& written);
  /// The file's name as messages give it.
  [[nodiscard]] std::string input_name(const std::string& path, const std::string& written) const;
  /// Once, however many pools say it.
  void flag(const std::string& subject, const std::string& text);
};

void build_regions(FleetBuilder& builder);
void build_sites(FleetBuilder& builder);     // after regions
void build_clusters(FleetBuilder& builder);  // after sites; with their jobs
void build_services(FleetBuilder& builder);  // after clusters

/// The measured tables of an engine of the catalogue, read once for each degree; null where it has none, and where its
/// files have faults, which are reported.
[[nodiscard]] std::shared_ptr<const models::IterationTables> engine_tables_for(FleetBuilder& builder,
                                                                               const std::string& engine,
                                                                               int tensor_parallel);

}  // namespace fleetwatt::scenarios
