// Sites: weather, cooling and power chain, sized for the servers that stand there.
#include <fmt/format.h>

#include "models/facility/psychrometrics.hpp"
#include "scenarios/loader/fleet_builder.hpp"
#include "scenarios/loader/weather_file.hpp"

namespace fleetwatt::scenarios {

namespace {

std::array<double, 12> twelve(const std::vector<double>& values, double otherwise) {
  std::array<double, 12> months;
  months.fill(otherwise);
  for (std::size_t i = 0; i < std::min<std::size_t>(values.size(), 12); ++i) months[i] = values[i];
  return months;
}

models::ClimateNormals normals_of(const std::string& name, const ClimateEntry& entry) {
  models::ClimateNormals normals;
  normals.name = name;
  normals.latitude = entry.latitude;
  normals.longitude = entry.longitude;
  normals.elevation_m = entry.elevation_m;
  normals.time_zone = entry.time_zone;
  normals.dry_bulb_mean_c = twelve(entry.dry_bulb_mean_c, 0.0);
  normals.daily_range_k = twelve(entry.daily_range_k, 0.0);
  normals.dew_point_mean_c = twelve(entry.dew_point_mean_c, 0.0);
  normals.daily_mean_sd_k = twelve(entry.daily_mean_sd_k, 0.0);
  normals.daily_mean_lag1 = twelve(entry.daily_mean_lag1, 0.0);
  normals.pressure_pa = twelve(entry.pressure_pa, models::station_pressure_pa(entry.elevation_m));
  return normals;
}

/// The climate that a site names, or its region's.
std::string climate_of(const Scenario& scenario, const SiteSpec& site) {
  if (!site.climate.empty()) return site.climate;
  return scenario.catalog.region.at(*region_named(scenario.catalog, main_region(site))).climate;
}

std::vector<models::HourlyWeather> weather_of(FleetBuilder& builder, const std::string& name, const SiteSpec& site,
                                              sim::Basis& basis) {
  if (!site.weather) {
    const std::string climate = climate_of(builder.scenario(), site);
    basis = sim::Basis::modelled;
    return models::synthesise_weather(normals_of(climate, builder.scenario().catalog.climate.at(climate)),
                                      builder.header().start, builder.hours(), builder.header().seed);
  }
  const std::string path = join_path("site", name) + ".weather.file";
  try {
    WeatherSeries series =
        read_weather_file(builder.input_text(path, site.weather->file), builder.input_name(path, site.weather->file),
                          *site.weather, builder.header().start, builder.hours());
    if (series.filled_hours > 0)
      builder.flag(name, fmt::format("{} of {} hours of weather interpolated", series.filled_hours, builder.hours()));
    basis = series.typical_year ? sim::Basis::modelled : sim::Basis::measured;
    return std::move(series.hours);
  } catch (const sim::InputError& error) {
    builder.loaded.diagnostics.add(error);
    return {};
  }
}

double rated_it_w(const Scenario& scenario, const SiteSpec& site) {
  double sum_w = 0.0;
  for (const auto& [name, cluster] : site.cluster)
    sum_w += cluster.nodes * scenario.catalog.server.at(cluster.server).rated_w;
  return sum_w;
}

/// By index; two names of one region add up.
std::vector<models::RegionShare> shares_of(const FleetBuilder& builder, const SiteSpec& spec) {
  std::map<std::size_t, double> fractions;
  for (const auto& [region, fraction] : spec.region) fractions[builder.region_index.at(region)] += fraction;
  std::vector<models::RegionShare> shares;
  for (const auto& [index, fraction] : fractions) shares.push_back({models::RegionId(index), fraction});
  return shares;
}

}  // namespace

void build_sites(FleetBuilder& builder) {
  for (const auto& [name, spec] : builder.scenario().site) {
    sim::Basis weather_basis = sim::Basis::assumed;
    auto weather = weather_of(builder, name, spec, weather_basis);
    const double it_capacity_w = spec.it_capacity_w.value_or(rated_it_w(builder.scenario(), spec));
    // The plant is built for the hall's full load: IT and the chain's losses inside the hall.
    const models::PowerDelivery without_cooling(spec.power, it_capacity_w, 0.0);
    const double design_heat_w = it_capacity_w + without_cooling.hall_loss_w(it_capacity_w);
    const double mechanical_w = models::design_cooling_power_w(spec.cooling, design_heat_w);
    builder.site_index[name] = builder.built.fleet.sites.size();
    builder.built.fleet.sites.push_back({.name = name,
                                         .regions = shares_of(builder, spec),
                                         .weather = std::move(weather),
                                         .weather_basis = weather_basis,
                                         .cooling = spec.cooling,
                                         .cooling_design = {.design_heat_w = design_heat_w},
                                         .power = models::PowerDelivery(spec.power, it_capacity_w, mechanical_w),
                                         .it_capacity_w = it_capacity_w});
  }
}

}  // namespace fleetwatt::scenarios
