// Clusters and the batch jobs that run on them.
#include <fmt/format.h>

#include "models/workload/swf_log.hpp"
#include "scenarios/loader/fleet_builder.hpp"
#include "sim/units.hpp"

namespace fleetwatt::scenarios {

namespace {

/// A run that the log's jobs miss, or that outlasts them by more than an hour.
void flag_silence(FleetBuilder& builder, const std::string& cluster, const JobsSpec& spec, const models::SwfLog& log,
                  bool no_job) {
  const double run_h = sim::h_from_s(builder.header().duration.s());
  const double last_h = log.jobs.empty() ? 0.0 : sim::h_from_s(log.jobs.back().submit_s - spec.from.s());
  if (no_job)
    builder.flag(cluster, fmt::format("no job of {} falls into the run", spec.log));
  else if (last_h + 1.0 < run_h)
    builder.flag(cluster, fmt::format("{} ends after {:.3g} h of {:g} h; no jobs after that", spec.log, last_h, run_h));
}

std::vector<models::BatchJob> jobs_from_log(FleetBuilder& builder, const std::string& cluster, const std::string& path,
                                            const JobsSpec& spec, int gpus_per_node) {
  const models::SwfLog log = models::parse_swf(builder.input_text(path, spec.log), builder.input_name(path, spec.log));
  const int skipped = log.skipped_unknown_run_time + log.skipped_no_processors;
  if (skipped > 0) {
    builder.built.notes.push_back(
        fmt::format("{}: {} jobs of the log skipped, {} without a run time and {} without processors", cluster, skipped,
                    log.skipped_unknown_run_time, log.skipped_no_processors));
  }
  auto jobs = models::jobs_from_swf(log, {.from = spec.from - spec.warm_up,
                                          .length = builder.header().duration + spec.warm_up,
                                          .gpus_per_processor = spec.processor == Processor::node ? gpus_per_node : 1});
  const bool none_in_run = jobs.empty() || jobs.back().submit.since_start() < spec.warm_up;
  flag_silence(builder, cluster, spec, log, none_in_run);
  return jobs;
}

std::vector<models::BatchJob> jobs_of(FleetBuilder& builder, const std::string& cluster, const std::string& path,
                                      const JobsSpec& spec, const models::Cluster& built) {
  if (spec.synthetic) {
    models::SyntheticJobs law = *spec.synthetic;
    law.max_gpus = built.gpus();
    return models::jobs_from_generated(
        models::generate_jobs(law, builder.header().duration + spec.warm_up, builder.header().seed, cluster));
  }
  try {
    return jobs_from_log(builder, cluster, path + ".log", spec, built.server.gpus);
  } catch (const sim::InputError& error) {
    builder.loaded.diagnostics.add(error);
    return {};
  }
}

void build_jobs(FleetBuilder& builder, const std::string& name, const std::string& path, const ClusterSpec& spec,
                models::Cluster& cluster, models::ClusterId id) {
  models::BatchClusterSpec pool{.name = name,
                                .gpus = cluster.gpus(),
                                .busy_gpu_w = models::training_power_w(cluster.accelerator),
                                .idle_gpu_w = cluster.accelerator.idle_w,
                                .discipline = spec.scheduler,
                                .tick = builder.header().tick,
                                .warm_up = spec.jobs->warm_up};
  cluster.unused_gpus = 0;
  auto jobs = jobs_of(builder, name, path + ".jobs", *spec.jobs, cluster);
  builder.built.fleet.pools.push_back({.cluster = id,
                                       .gpus = cluster.gpus(),
                                       .body = models::BatchCluster(std::move(pool), std::move(jobs)),
                                       .service = {},
                                       .energy_basis = cluster.accelerator.training_basis});
}

}  // namespace

void build_clusters(FleetBuilder& builder) {
  const Scenario& scenario = builder.scenario();
  for (const auto& [site, site_spec] : scenario.site) {
    for (const auto& [name, spec] : site_spec.cluster) {
      models::Cluster cluster;
      cluster.name = site + "." + name;
      cluster.site = models::SiteId(builder.site_index.at(site));
      cluster.server = server_from(scenario.catalog, spec.server);
      cluster.accelerator = accelerator_from(scenario.catalog, cluster.server.accelerator);
      cluster.nodes = spec.nodes;
      cluster.unused_gpus = cluster.gpus();
      const models::ClusterId id(builder.built.fleet.clusters.size());
      builder.cluster_index[cluster.name] = id.index();
      if (spec.jobs) build_jobs(builder, cluster.name, join_path("site", site) + ".cluster." + name, spec, cluster, id);
      builder.built.fleet.clusters.push_back(std::move(cluster));
    }
  }
}

}  // namespace fleetwatt::scenarios
