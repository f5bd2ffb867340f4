#include "scenarios/loader/effect.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/loader/check_diffusion.hpp"

namespace fleetwatt::scenarios {

namespace {

void add_site(std::vector<IdleKey>& idle, const std::string& path, const SiteSpec& site) {
  const std::string power = path + ".power";
  if (std::holds_alternative<models::StaticPue>(site.cooling))
    idle.push_back({power, "a given PUE has the power chain's losses in it", "leave it out, or take another family",
                    path + ".cooling.family"});
  else if (site.power.redundancy != models::Redundancy::n_plus_1)
    idle.push_back(
        {power + ".ups_modules", "only N+1 has a number of modules", "redundancy = \"N+1\"", power + ".redundancy"});
  for (const auto& [name, cluster] : site.cluster) {
    const std::string inner = join_path(path + ".cluster", name);
    if (!cluster.jobs)
      idle.push_back({inner + ".scheduler", "no job waits on a cluster without `jobs`", "give it `jobs`", ""});
    if (!cluster.jobs || !cluster.jobs->synthetic) continue;
    for (const char* key : {".jobs.processor", ".jobs.from"})
      idle.push_back(
          {inner + key, "it is about a log, and the jobs are synthetic", "leave it out", inner + ".jobs.synthetic"});
  }
}

void add_service(std::vector<IdleKey>& idle, const std::string& path, const ServiceSpec& service) {
  if (service.diffusion) {
    for (const char* key : language_keys)
      idle.push_back({path + "." + key, "it means nothing to a diffusion model", "leave it out", path + ".diffusion"});
  }
  if (service.demand.requests)
    idle.push_back({path + ".demand.lengths", "the requests of a trace have their own lengths", "leave it out",
                    path + ".demand.requests"});
  if (service.demand.shape == models::DemandShape::flat)
    idle.push_back({path + ".demand.time_zone", "a flat demand follows no clock", "give the demand a `shape`",
                    path + ".demand.shape"});
  if (!service.kv_cache_blocks)
    idle.push_back({path + ".kv_block_tokens", "the cache is not given in blocks", "give kv_cache_blocks too",
                    path + ".kv_cache_tokens"});
}

/// A value that is laid over another has the later origin.
int rank(const Node* node) {
  if (node == nullptr) return -1;
  int latest = node->is_table() ? -1 : static_cast<int>(node->origin.kind);
  for (const auto& [key, child] : node->table) latest = std::max(latest, rank(&child));
  return latest;
}

}  // namespace

std::optional<models::CarbonBasis> basis_of_column(const RegionSpec& region) {
  if (!region.carbon) return std::nullopt;
  const std::string& column = region.carbon->column;
  if (column.empty() || column == "direct" || column.find("(direct)") != std::string::npos)
    return models::CarbonBasis::direct;
  if (column == "life-cycle" || column.find("(LCA)") != std::string::npos) return models::CarbonBasis::life_cycle;
  return std::nullopt;
}

std::vector<IdleKey> idle_keys(const Scenario& scenario) {
  std::vector<IdleKey> idle;
  for (const auto& [name, site] : scenario.site) add_site(idle, join_path("site", name), site);
  for (const auto& [name, service] : scenario.service) add_service(idle, join_path("service", name), service);
  for (const auto& [name, region] : scenario.region) {
    const std::string path = join_path("region", name);
    if (basis_of_column(region))
      idle.push_back(
          {path + ".carbon_basis", "the column of the carbon file says it", "leave it out", path + ".carbon"});
  }
  return idle;
}

bool is_idle(const std::vector<IdleKey>& idle, const std::string& path) {
  return std::ranges::any_of(idle,
                             [&](const IdleKey& key) { return path == key.path || path.starts_with(key.path + "."); });
}

void check_effect(LoadedScenario& loaded) {
  for (const auto& key : idle_keys(loaded.scenario)) {
    const Node* written = loaded.document.find(key.path);
    const Node* cause = key.cause.empty() ? nullptr : loaded.document.find(key.cause);
    if (written == nullptr || rank(written) < rank(cause)) continue;
    loaded.diagnostics.error(written->key_origin, fmt::format("`{}` changes nothing: {}", key.path, key.why), key.mend);
  }
}

}  // namespace fleetwatt::scenarios
