#include "scenarios/loader/defaults.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/loader/check_scenario.hpp"

namespace fleetwatt::scenarios {

namespace {

/// Of its climate where it names one, else of its main region; empty where neither is known.
std::string zone_of(const Catalog& catalog, const SiteSpec& site) {
  if (const auto climate = catalog.climate.find(site.climate); climate != catalog.climate.end())
    return climate->second.time_zone;
  const auto region = region_named(catalog, main_region(site));
  return region ? catalog.region.at(*region).time_zone : "";
}

std::set<std::string> zones_of(const Scenario& scenario, const ServiceSpec& service) {
  std::set<std::string> zones;
  for (const auto& pattern : service.runs_on) {
    for (const auto& cluster : clusters_matching(scenario, pattern))
      zones.insert(zone_of(scenario.catalog, scenario.site.at(cluster.substr(0, cluster.find('.')))));
  }
  return zones;
}

void fill_time_zone(LoadedScenario& loaded, const std::string& name, ServiceSpec& service) {
  const std::string path = join_path("service", name) + ".demand";
  if (loaded.document.find(path + ".time_zone") != nullptr) return;
  const auto zones = zones_of(loaded.scenario, service);
  if (zones.size() == 1 && !zones.begin()->empty()) service.demand.time_zone = *zones.begin();
  if (zones.empty() || service.demand.time_zone == *zones.begin()) return;
  if (service.demand.shape == models::DemandShape::flat) return;
  const std::string found = zones.size() == 1 || zones.contains("")
                                ? fmt::format("a site of [service.{}] is in no time zone that is known", name)
                                : fmt::format("the sites of [service.{}] are in {} time zones, {}", name, zones.size(),
                                              fmt::join(zones, " and "));
  loaded.diagnostics.error(loaded.origin_of(path), found + ", and its demand follows a clock",
                           "say whose: time_zone = \"America/New_York\", or another IANA name");
}

void fill_precision(LoadedScenario& loaded, const std::string& name, ServiceSpec& service) {
  const auto model = loaded.scenario.catalog.model.find(service.model);
  const bool is_written = loaded.document.find(join_path("service", name) + ".precision") != nullptr;
  if (model != loaded.scenario.catalog.model.end() && !is_written)
    service.precision = model->second.published_precision;
}

}  // namespace

void fill_defaults(LoadedScenario& loaded) {
  for (auto& [name, service] : loaded.scenario.service) {
    fill_precision(loaded, name, service);
    fill_time_zone(loaded, name, service);
  }
}

}  // namespace fleetwatt::scenarios
