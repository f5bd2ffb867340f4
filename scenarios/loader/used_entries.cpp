#include "scenarios/loader/used_entries.hpp"

#include <algorithm>

#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/schema/document.hpp"

namespace fleetwatt::scenarios {

namespace {

bool any_service(const Scenario& scenario, bool of_media) {
  return std::ranges::any_of(scenario.service,
                             [&](const auto& entry) { return entry.second.diffusion.has_value() == of_media; });
}

}  // namespace

std::set<std::string> used_entries(const Scenario& scenario) {
  std::set<std::string> used;
  const auto use = [&](const char* kind, const std::string& name) {
    used.insert(join_path(std::string("catalog.") + kind, name));
  };
  for (const auto& [name, service] : scenario.service) {
    use(service.diffusion ? "diffusion_model" : "model", service.model);
    if (!service.engine.empty()) use(service.diffusion ? "diffusion_engine" : "engine", service.engine);
  }
  for (const auto& [name, site] : scenario.site) {
    for (const auto& [name_of_region, share] : site.region) {
      if (const auto known = region_named(scenario.catalog, name_of_region)) use("region", *known);
    }
    const auto region = region_named(scenario.catalog, main_region(site));
    if (!site.climate.empty())
      use("climate", site.climate);
    else if (!site.weather && region)
      use("climate", scenario.catalog.region.at(*region).climate);
    for (const auto& [cluster, spec] : site.cluster) {
      use("server", spec.server);
      const auto accelerator = accelerator_from(scenario.catalog, scenario.catalog.server.at(spec.server).accelerator);
      use("accelerator", accelerator.id);
      if (any_service(scenario, false) && !accelerator.engine.empty()) use("engine", accelerator.engine);
      if (any_service(scenario, true) && !accelerator.diffusion_engine.empty())
        use("diffusion_engine", accelerator.diffusion_engine);
    }
  }
  return used;
}

}  // namespace fleetwatt::scenarios
