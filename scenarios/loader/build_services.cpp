// Services: a pool of replicas on each cluster that a service runs on, with its share of the demand.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "models/fleet/routing_policy.hpp"
#include "models/serving/calibrated_range.hpp"
#include "models/serving/capacity.hpp"
#include "models/workload/request_trace.hpp"
#include "scenarios/loader/check_scenario.hpp"
#include "scenarios/loader/diffusion_plan.hpp"
#include "scenarios/loader/engine_tables.hpp"
#include "scenarios/loader/fleet_builder.hpp"
#include "scenarios/loader/service_plan.hpp"
#include "sim/units.hpp"

namespace fleetwatt::scenarios {

namespace {

models::AnyLength length_of(const LengthSpec& spec) {
  if (spec.fixed) return models::FixedLength{*spec.fixed};
  if (!spec.quantiles.empty()) return models::QuantileLength{spec.quantiles};
  const LogNormalSpec law = spec.lognormal.value_or(LogNormalSpec{});
  return models::LogNormalLength{{law.median, law.sigma}, law.max};
}

/// What a service's pools have in common.
struct ServiceParts {
  std::string name;
  const ServiceSpec& spec;
  models::ServiceId id;
  models::DemandCurve curve;
  std::shared_ptr<const models::RequestTrace> trace;
  std::vector<sim::Duration> offsets;
};

/// While the trace lasts, where there is one.
double expected_rate(const ServiceParts& parts) {
  if (!parts.trace) return parts.spec.demand.mean_requests_per_s.value_or(0.0);
  return static_cast<double>(parts.trace->entries.size() * parts.offsets.size()) / parts.trace->period.s();
}

/// A trace that begins again must have a length, and ask for no more than a mean rate may.
bool check_repeat(FleetBuilder& builder, const ServiceParts& parts) {
  const double rate = expected_rate(parts);
  if (!parts.spec.demand.requests->repeat || rate <= most_requests_per_s) return true;
  const std::string path = join_path("service", parts.name) + ".demand.requests";
  const bool is_one_moment = parts.trace->entries.back().since_first.ticks() == 0;
  builder.loaded.diagnostics.error(
      builder.loaded.origin_of(path + ".repeat"),
      is_one_moment ? fmt::format("the {} requests of {} arrive at one moment, so it cannot begin again at its end",
                                  parts.trace->entries.size(), parts.spec.demand.requests->trace)
                    : fmt::format("{} repeated asks for {:.3g} requests/s", parts.spec.demand.requests->trace, rate),
      is_one_moment
          ? "repeat = false, or a trace with requests at two times"
          : fmt::format("at most {:.0f}: fewer copies, or a trace with a longer period", most_requests_per_s));
  return false;
}

/// Of a trace that is played once: when it is over, in the run's time; empty where the run is over before.
std::optional<sim::Duration> end_of_trace(const FleetBuilder& builder, const ServiceParts& parts) {
  const Header& header = builder.header();
  double left_s = parts.trace->period.s();
  for (sim::Duration at; at < header.duration; at = at + header.tick) {
    const std::int64_t begin_s = header.start.value + at.whole_s();
    const double factor = parts.curve.mean_over({begin_s}, {begin_s + header.tick.whole_s()});
    const double played_s = factor * header.tick.s();
    if (left_s < played_s) return at + sim::Duration::from_s(left_s / factor);
    left_s -= played_s;
  }
  return std::nullopt;
}

/// How long requests come: the run, or a trace that is not repeated.
sim::Duration replayed_length(const FleetBuilder& builder, const ServiceParts& parts) {
  const sim::Duration run = builder.header().duration;
  if (!parts.trace || parts.spec.demand.requests->repeat) return run;
  return end_of_trace(builder, parts).value_or(run);
}

void flag_silence(FleetBuilder& builder, const ServiceParts& parts) {
  const sim::Duration run = builder.header().duration;
  const sim::Duration length = replayed_length(builder, parts);
  if (length < run)
    builder.flag(parts.name, fmt::format("the trace ends after {:.3g} h of {:g} h; no requests after that",
                                         sim::h_from_s(length.s()), sim::h_from_s(run.s())));
}

/// One of a service's pools, before it is built.
struct PoolPlan {
  std::size_t cluster = 0;
  int gpus_a_replica = 1;
  int replicas = 0;
  double weight = 0.0;
};

std::vector<std::string> clusters_of(const Scenario& scenario, const ServiceSpec& spec) {
  std::vector<std::string> names;
  for (const auto& pattern : spec.runs_on) {
    for (const auto& name : clusters_matching(scenario, pattern)) {
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  std::ranges::sort(names);
  return names;
}

std::vector<PoolPlan> plan_pools(FleetBuilder& builder, const ServiceSpec& spec) {
  std::vector<PoolPlan> plans;
  for (const auto& name : clusters_of(builder.scenario(), spec)) {
    PoolPlan plan;
    plan.cluster = builder.cluster_index.at(name);
    const models::Cluster& cluster = builder.built.fleet.clusters[plan.cluster];
    plan.gpus_a_replica = gpus_a_replica(builder.scenario().catalog, spec, cluster.accelerator);
    plan.replicas = spec.replicas.value_or(cluster.unused_gpus / plan.gpus_a_replica);
    plans.push_back(plan);
  }
  return plans;
}

/// Weights of the pools: the shares of their sites, split over the pools of a site by replicas; or the replicas.
void weigh(FleetBuilder& builder, std::vector<PoolPlan>& plans) {
  const auto& shares = builder.scenario().routing.shares;
  std::map<std::size_t, int> replicas_at;
  for (const auto& plan : plans) replicas_at[builder.built.fleet.clusters[plan.cluster].site.index()] += plan.replicas;
  for (auto& plan : plans) {
    plan.weight = plan.replicas;
    if (shares.empty()) continue;
    const std::size_t site = builder.built.fleet.clusters[plan.cluster].site.index();
    const auto share = shares.find(builder.built.fleet.sites[site].name);
    plan.weight = share == shares.end() ? 0.0 : share->second * plan.replicas / replicas_at[site];
  }
}

models::AnyArrivals arrivals_of(const FleetBuilder& builder, const ServiceParts& parts, const std::string& pool,
                                const models::ShareInterval& share) {
  const DemandSpec& demand = parts.spec.demand;
  const std::uint64_t seed = builder.header().seed;
  if (demand.requests) {
    return models::TraceReplay({.trace = parts.trace,
                                .copy_offsets = parts.offsets,
                                .repeat = demand.requests->repeat,
                                .routing_key = sim::mix(sim::hash_of(parts.name), seed),
                                .share = share});
  }
  const double rate = demand.mean_requests_per_s.value_or(0.0) * (share.high - share.low);
  return models::PoissonArrivals({rate, length_of(demand.lengths.prompt), length_of(demand.lengths.output)}, seed,
                                 pool);
}

models::LatencyTarget target_of(const SloSpec& slo) {
  models::LatencyTarget target;
  if (slo.ttft_p99_s) target.time_to_first_token = sim::Duration::from_s(*slo.ttft_p99_s);
  if (slo.tpot_p99_s) target.time_per_output_token = sim::Duration::from_s(*slo.tpot_p99_s);
  if (slo.latency_p99_s) target.latency = sim::Duration::from_s(*slo.latency_p99_s);
  return target;
}

models::ContextLimit context_limit(const ServiceSpec& spec, const models::LanguageModel& model) {
  return {spec.context_limit_tokens.value_or(model.context_limit_tokens), spec.over_length};
}

void note_extrapolation(FleetBuilder& builder, const std::string& service, const models::IterationTables& tables,
                        const models::Deployment& deployment) {
  for (const auto& sentence : beyond_tables(tables, deployment)) builder.flag(service, sentence);
}

models::Attachments attachments_of(const FleetBuilder& builder, const ServiceParts& parts) {
  const auto& spec = parts.spec.demand.attachments;
  if (!spec) return {};
  return {spec->fraction, spec->tokens, sim::mix(sim::hash_of(parts.name + " attachments"), builder.header().seed)};
}

models::ServicePoolSpec pool_spec(const FleetBuilder& builder, const ServiceParts& parts, const PoolPlan& plan,
                                  const std::string& name) {
  const models::Cluster& cluster = builder.built.fleet.clusters[plan.cluster];
  return {.name = name,
          .replicas = plan.replicas,
          .replica_idle_w = plan.gpus_a_replica * cluster.accelerator.idle_w,
          .router = parts.spec.router,
          .target = target_of(parts.spec.slo),
          .tick = builder.header().tick,
          .run_start = builder.header().start};
}

models::RequestMoments lengths_served(const ServiceParts& parts, const models::LengthRules& rules) {
  if (parts.trace) return models::moments_of(*parts.trace, rules);
  const LengthsSpec& lengths = parts.spec.demand.lengths;
  return models::moments_of(length_of(lengths.prompt), length_of(lengths.output), rules);
}

models::ServicePool language_pool(FleetBuilder& builder, const ServiceParts& parts, const PoolPlan& plan,
                                  models::ServicePoolSpec pool, models::AnyArrivals arrivals) {
  const Catalog& catalog = builder.scenario().catalog;
  const models::Accelerator& accelerator = builder.built.fleet.clusters[plan.cluster].accelerator;
  const auto engine = engine_for(catalog, parts.spec, accelerator);
  const auto language_model = model_from(catalog, parts.spec.model);
  const auto deployment = deployment_of(parts.spec, language_model, accelerator, engine);
  for (const auto& sentence : models::beyond_calibration(language_model, deployment, accelerator, engine))
    builder.flag(parts.name, sentence);
  for (const auto& sentence :
       models::beyond_a_server(deployment, builder.built.fleet.clusters[plan.cluster].server.gpus))
    builder.flag(parts.name, sentence);
  pool.attachments = attachments_of(builder, parts);
  auto tables = engine_tables_for(builder, engine.id, deployment.tensor_parallel);
  if (tables) note_extrapolation(builder, parts.name, *tables, deployment);
  auto model = std::make_shared<const models::IterationModel>(language_model, accelerator, engine, deployment,
                                                              std::move(tables));
  pool.context_limit = context_limit(parts.spec, model->model());
  const auto requests = lengths_served(parts, {pool.context_limit, pool.attachments, model->kv_capacity()});
  builder.built.loads.push_back(
      {.accepted_fraction = requests.accepted_fraction, .pace = models::pace_by_load(*model, requests)});
  return {std::move(pool), std::move(model), std::move(arrivals), parts.curve};
}

models::DiffusionPool diffusion_pool(FleetBuilder& builder, const ServiceParts& parts, const PoolPlan& plan,
                                     models::ServicePoolSpec pool, models::AnyArrivals arrivals) {
  const models::Accelerator& accelerator = builder.built.fleet.clusters[plan.cluster].accelerator;
  const auto deployment = diffusion_deployment(builder.scenario().catalog, parts.spec, accelerator);
  for (const auto& sentence : models::beyond_calibration(deployment)) builder.flag(parts.name, sentence);
  auto table = models::batch_table(deployment);
  builder.built.loads.push_back({.accepted_fraction = 1.0, .pace = pace_by_load(table)});
  return {std::move(pool), std::move(table), std::move(arrivals), parts.curve};
}

int normal_draws(const LengthsSpec& lengths) {
  const auto draws = [](const LengthSpec& length) { return length.fixed || !length.quantiles.empty() ? 0 : 1; };
  return draws(lengths.prompt) + draws(lengths.output);
}

/// What is expected of the pool just built, and with it of its service.
void note_load(FleetBuilder& builder, const ServiceParts& parts, const PoolPlan& plan,
               const models::ShareInterval& share) {
  BuiltFleet& built = builder.built;
  ExpectedLoad& load = built.loads.back();
  load.pool = built.fleet.pools.size() - 1;
  load.replicas = plan.replicas;
  load.requests_per_s = expected_rate(parts) * (share.high - share.low);
  load.normal_draws = parts.trace ? 0 : normal_draws(parts.spec.demand.lengths);
  load.length = replayed_length(builder, parts);
  load.curve = parts.curve;
  CapacityNote& note = built.capacities.back();
  note.accepted_per_s += load.requests_per_s * load.accepted_fraction;
  note.capacity_per_s += load.capacity_per_s();
  ++note.pools;
  if (load.requests_per_s * load.accepted_fraction > load.capacity_per_s())
    note.saturated.push_back(built.fleet.clusters[plan.cluster].name);
}

/// The weakest of what a language service's draw at work rests on. Constants that stand in for another kind's, and
/// bytes that nobody measured, are modelled at best.
sim::Basis language_basis(const Catalog& catalog, const ServiceSpec& spec, const models::Accelerator& accelerator) {
  const ModelEntry& model = catalog.model.at(spec.model);
  const auto engine = engine_for(catalog, spec, accelerator);
  const auto family = models::kernel_family(model, spec.precision);
  const bool is_measured =
      models::constants_for(engine, family).has_value() && !models::has_unmeasured_weights(model, spec.precision);
  const EngineEntry& entry = catalog.engine.at(engine.id);
  const auto basis = sim::weakest(sim::weakest(model.basis, engine.basis),
                                  basis_of(entry, entry.basis, std::string(models::name_of(family))));
  return is_measured ? basis : sim::weakest(basis, sim::Basis::modelled);
}

sim::Basis diffusion_basis(const Catalog& catalog, const ServiceSpec& spec, const models::Accelerator& accelerator) {
  const auto deployment = diffusion_deployment(catalog, spec, accelerator);
  const DiffusionEngineEntry& entry = catalog.diffusion_engine.at(deployment.engine.id);
  return sim::weakest(sim::weakest(deployment.model.basis, deployment.engine.basis),
                      basis_of(entry, entry.basis, std::string(models::name_of(deployment.model.media))));
}

sim::Basis energy_basis(const Catalog& catalog, const ServiceSpec& spec, const models::Accelerator& accelerator) {
  return spec.diffusion ? diffusion_basis(catalog, spec, accelerator) : language_basis(catalog, spec, accelerator);
}

void build_pool(FleetBuilder& builder, const ServiceParts& parts, const PoolPlan& plan,
                const models::ShareInterval& share) {
  models::Cluster& cluster = builder.built.fleet.clusters[plan.cluster];
  const std::string name = parts.name + "@" + cluster.name;
  auto spec = pool_spec(builder, parts, plan, name);
  auto arrivals = arrivals_of(builder, parts, name, share);
  models::Pool pool{
      .cluster = models::ClusterId(plan.cluster),
      .gpus = plan.replicas * plan.gpus_a_replica,
      .body =
          parts.spec.diffusion
              ? decltype(models::Pool::body)(diffusion_pool(builder, parts, plan, std::move(spec), std::move(arrivals)))
              : decltype(models::Pool::body)(language_pool(builder, parts, plan, std::move(spec), std::move(arrivals))),
      .service = parts.id,
      .energy_basis = energy_basis(builder.scenario().catalog, parts.spec, cluster.accelerator)};
  cluster.unused_gpus -= pool.gpus;
  builder.built.fleet.pools.push_back(std::move(pool));
  note_load(builder, parts, plan, share);
}

bool read_trace(FleetBuilder& builder, ServiceParts& parts) {
  const RequestsSpec& requests = *parts.spec.demand.requests;
  const std::string path = join_path("service", parts.name) + ".demand.requests.trace";
  try {
    parts.trace = std::make_shared<models::RequestTrace>(models::parse_request_trace(
        builder.input_text(path, requests.trace), builder.input_name(path, requests.trace)));
  } catch (const sim::InputError& error) {
    builder.loaded.diagnostics.add(error);
    return false;
  }
  parts.offsets = models::copy_offsets(*parts.trace, requests.scale, builder.header().seed, parts.name);
  builder.built.replays.push_back({parts.name, parts.trace->entries.size(), parts.offsets});
  if (parts.trace->raised_to_one > 0) {
    builder.built.notes.push_back(fmt::format("{}: {} requests of the trace generate 0 tokens and count as 1",
                                              parts.name, parts.trace->raised_to_one));
  }
  return true;
}

}  // namespace

void build_services(FleetBuilder& builder) {
  for (const auto& [name, spec] : builder.scenario().service) {
    const auto zone = sim::TimeZone::find(spec.demand.time_zone).value_or(sim::TimeZone::utc());
    ServiceParts parts{name,
                       spec,
                       models::ServiceId(builder.built.fleet.services.size()),
                       models::DemandCurve(spec.demand.shape, zone),
                       nullptr,
                       {}};
    if (spec.demand.requests && !(read_trace(builder, parts) && check_repeat(builder, parts))) continue;
    auto plans = plan_pools(builder, spec);
    weigh(builder, plans);
    std::vector<double> weights;
    for (const auto& plan : plans) weights.push_back(plan.weight);
    const auto shares = models::share_intervals(weights);
    models::Service service;
    service.name = name;
    service.target = target_of(spec.slo);
    service.kind = spec.diffusion ? models::ServiceKind::diffusion : models::ServiceKind::language;
    service.gpus_a_replica = plans.front().gpus_a_replica;
    flag_silence(builder, parts);
    builder.built.expected_requests += expected_rate(parts) * replayed_length(builder, parts).s();
    builder.built.capacities.push_back({.service = name, .offered_per_s = expected_rate(parts)});
    builder.built.fleet.services.push_back(std::move(service));
    for (std::size_t i = 0; i < plans.size(); ++i) {
      if (plans[i].replicas > 0) build_pool(builder, parts, plans[i], shares[i]);
    }
  }
}

}  // namespace fleetwatt::scenarios
