#include "scenarios/loader/check_scenario.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "models/serving/memory_fit.hpp"
#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/loader/check_catalog.hpp"
#include "scenarios/loader/check_diffusion.hpp"
#include "scenarios/loader/diffusion_plan.hpp"
#include "scenarios/loader/missing_figures.hpp"
#include "scenarios/loader/name_pattern.hpp"
#include "scenarios/loader/service_plan.hpp"
#include "scenarios/schema/field.hpp"
#include "scenarios/schema/nearest.hpp"

namespace fleetwatt::scenarios {

namespace {

/// Names stand in paths (`site.dallas.pue`), in patterns and in tables.
bool is_good_name(const std::string& name) {
  return !name.empty() && name.find_first_of(" \t\n.,*@/=\"'[]{}") == std::string::npos;
}

class Checker {
 public:
  explicit Checker(LoadedScenario& loaded) : loaded_(loaded), scenario_(loaded.scenario) {}

  void check() {
    check_header();
    check_catalog(loaded_);
    if (!check_names_of_things()) return;  // the checks below go by name
    for (const auto& [name, site] : scenario_.site) check_site(name, site);
    for (const auto& [name, service] : scenario_.service) check_service(name, service);
    check_shared_clusters();
    check_routing();
    for (const auto& [name, region] : scenario_.region) check_region(name, region);
    check_there_is_something_to_run();
  }

 private:
  void error(const std::string& path, std::string message, std::string mend) {
    loaded_.diagnostics.error(loaded_.origin_of(path), std::move(message), std::move(mend));
  }

  void check_name(const std::string& path, const std::string& name, const std::string& what,
                  const std::vector<std::string>& known) {
    if (name.empty() || std::ranges::find(known, name) != known.end()) return;
    error(path, fmt::format("no {} `{}` in the catalogue", what, name), suggestion(name, known));
  }

  bool check_names_of_things() {
    bool all_good = true;
    const auto check = [&](const std::string& path, const std::string& name) {
      if (is_good_name(name)) return;
      all_good = false;
      error(path, fmt::format("`{}` cannot be a name", name), "letters, digits, - and _");
    };
    for (const auto& [name, site] : scenario_.site) {
      check(join_path("site", name), name);
      for (const auto& [cluster, spec] : site.cluster) check(join_path("site", name) + ".cluster." + cluster, cluster);
    }
    for (const auto& [name, service] : scenario_.service) check(join_path("service", name), name);
    for (const auto& [name, region] : scenario_.region) check(join_path("region", name), name);
    return all_good;
  }

  /// Whether an entry that is used has all that it needs; reported once.
  template <class Entry>
  bool check_entry(const std::string& kind, const std::map<std::string, Entry>& entries, const std::string& name) {
    const auto entry = entries.find(name);
    if (entry == entries.end()) return false;
    const auto missing = missing_figures(entry->second);
    if (missing.empty() || !reported_entries_.insert(kind + " " + name).second) return missing.empty();
    error(join_path("catalog." + kind, name),
          fmt::format("the {} `{}` has no {}", kind, name, fmt::join(missing, ", ")),
          "write them, or let it extend an entry that has them: extends = \"NAME\"");
    return false;
  }

  void check_time_zone(const std::string& path, const std::string& name) {
    if (sim::TimeZone::find(name)) return;
    error(path, fmt::format("no time zone `{}`", name), "an IANA name such as America/Los_Angeles or Europe/Berlin");
  }

  void check_header() {
    const Header& h = scenario_.scenario;
    if (h.start.value % 3600 != 0)
      error("scenario.start", fmt::format("the run starts at {}, within an hour", sim::to_iso8601(h.start)),
            "start on a whole hour of UTC");
    if ((h.duration % sim::one_hour).ticks() != 0)
      error("scenario.duration",
            fmt::format("the run's length, {}, is no whole number of hours", toml_text(h.duration)),
            "such as \"3d\" or \"36h\"");
    if (h.tick.ticks() <= 0 || (sim::one_hour % h.tick).ticks() != 0 ||
        h.tick.ticks() % sim::Duration::ticks_per_s != 0) {
      error("scenario.tick", fmt::format("an hour is no whole number of ticks of {}", toml_text(h.tick)),
            "such as \"1min\", \"5min\", \"15min\" or \"1h\"");
    } else if ((h.peak_interval % h.tick).ticks() != 0) {
      error("scenario.peak_interval",
            fmt::format("the peak interval, {}, is no whole number of ticks of {}", toml_text(h.peak_interval),
                        toml_text(h.tick)),
            "set `peak_interval` to a multiple of `tick`");
    } else if (h.peak_interval > h.duration) {
      error("scenario.peak_interval",
            fmt::format("the peak interval, {}, is longer than the run", toml_text(h.peak_interval)),
            fmt::format("at most `duration`, {}", toml_text(h.duration)));
    }
  }

  void check_site(const std::string& name, const SiteSpec& site) {
    const std::string path = join_path("site", name);
    bool known_regions = !site.region.empty();
    for (const auto& [region, share] : site.region) {
      if (scenario_.region.contains(region) || region_named(scenario_.catalog, region)) continue;
      known_regions = false;
      error(path + ".region", fmt::format("no grid region `{}`", region),
            suggestion(region, names_of(scenario_.catalog.region)));
    }
    check_name(path + ".climate", site.climate, "climate", names_of(scenario_.catalog.climate));
    if (known_regions && !site.weather) check_climate(path, site);
    if (site.cluster.empty())
      error(path, fmt::format("[{}] has no servers", path), fmt::format("give it a [{}.cluster.NAME]", path));
    for (const auto& [cluster, spec] : site.cluster) check_cluster(path + ".cluster." + cluster, spec);
    if (site.it_capacity_w) check_capacity(path, site, *site.it_capacity_w);
  }

  /// Plant and power chain end at what they are built for: their formulas say nothing about a multiple of it.
  void check_capacity(const std::string& path, const SiteSpec& site, double it_capacity_w) {
    double full_w = 0.0;
    for (const auto& [name, cluster] : site.cluster) {
      const auto server = scenario_.catalog.server.find(cluster.server);
      if (server == scenario_.catalog.server.end()) return;
      if (!scenario_.catalog.accelerator.contains(server->second.accelerator)) return;
      full_w += full_load_w(scenario_.catalog, cluster);
    }
    if (full_w <= most_over_capacity * it_capacity_w) return;
    error(path + ".it_capacity_mw",
          fmt::format("the servers of [{}] draw {:.4g} MW at full load, {:.3g} times its it_capacity_mw = {:.4g}", path,
                      full_w * 1e-6, full_w / it_capacity_w, it_capacity_w * 1e-6),
          fmt::format("it_capacity_mw = {:.4g} or more, or fewer servers; up to {:g} times is flagged where it happens",
                      full_w * 1e-6, most_over_capacity));
  }

  void check_climate(const std::string& path, const SiteSpec& site) {
    const auto region = region_named(scenario_.catalog, main_region(site));
    const std::string climate =
        !site.climate.empty() || !region ? site.climate : scenario_.catalog.region.at(*region).climate;
    if (climate.empty()) {
      error(path, fmt::format("[{}] has neither `climate` nor `weather`, and its region names no climate", path),
            "name a climate");
    } else if (!scenario_.catalog.climate.contains(climate) && site.climate.empty()) {
      error(path, fmt::format("region `{}` names the climate `{}`, which is not in the catalogue", *region, climate),
            "name a climate");
    } else {
      check_entry("climate", scenario_.catalog.climate, climate);
    }
  }

  void check_cluster(const std::string& path, const ClusterSpec& cluster) {
    check_name(path + ".server", cluster.server, "server", names_of(scenario_.catalog.server));
    if (const auto server = scenario_.catalog.server.find(cluster.server); server != scenario_.catalog.server.end()) {
      check_name(path + ".server", server->second.accelerator, "accelerator", names_of(scenario_.catalog.accelerator));
      check_entry("server", scenario_.catalog.server, cluster.server);
      check_entry("accelerator", scenario_.catalog.accelerator, server->second.accelerator);
    }
    if (!cluster.jobs) return;
    if (cluster.jobs->log.empty() == !cluster.jobs->synthetic) {
      error(path + ".jobs", "jobs come from a `log` or are `synthetic`: one of the two",
            "{ log = \"...swf\" } or { synthetic = {} }");
    }
    if ((cluster.jobs->warm_up % sim::one_hour).ticks() != 0)
      error(path + ".jobs.warm_up",
            fmt::format("the warm-up, {}, is no whole number of hours", toml_text(cluster.jobs->warm_up)),
            "such as \"2d\" or \"36h\"");
    if (!cluster.jobs->log.empty() && cluster.jobs->warm_up > cluster.jobs->from)
      error(path + ".jobs.warm_up",
            fmt::format("the warm-up, {}, begins before the log: `from` is {}", toml_text(cluster.jobs->warm_up),
                        toml_text(cluster.jobs->from)),
            "a shorter warm-up, or a later `from`");
  }

  void check_service(const std::string& name, const ServiceSpec& service) {
    const std::string path = join_path("service", name);
    const bool good_model = check_model_kind(loaded_, name, service);
    if (good_model && service.diffusion) check_diffusion_service(loaded_, name, service);
    if (service.runs_on.empty() && loaded_.document.find(path + ".runs_on") != nullptr)
      error(path + ".runs_on", "an empty list", "name clusters as SITE.CLUSTER");
    for (const auto& pattern : service.runs_on) check_runs_on(name, service, pattern, good_model);
    if (service.kv_cache_tokens && service.kv_cache_blocks)
      error(path + ".kv_cache_blocks", "the cache is given twice, in tokens and in blocks", "keep one of the two");
    check_demand(path + ".demand", service.demand);
  }

  void check_runs_on(const std::string& name, const ServiceSpec& service, const std::string& pattern, bool good_model) {
    const std::string path = join_path("service", name) + ".runs_on";
    const auto found = clusters_matching(scenario_, pattern);
    if (found.empty()) {
      error(path, fmt::format("no cluster `{}`", pattern), suggestion(pattern, clusters_matching(scenario_, "*.*")));
    }
    for (const auto& cluster : found) {
      if (cluster_named(cluster).jobs)
        error(path, fmt::format("cluster `{}` runs jobs", cluster), "a cluster runs jobs or services, not both");
      if (good_model) check_service_on(path, name, service, cluster);
    }
  }

  void check_service_on(const std::string& path, const std::string& name, const ServiceSpec& service,
                        const std::string& cluster_name) {
    const Catalog& catalog = scenario_.catalog;
    const ClusterSpec& cluster = cluster_named(cluster_name);
    if (!catalog.server.contains(cluster.server)) return;
    if (!service.diffusion && !check_entry("model", catalog.model, service.model)) return;
    if (!check_entry("accelerator", catalog.accelerator, catalog.server.at(cluster.server).accelerator)) return;
    const auto accelerator = accelerator_from(catalog, catalog.server.at(cluster.server).accelerator);
    if (service.diffusion) {
      check_diffusion_on(loaded_, name, service, cluster_name, accelerator);
      check_gpus(path, service, cluster_name, models::gpus(layout_of(*service.diffusion)));
    } else {
      check_language_on(path, service, cluster_name, accelerator);
    }
  }

  void check_gpus(const std::string& path, const ServiceSpec& service, const std::string& cluster_name,
                  int gpus_a_replica) {
    const ClusterSpec& cluster = cluster_named(cluster_name);
    const int gpus = cluster.nodes * scenario_.catalog.server.at(cluster.server).gpus;
    const int wanted = gpus_a_replica * service.replicas.value_or(1);
    if (wanted <= gpus) return;
    error(path,
          fmt::format("cluster `{}` has {} GPUs, {} {} needed", cluster_name, gpus, wanted, wanted == 1 ? "is" : "are"),
          "more nodes, or fewer replicas");
  }

  void check_language_on(const std::string& path, const ServiceSpec& service, const std::string& cluster_name,
                         const models::Accelerator& accelerator) {
    const Catalog& catalog = scenario_.catalog;
    const std::string engine = engine_name(service, accelerator);
    if (engine.empty()) {
      error(path, fmt::format("no serving constants for {} of cluster `{}`", accelerator.title, cluster_name),
            "name an `engine` that is near enough, or fit your own with fleetwatt calibrate");
      return;
    }
    if (!catalog.engine.contains(engine)) {
      const std::string service_path = path.substr(0, path.rfind('.'));
      error(service.engine.empty() ? path : service_path + ".engine", fmt::format("no engine `{}`", engine),
            suggestion(engine, names_of(catalog.engine)));
      return;
    }
    check_fit(path, service, cluster_name, accelerator);
  }

  void check_fit(const std::string& path, const ServiceSpec& service, const std::string& cluster_name,
                 const models::Accelerator& accelerator) {
    const auto model = model_from(scenario_.catalog, service.model);
    const auto engine = engine_for(scenario_.catalog, service, accelerator);
    if (service.precision == models::WeightPrecision::fp8 && accelerator.fp8_flop_per_s <= 0.0) {
      error(path, fmt::format("{} has no FP8", accelerator.title), "precision = \"bf16\"");
      return;
    }
    const auto deployment = deployment_of(service, model, accelerator, engine);
    if (const auto shortage = models::memory_shortage(model, deployment, accelerator, engine)) {
      error(path, *shortage, models::what_would_fit(model, deployment, accelerator, engine));
      return;
    }
    if (!check_engine(engine, model, deployment)) return;
    check_resident(path, engine, model, deployment, accelerator);
    check_gpus(path, service, cluster_name, models::gpus(deployment));
  }

  /// Measured tables take the place of the kernels' times, not of the power constants.
  bool check_engine(const models::EngineConstants& engine, const models::LanguageModel& model,
                    const models::Deployment& deployment) {
    const std::string path = join_path("catalog.engine", engine.id);
    try {
      static_cast<void>(models::nearest_constants(engine, models::kernel_family(model, deployment.precision)));
    } catch (const sim::OutOfRange& fault) {
      if (reported_entries_.insert("engine " + engine.id).second)
        error(path, fault.what(), "write them, or let it extend an entry that has them: extends = \"NAME\"");
      return false;
    }
    const auto& tables = scenario_.catalog.engine.at(engine.id).tables;
    const int sharing = deployment.tensor_parallel * deployment.data_parallel;
    if (!tables || !tables->collectives.empty() || sharing <= 1) return true;
    if (!reported_entries_.insert("tables " + engine.id).second) return true;
    error(path + ".tables",
          fmt::format("{} GPUs share a layer, and the engine `{}` has no table of collectives", sharing, engine.id),
          "collectives = \"FILE.csv\", by num_tokens");
    return true;
  }

  /// Work draws no less than idling, and its least is below the limit.
  void check_resident(const std::string& path, const models::EngineConstants& engine,
                      const models::LanguageModel& model, const models::Deployment& deployment,
                      const models::Accelerator& accelerator) {
    const double resident_w =
        models::nearest_constants(engine, models::kernel_family(model, deployment.precision)).power.resident;
    if (resident_w >= accelerator.idle_w && resident_w < accelerator.tdp_w) return;
    error(
        path,
        fmt::format("engine `{}` draws {:.4g} W with a kernel resident, and {} idles at {:.4g} W and may draw {:.4g} W",
                    engine.id, resident_w, accelerator.title, accelerator.idle_w, accelerator.tdp_w),
        "another `engine`, or entries with idle_w <= resident_w < tdp_w");
  }

  void check_demand(const std::string& path, const DemandSpec& demand) {
    check_time_zone(path + ".time_zone", demand.time_zone);
    if (demand.mean_requests_per_s.has_value() == demand.requests.has_value()) {
      error(path, "demand is a rate (`mean_requests_per_s`) or a trace (`requests`): one of the two",
            "such as mean_requests_per_s = 10");
    }
    if (demand.requests && demand.requests->scale > 1 && !demand.requests->repeat) {
      error(path + ".requests.scale", "copies of a trace that start at different places must wrap around its end",
            "repeat = true");
    }
    check_length(path + ".lengths.prompt", demand.lengths.prompt);
    check_length(path + ".lengths.output", demand.lengths.output);
  }

  /// The default is a log-normal law; another one in the file takes its place.
  void check_length(const std::string& path, const LengthSpec& length) {
    const Node* written = loaded_.document.find(path);
    const bool own_lognormal = written != nullptr && written->child("lognormal") != nullptr;
    const int laws = (length.fixed ? 1 : 0) + (own_lognormal ? 1 : 0) + (length.quantiles.empty() ? 0 : 1);
    if (laws > 1) error(path, "more than one law for the same length", "one of `fixed`, `lognormal`, `quantiles`");
  }

  void check_shared_clusters() {
    std::map<std::string, std::vector<std::string>> services_on;
    for (const auto& [name, service] : scenario_.service) {
      std::set<std::string> clusters;
      for (const auto& pattern : service.runs_on) {
        for (const auto& cluster : clusters_matching(scenario_, pattern)) clusters.insert(cluster);
      }
      for (const auto& cluster : clusters) services_on[cluster].push_back(name);
    }
    for (const auto& [cluster, services] : services_on) {
      if (services.size() < 2) continue;
      check_sum_on(cluster, services);
      for (const auto& service : services) {
        if (scenario_.service.at(service).replicas) continue;
        error(join_path("service", service) + ".runs_on",
              fmt::format("cluster `{}` is shared by {} services", cluster, services.size()),
              "give each service its `replicas`");
      }
    }
  }

  /// Services of one cluster, each of which fits alone, must fit together.
  void check_sum_on(const std::string& cluster_name, const std::vector<std::string>& services) {
    const Catalog& catalog = scenario_.catalog;
    const ClusterSpec& cluster = cluster_named(cluster_name);
    const auto server = catalog.server.find(cluster.server);
    if (loaded_.diagnostics.any() || server == catalog.server.end()) return;
    std::int64_t wanted = 0;
    for (const auto& name : services) {
      const ServiceSpec& service = scenario_.service.at(name);
      if (!service.replicas) return;
      const auto accelerator = accelerator_from(catalog, server->second.accelerator);
      wanted += std::int64_t{*service.replicas} * gpus_a_replica(catalog, service, accelerator);
    }
    const std::int64_t gpus = std::int64_t{cluster.nodes} * server->second.gpus;
    if (wanted <= gpus) return;
    error(join_path("service", services.back()) + ".runs_on",
          fmt::format("cluster `{}` has {} GPUs, its services {} need {}", cluster_name, gpus,
                      fmt::join(services, " and "), wanted),
          "more nodes, or fewer replicas");
  }

  void check_routing() {
    for (const auto& [site, share] : scenario_.routing.shares) {
      if (scenario_.site.contains(site)) continue;
      error("routing.shares." + site, fmt::format("no site `{}`", site), suggestion(site, names_of(scenario_.site)));
    }
    if (scenario_.routing.shares.empty()) return;
    for (const auto& [name, service] : scenario_.service) {
      double sum = 0.0;
      bool any = false;
      for (const auto& pattern : service.runs_on) {
        for (const auto& cluster : clusters_matching(scenario_, pattern)) {
          const auto share = scenario_.routing.shares.find(cluster.substr(0, cluster.find('.')));
          any = true;
          if (share != scenario_.routing.shares.end()) sum += share->second;
        }
      }
      if (any && sum <= 0.0)
        error("routing.shares", fmt::format("no share goes to a site that runs service `{}`", name),
              "give one of its sites a share");
    }
  }

  void check_region(const std::string& name, const RegionSpec& region) {
    const std::string path = join_path("region", name);
    const auto resolved = region_named(scenario_.catalog, name);
    const bool in_catalog = resolved.has_value();
    if (in_catalog && *resolved != name) {
      error(path, fmt::format("`{}` is another name of the region {}", name, *resolved),
            fmt::format("write [region.{}]", *resolved));
      return;
    }
    const bool has_carbon = region.carbon || region.carbon_intensity_g_per_kwh;
    const bool has_price = region.price || region.price_usd_per_mwh;
    if (!in_catalog && !(has_carbon && has_price)) {
      error(path, fmt::format("region `{}` is not in the catalogue, so it needs a carbon intensity and a price", name),
            "carbon_intensity_g_per_kwh and price_usd_per_mwh, or hourly files; or " +
                suggestion(name, names_of(scenario_.catalog.region)));
    }
    if (region.carbon && region.carbon_intensity_g_per_kwh)
      error(path, "`carbon` and `carbon_intensity_g_per_kwh` both", "one of the two");
    if (region.price && region.price_usd_per_mwh) error(path, "`price` and `price_usd_per_mwh` both", "one of the two");
  }

  void check_there_is_something_to_run() {
    if (loaded_.diagnostics.any()) return;
    if (scenario_.site.empty()) {
      loaded_.diagnostics.error({OriginKind::file, {loaded_.sources.back().file, 0, 0}, 1}, "the scenario has no site",
                                "give it a [site.NAME]");
      return;
    }
    bool any_jobs = false;
    for (const auto& [name, site] : scenario_.site) {
      for (const auto& [cluster, spec] : site.cluster) any_jobs = any_jobs || spec.jobs.has_value();
    }
    if (scenario_.service.empty() && !any_jobs) {
      loaded_.diagnostics.error({OriginKind::file, {loaded_.sources.back().file, 0, 0}, 1},
                                "the scenario has neither a service nor jobs",
                                "give it a [service.NAME], or a cluster its `jobs`");
    }
  }

  [[nodiscard]] const ClusterSpec& cluster_named(const std::string& name) const {
    const std::size_t dot = name.find('.');
    return scenario_.site.at(name.substr(0, dot)).cluster.at(name.substr(dot + 1));
  }

  LoadedScenario& loaded_;
  const Scenario& scenario_;
  std::set<std::string> reported_entries_;
};

}  // namespace

std::vector<std::string> clusters_matching(const Scenario& scenario, const std::string& pattern) {
  std::vector<std::string> found;
  for (const auto& [site, spec] : scenario.site) {
    for (const auto& [cluster, cluster_spec] : spec.cluster) {
      const std::string name = site + "." + cluster;
      if (name_matches(pattern, name)) found.push_back(name);
    }
  }
  return found;
}

void check_scenario(LoadedScenario& loaded) {
  Checker(loaded).check();
}

}  // namespace fleetwatt::scenarios
