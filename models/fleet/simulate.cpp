#include "models/fleet/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "models/fleet/fleet_audit.hpp"
#include "models/fleet/fleet_flags.hpp"
#include "models/fleet/site_tick.hpp"
#include "sim/error.hpp"
#include "sim/meter.hpp"
#include "sim/units.hpp"

namespace fleetwatt::models {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double ratio(double a, double b) {
  return b > 0.0 ? a / b : nan;
}

/// The series of one dimension, created by name and kept at hand.
class SeriesSet {
 public:
  SeriesSet(sim::RecordedDimension& dimension, std::string name, std::vector<std::string> labels, std::size_t hours,
            std::initializer_list<const char*> names)
      : dimension_(dimension) {
    dimension_.name = std::move(name);
    dimension_.labels = std::move(labels);
    for (const char* series : names) dimension_.series.emplace_back(series, hours, dimension_.labels.size());
  }
  /// Series in the order of the names given.
  sim::Series& operator[](std::size_t index) { return dimension_.series[index]; }

 private:
  sim::RecordedDimension& dimension_;
};

template <class Entity>
std::vector<std::string> names_of(const std::vector<Entity>& entities) {
  std::vector<std::string> names;
  for (const auto& entity : entities) names.push_back(entity.name);
  return names;
}

/// What one site gathers over an hour.
struct SiteHour {
  EnergyByOwner energy;
  double meter_j = 0.0;
  WaterBalance water;
};

struct ClusterHour {
  double gpu_busy_s = 0.0;
  double it_energy_j = 0.0;
};

class FleetRun {
 public:
  FleetRun(Fleet& fleet, const RunControl& control);
  FleetResult run();

 private:
  void run_hour(std::size_t hour);
  void run_tick(std::int64_t tick);
  void gather_pools(std::vector<EnergyByOwner>& servers);
  void add_cluster(ClusterId id, const GpuEnergy& gpus, EnergyByOwner& servers);
  void gather_site(std::size_t site, const EnergyByOwner& servers, std::size_t hour);
  void close_hour(std::size_t hour);
  void close_site_hour(std::size_t site, std::size_t hour, std::vector<double>& region_j,
                       std::vector<double>& region_water_kg);
  void close_region_hour(std::size_t region, std::size_t hour, double energy_j, double water_kg);
  void close_services_hour(std::size_t hour);
  void close_clusters_hour(std::size_t hour);
  void note_saturation();
  void observe_pools();
  void audit_books();
  [[nodiscard]] bool queues_outgrow_memory();
  void stop_early();
  void finish_jobs();
  void finish_peaks();
  [[nodiscard]] sim::UtcSeconds utc(sim::Duration since_start) const {
    return {fleet_.start.value + since_start.whole_s()};
  }

  Fleet& fleet_;
  const RunControl& control_;
  std::size_t hours_;
  double tick_s_;
  FleetResult result_;
  SeriesSet site_;
  SeriesSet region_;
  SeriesSet service_;
  SeriesSet cluster_;

  std::vector<GpuEnergy> pool_energy_;  ///< of the tick just run, one slot a pool
  std::vector<double> pool_busy_s_;     ///< GPU-seconds busy up to now, one slot a pool
  std::vector<SiteHour> site_hours_;
  std::vector<ClusterHour> cluster_hours_;
  std::vector<GpuEnergy> service_hours_;
  std::vector<sim::IntervalPeak> site_peaks_;
  std::vector<sim::IntervalPeak> region_peaks_;
  sim::IntervalPeak fleet_peak_;
  std::vector<double> standing_s_;  ///< time with a queue up to the last hour, one slot a pool
  double queue_bytes_ = 0.0;        ///< at the end of the last hour
  RunningAudit audit_;
  std::int64_t audited_hours_ = 0;
};

// Places of the series in their sets, in the order of the names below.
enum SiteSeries : std::size_t {
  site_load,
  site_it,
  site_cooling,
  site_loss,
  site_pue,
  site_water,
  site_outdoor,
  site_wet_bulb
};
enum RegionSeries : std::size_t { region_load, region_co2, region_carbon, region_price, region_cost, region_water };
enum ServiceSeries : std::size_t {
  arrived,
  done,
  tokens,
  ttft_p50,
  ttft_p99,
  tpot_p50,
  tpot_p99,
  latency_p50,
  latency_p99,
  service_energy,
  service_waiting
};
enum ClusterSeries : std::size_t { gpus_busy, cluster_energy, jobs_running, jobs_waiting };

FleetRun::FleetRun(Fleet& fleet, const RunControl& control)
    : fleet_(fleet),
      control_(control),
      hours_(static_cast<std::size_t>(fleet.hours)),
      tick_s_(fleet.tick.s()),
      site_(result_.site_series, "site", names_of(fleet.sites), hours_,
            {"site_load_mw", "site_it_load_mw", "site_cooling_load_mw", "site_loss_mw", "site_pue", "site_water_m3",
             "site_outdoor_c", "site_wet_bulb_c"}),
      region_(result_.region_series, "region", names_of(fleet.regions), hours_,
              {"region_load_mw", "region_co2_t", "region_carbon_intensity_g_per_kwh", "region_price_usd_per_mwh",
               "region_cost_usd", "region_water_m3"}),
      service_(result_.service_series, "service", names_of(fleet.services), hours_,
               {"service_requests", "service_requests_done", "service_output_tokens", "service_ttft_p50_s",
                "service_ttft_p99_s", "service_tpot_p50_s", "service_tpot_p99_s", "service_latency_p50_s",
                "service_latency_p99_s", "service_energy_mwh", "service_requests_waiting"}),
      cluster_(result_.cluster_series, "cluster", names_of(fleet.clusters), hours_,
               {"cluster_gpus_busy", "cluster_energy_mwh", "cluster_jobs_running", "cluster_jobs_waiting"}),
      pool_energy_(fleet.pools.size()),
      pool_busy_s_(fleet.pools.size()),
      site_hours_(fleet.sites.size()),
      cluster_hours_(fleet.clusters.size()),
      service_hours_(fleet.services.size()),
      site_peaks_(fleet.sites.size(), sim::IntervalPeak(fleet.tick, fleet.ticks_per_peak_interval)),
      region_peaks_(fleet.regions.size(), sim::IntervalPeak(fleet.tick, fleet.ticks_per_peak_interval)),
      fleet_peak_(fleet.tick, fleet.ticks_per_peak_interval),
      standing_s_(fleet.pools.size()),
      audit_(fleet) {
  result_.load_w.resize(hours_);
  result_.sites.resize(fleet.sites.size());
  result_.regions.resize(fleet.regions.size());
  result_.services.resize(fleet.services.size());
  result_.clusters.resize(fleet.clusters.size());
  result_.pools.resize(fleet.pools.size());
  result_.flags = fleet.flags;
}

FleetResult FleetRun::run() {
  constexpr std::size_t hours_a_day = 24;
  for (std::size_t hour = 0; hour < hours_; ++hour) {
    run_hour(hour);
    const bool outgrown = queues_outgrow_memory() && hour + 1 < hours_;
    if (outgrown || (hour + 1) % hours_a_day == 0 || hour + 1 == hours_) audit_books();
    if (control_.progress) control_.progress(static_cast<double>(hour + 1) / static_cast<double>(hours_));
    if (!outgrown) continue;
    stop_early();
    break;
  }
  finish_jobs();
  finish_peaks();
  std::ranges::move(flags_of_run(fleet_, result_), std::back_inserter(result_.flags));
  return std::move(result_);
}

void FleetRun::run_hour(std::size_t hour) {
  const std::int64_t ticks = fleet_.ticks_per_hour();
  const std::int64_t first = static_cast<std::int64_t>(hour) * ticks;
  for (std::int64_t tick = first; tick < first + ticks; ++tick) {
    if (control_.stop != nullptr && control_.stop->load(std::memory_order_relaxed)) throw sim::Interrupted();
    run_tick(tick);
  }
  close_hour(hour);
  result_.hours = static_cast<std::int64_t>(hour) + 1;
}

/// Of the first breach the days are kept; with `keep_breached` the run goes on.
void FleetRun::audit_books() {
  observe_pools();
  if (control_.before_audit) control_.before_audit(result_);
  result_.audit = audit_.at(result_);
  const std::string breaches = result_.audit.breaches_text();
  if (!breaches.empty() && !result_.breach) {
    result_.breach = Breach{audited_hours_, result_.hours, breaches};
    if (!control_.keep_breached) throw sim::AuditError(to_text(*result_.breach, fleet_.start));
  }
  audited_hours_ = result_.hours;
}

/// Whether an hour more like the last may not fit what waiting requests may take.
bool FleetRun::queues_outgrow_memory() {
  double bytes = 0.0;
  for (const auto& pool : fleet_.pools)
    with_service_pool(pool, [&](const auto& body) { bytes += static_cast<double>(body.waiting()) * sizeof(Request); });
  const double growth = bytes - std::exchange(queue_bytes_, bytes);
  return bytes + std::max(growth, 0.0) > control_.queue_limit_bytes;
}

void FleetRun::stop_early() {
  result_.flags.push_back(
      {"run",
       fmt::format("stopped after {} of {} hours: waiting requests take {:.2g} GB, and an hour more would exceed "
                   "the memory that the run may use",
                   result_.hours, fleet_.hours, queue_bytes_ * 1e-9)});
  const auto done = static_cast<std::size_t>(result_.hours);
  for (auto* dimension :
       {&result_.site_series, &result_.region_series, &result_.service_series, &result_.cluster_series}) {
    for (auto& series : dimension->series) series.keep_first(done);
  }
  result_.load_w.resize(done);
}

void FleetRun::run_tick(std::int64_t tick) {
  const sim::SimTime end = sim::SimTime::at(fleet_.tick * (tick + 1));
  control_.team->parallel_for(fleet_.pools.size(), [&](std::size_t i) {
    std::visit(
        [&](auto& pool) {
          pool.run_until(end);
          pool_energy_[i] = pool.take_tick_energy();
        },
        fleet_.pools[i].body);
  });

  std::vector<EnergyByOwner> servers(fleet_.sites.size());
  gather_pools(servers);
  const auto hour = static_cast<std::size_t>(tick / fleet_.ticks_per_hour());
  std::vector<double> region_j(fleet_.regions.size());
  double fleet_j = 0.0;
  for (std::size_t site = 0; site < fleet_.sites.size(); ++site) {
    const double before_j = result_.sites[site].meter_j;
    gather_site(site, servers[site], hour);
    const double meter_j = result_.sites[site].meter_j - before_j;
    for (const auto& share : fleet_.sites[site].regions) region_j[share.region.index()] += share.fraction * meter_j;
    fleet_j += meter_j;
  }
  for (std::size_t region = 0; region < fleet_.regions.size(); ++region)
    region_peaks_[region].add_tick(region_j[region]);
  fleet_peak_.add_tick(fleet_j);
}

void FleetRun::gather_pools(std::vector<EnergyByOwner>& servers) {
  std::vector<GpuEnergy> of_cluster(fleet_.clusters.size());
  for (std::size_t i = 0; i < fleet_.pools.size(); ++i) {
    const Pool& pool = fleet_.pools[i];
    EnergyByOwner& owner = servers[fleet_.clusters[pool.cluster.index()].site.index()];
    of_cluster[pool.cluster.index()] += pool_energy_[i];
    result_.pools[i].energy += pool_energy_[i];
    owner.idle_j += pool_energy_[i].idle_j;
    if (runs_jobs(pool)) {
      owner.training_j += pool_energy_[i].active_j;
    } else {
      owner.inference_j += pool_energy_[i].active_j;
      service_hours_[pool.service.index()] += pool_energy_[i];
    }
  }
  for (std::size_t i = 0; i < fleet_.clusters.size(); ++i) {
    add_cluster(ClusterId(i), of_cluster[i], servers[fleet_.clusters[i].site.index()]);
  }
}

void FleetRun::add_cluster(ClusterId id, const GpuEnergy& gpus, EnergyByOwner& servers) {
  const Cluster& cluster = fleet_.clusters[id.index()];
  GpuEnergy all = gpus;
  const double unused_j = cluster.unused_gpus * cluster.accelerator.idle_w * tick_s_;
  all.idle_j += unused_j;
  const double host_j =
      cluster.nodes * host_energy_j(cluster.server, cluster.accelerator, all.total_j() / cluster.nodes, tick_s_);
  servers.idle_j += unused_j;
  servers.host_j += host_j;
  cluster_hours_[id.index()].it_energy_j += all.total_j() + host_j;
  result_.clusters[id.index()].gpu_energy += all;
  result_.clusters[id.index()].it_energy_j += all.total_j() + host_j;
}

void FleetRun::gather_site(std::size_t site, const EnergyByOwner& servers, std::size_t hour) {
  const SiteTick tick = facility_tick(fleet_.sites[site], servers, fleet_.sites[site].weather[hour], tick_s_);
  SiteHour& gathered = site_hours_[site];
  gathered.energy += tick.energy;
  gathered.meter_j += tick.meter_j;
  gathered.water += tick.water;
  SiteTotals& totals = result_.sites[site];
  totals.energy += tick.energy;
  totals.meter_j += tick.meter_j;
  totals.water += tick.water;
  for (const auto& share : fleet_.sites[site].regions) {
    const Region& region = fleet_.regions[share.region.index()];
    const double energy_kwh = share.fraction * sim::kwh_from_j(tick.meter_j);
    totals.co2_kg += co2_kg(energy_kwh, region.carbon_g_per_kwh.at(hour));
    totals.cost_usd += energy_cost_usd(energy_kwh, region.price_usd_per_mwh.at(hour));
  }
  site_peaks_[site].add_tick(tick.meter_j);
  note_limits(fleet_.sites[site], tick, hour, tick_s_, totals);
}

void FleetRun::close_hour(std::size_t hour) {
  std::vector<double> region_j(fleet_.regions.size());
  std::vector<double> region_water_kg(fleet_.regions.size());
  for (std::size_t site = 0; site < fleet_.sites.size(); ++site) close_site_hour(site, hour, region_j, region_water_kg);
  for (std::size_t region = 0; region < fleet_.regions.size(); ++region) {
    close_region_hour(region, hour, region_j[region], region_water_kg[region]);
  }
  close_services_hour(hour);
  close_clusters_hour(hour);
}

void FleetRun::close_site_hour(std::size_t site, std::size_t hour, std::vector<double>& region_j,
                               std::vector<double>& region_water_kg) {
  const SiteHour gathered = std::exchange(site_hours_[site], {});
  const auto mean_mw = [](double energy_j) { return sim::mw_from_w(energy_j / sim::seconds_per_hour); };
  const HourlyWeather& weather = fleet_.sites[site].weather[hour];
  site_[site_load].at(hour, site) = mean_mw(gathered.meter_j);
  site_[site_it].at(hour, site) = mean_mw(gathered.energy.it_j());
  site_[site_cooling].at(hour, site) = mean_mw(gathered.energy.cooling_j);
  site_[site_loss].at(hour, site) = mean_mw(gathered.energy.loss_j);
  site_[site_pue].at(hour, site) = ratio(gathered.meter_j, gathered.energy.it_j());
  site_[site_water].at(hour, site) = sim::m3_from_water_kg(gathered.water.total_kg());
  site_[site_outdoor].at(hour, site) = weather.dry_bulb_c;
  site_[site_wet_bulb].at(hour, site) = weather.wet_bulb_c;

  result_.load_w[hour] += gathered.meter_j / sim::seconds_per_hour;
  for (const auto& share : fleet_.sites[site].regions) {
    region_j[share.region.index()] += share.fraction * gathered.meter_j;
    region_water_kg[share.region.index()] += share.fraction * gathered.water.total_kg();
  }
}

void FleetRun::close_region_hour(std::size_t region, std::size_t hour, double energy_j, double water_kg) {
  const double carbon = fleet_.regions[region].carbon_g_per_kwh.at(hour);
  const double price = fleet_.regions[region].price_usd_per_mwh.at(hour);
  const double emitted_kg = co2_kg(sim::kwh_from_j(energy_j), carbon);
  const double cost_usd = energy_cost_usd(sim::kwh_from_j(energy_j), price);
  region_[region_load].at(hour, region) = sim::mw_from_w(energy_j / sim::seconds_per_hour);
  region_[region_co2].at(hour, region) = sim::t_from_kg(emitted_kg);
  region_[region_carbon].at(hour, region) = carbon;
  region_[region_price].at(hour, region) = price;
  region_[region_cost].at(hour, region) = cost_usd;
  region_[region_water].at(hour, region) = sim::m3_from_water_kg(water_kg);
  RegionTotals& totals = result_.regions[region];
  totals.energy_j += energy_j;
  totals.water_kg += water_kg;
  totals.co2_kg += emitted_kg;
  totals.cost_usd += cost_usd;
}

void FleetRun::close_services_hour(std::size_t hour) {
  std::vector<ServiceCounts> counts(fleet_.services.size());
  std::vector<std::uint64_t> waiting(fleet_.services.size());
  for (auto& pool : fleet_.pools) {
    with_service_pool(pool, [&](auto& body) {
      counts[pool.service.index()].merge(body.take_counts());
      waiting[pool.service.index()] += body.waiting();
    });
  }
  for (std::size_t service = 0; service < counts.size(); ++service) {
    const ServiceCounts& c = counts[service];
    const GpuEnergy energy = std::exchange(service_hours_[service], {});
    service_[arrived].at(hour, service) = static_cast<double>(c.arrived);
    service_[done].at(hour, service) = static_cast<double>(c.done);
    service_[tokens].at(hour, service) = static_cast<double>(c.output_tokens);
    service_[ttft_p50].at(hour, service) = c.time_to_first_token.quantile_s(0.50);
    service_[ttft_p99].at(hour, service) = c.time_to_first_token.quantile_s(0.99);
    service_[tpot_p50].at(hour, service) = c.time_per_output_token.quantile_s(0.50);
    service_[tpot_p99].at(hour, service) = c.time_per_output_token.quantile_s(0.99);
    service_[latency_p50].at(hour, service) = c.latency.quantile_s(0.50);
    service_[latency_p99].at(hour, service) = c.latency.quantile_s(0.99);
    service_[service_energy].at(hour, service) = sim::mwh_from_j(energy.total_j());
    service_[service_waiting].at(hour, service) = static_cast<double>(waiting[service]);
    result_.services[service].counts.merge(c);
    result_.services[service].gpu_energy += energy;
  }
  note_saturation();
}

/// A pool was saturated in an hour when requests waited for a place during nine tenths of its replicas' time.
void FleetRun::note_saturation() {
  constexpr double nearly_all = 0.9;
  std::vector<bool> saturated(fleet_.services.size());
  for (std::size_t i = 0; i < fleet_.pools.size(); ++i) {
    const Pool& pool = fleet_.pools[i];
    with_service_pool(pool, [&](const auto& body) {
      const StandingQueue queue = body.standing_queue();
      const double stood_s = queue.time_s + queue.unfinished_s;
      const double in_hour_s = stood_s - std::exchange(standing_s_[i], stood_s);
      if (in_hour_s < nearly_all * body.replicas() * sim::seconds_per_hour) return;
      ++result_.pools[i].saturated_hours;
      saturated[pool.service.index()] = true;
    });
  }
  for (std::size_t i = 0; i < saturated.size(); ++i) result_.services[i].saturated_hours += saturated[i] ? 1 : 0;
}

void FleetRun::close_clusters_hour(std::size_t hour) {
  std::vector<double> running(fleet_.clusters.size());
  std::vector<double> waiting(fleet_.clusters.size());
  for (std::size_t i = 0; i < fleet_.pools.size(); ++i) {
    const Pool& pool = fleet_.pools[i];
    double busy_s = 0.0;
    with_service_pool(pool, [&](const auto& body) { busy_s = body.busy_s() * pool.gpus / body.replicas(); });
    if (const auto* jobs = std::get_if<BatchCluster>(&pool.body)) {
      busy_s = jobs->gpu_seconds_allocated();
      running[pool.cluster.index()] += static_cast<double>(jobs->running());
      waiting[pool.cluster.index()] += static_cast<double>(jobs->waiting());
    }
    cluster_hours_[pool.cluster.index()].gpu_busy_s += busy_s - std::exchange(pool_busy_s_[i], busy_s);
  }
  for (std::size_t cluster = 0; cluster < fleet_.clusters.size(); ++cluster) {
    const ClusterHour gathered = std::exchange(cluster_hours_[cluster], {});
    cluster_[gpus_busy].at(hour, cluster) = gathered.gpu_busy_s / sim::seconds_per_hour;
    cluster_[cluster_energy].at(hour, cluster) = sim::mwh_from_j(gathered.it_energy_j);
    cluster_[jobs_running].at(hour, cluster) = running[cluster];
    cluster_[jobs_waiting].at(hour, cluster) = waiting[cluster];
    result_.clusters[cluster].gpu_busy_s += gathered.gpu_busy_s;
  }
}

/// What pools know of the run as a whole.
void FleetRun::observe_pools() {
  for (auto& service : result_.services) service.running = service.waiting = service.overdue = service.iterations = 0;
  for (std::size_t i = 0; i < fleet_.pools.size(); ++i) {
    const Pool& pool = fleet_.pools[i];
    with_service_pool(pool, [&](const auto& body) {
      ServiceTotals& totals = result_.services[pool.service.index()];
      totals.running += body.running();
      totals.waiting += body.waiting();
      totals.overdue += body.overdue();
      totals.iterations += body.iterations();
      result_.pools[i].standing_queue = body.standing_queue();
    });
    if (const auto* jobs = std::get_if<BatchCluster>(&pool.body)) {
      ClusterTotals& totals = result_.clusters[pool.cluster.index()];
      totals.runs_jobs = true;
      totals.jobs = jobs->statistics();
    }
  }
}

void FleetRun::finish_jobs() {
  for (const auto& pool : fleet_.pools) {
    if (const auto* jobs = std::get_if<BatchCluster>(&pool.body)) {
      ClusterTotals& totals = result_.clusters[pool.cluster.index()];
      totals.gpu_seconds_offered = jobs->gpu_seconds_offered();
      totals.gpu_seconds_waiting = jobs->gpu_seconds_waiting();
    }
  }
}

void FleetRun::finish_peaks() {
  const auto peak_of = [this](const sim::IntervalPeak& peak) { return Peak{peak.peak(), utc(peak.peak_start())}; };
  for (std::size_t i = 0; i < site_peaks_.size(); ++i) result_.sites[i].peak = peak_of(site_peaks_[i]);
  for (std::size_t i = 0; i < region_peaks_.size(); ++i) result_.regions[i].peak = peak_of(region_peaks_[i]);
  result_.peak = peak_of(fleet_peak_);
}

}  // namespace

FleetResult simulate(Fleet& fleet, const RunControl& control) {
  return FleetRun(fleet, control).run();
}

}  // namespace fleetwatt::models
