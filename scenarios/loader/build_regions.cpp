// Regions: those that sites are on, each with an hourly or annual carbon intensity and price.
#include <fmt/format.h>

#include <algorithm>

#include "scenarios/loader/effect.hpp"
#include "scenarios/loader/fleet_builder.hpp"
#include "scenarios/loader/hourly_file.hpp"

namespace fleetwatt::scenarios {

namespace {

/// The column of an Electricity Maps file that a short name stands for.
std::string carbon_column(const std::string& column) {
  if (column == "direct" || column.empty()) return "(direct)";
  if (column == "life-cycle") return "(LCA)";
  return column;
}

std::string price_column(const std::string& column) {
  return column.empty() ? "rice" : column;
}

std::optional<models::HourlySignal> read_signal(FleetBuilder& builder, const std::string& path, const SeriesFile& spec,
                                                const std::string& column, const std::string& region) {
  try {
    HourlyFileRequest request;
    request.file_name = builder.input_name(path + ".file", spec.file);
    request.time_column = spec.time_column;
    request.value_columns = {column};
    request.time_shift = spec.time_shift;
    request.fill = spec.fill;
    request.start = builder.header().start;
    request.hours = builder.hours();
    const HourlyColumns columns = read_hourly_file(builder.input_text(path + ".file", spec.file), request);
    if (columns.filled_hours > 0)
      builder.flag(region,
                   fmt::format("{} of {} hours interpolated in {}", columns.filled_hours, request.hours, spec.file));
    return models::HourlySignal{columns.values.front(), sim::Basis::measured, spec.file, models::SignalOrigin::file};
  } catch (const sim::InputError& error) {
    builder.loaded.diagnostics.add(error);
    return std::nullopt;
  }
}

models::HourlySignal annual(double value, sim::Basis basis, std::string source) {
  return {{value}, basis, std::move(source), models::SignalOrigin::catalogue};
}

models::HourlySignal given(double value) {
  return {{value}, sim::Basis::assumed, "the scenario", models::SignalOrigin::scenario};
}

/// What stands in where the scenario has faults.
models::HourlySignal nothing() {
  return {{0.0}, {}, {}, models::SignalOrigin::scenario};
}

/// What a region's intensity is: of a file what its column says, else the scenario's word; the catalogue's is direct
/// where the scenario does not choose.
models::CarbonBasis carbon_basis_of(const RegionSpec& spec) {
  if (const auto by_column = basis_of_column(spec)) return *by_column;
  if (spec.carbon_basis) return *spec.carbon_basis;
  const bool is_catalogue = !spec.carbon && !spec.carbon_intensity_g_per_kwh;
  return is_catalogue ? models::CarbonBasis::direct : models::CarbonBasis::unstated;
}

models::HourlySignal carbon_signal(FleetBuilder& builder, const std::string& name, const RegionSpec& spec,
                                   const RegionEntry* entry) {
  const std::string path = join_path("region", name) + ".carbon";
  if (spec.carbon) {
    return read_signal(builder, path, *spec.carbon, carbon_column(spec.carbon->column), name).value_or(nothing());
  }
  if (spec.carbon_intensity_g_per_kwh) return given(*spec.carbon_intensity_g_per_kwh);
  if (entry == nullptr) return nothing();
  const bool direct = carbon_basis_of(spec) == models::CarbonBasis::direct;
  return annual(direct ? entry->carbon_intensity_direct_g_per_kwh : entry->carbon_intensity_life_cycle_g_per_kwh,
                entry->basis, entry->source);
}

models::HourlySignal price_signal(FleetBuilder& builder, const std::string& name, const RegionSpec& spec,
                                  const RegionEntry* entry) {
  const std::string path = join_path("region", name) + ".price";
  if (spec.price) {
    return read_signal(builder, path, *spec.price, price_column(spec.price->column), name).value_or(nothing());
  }
  if (spec.price_usd_per_mwh) return given(*spec.price_usd_per_mwh);
  if (entry == nullptr) return nothing();
  return annual(entry->price_usd_per_mwh, basis_of(*entry, entry->basis, "price_usd_per_mwh"), entry->price_source);
}

}  // namespace

void build_regions(FleetBuilder& builder) {
  const Scenario& scenario = builder.scenario();
  std::vector<std::string> used;
  for (const auto& [site, spec] : scenario.site) {
    for (const auto& [region, share] : spec.region) used.push_back(region);
  }
  std::ranges::sort(used);
  used.erase(std::unique(used.begin(), used.end()), used.end());
  for (const auto& written : used) {
    const auto resolved = region_named(scenario.catalog, written);
    // An alias is the region that it stands for: two sites may name one region in two ways.
    const std::string name = scenario.region.contains(written) || !resolved ? written : *resolved;
    if (name != written)
      builder.built.notes.push_back(
          fmt::format("region {} is {} ({})", written, name, scenario.catalog.region.at(name).title));
    const auto known = builder.region_index.find(name);
    if (known != builder.region_index.end()) {
      builder.region_index[written] = known->second;
      continue;
    }
    const auto spec = scenario.region.find(name);
    const RegionEntry* entry = resolved ? &scenario.catalog.region.at(*resolved) : nullptr;
    const RegionSpec described = spec == scenario.region.end() ? RegionSpec{} : spec->second;
    models::Region region;
    region.name = name;
    region.catalog_name = resolved.value_or("");
    region.carbon_basis = carbon_basis_of(described);
    region.carbon_g_per_kwh = carbon_signal(builder, name, described, entry);
    region.price_usd_per_mwh = price_signal(builder, name, described, entry);
    builder.region_index[name] = builder.region_index[written] = builder.built.fleet.regions.size();
    builder.built.fleet.regions.push_back(std::move(region));
  }
}

}  // namespace fleetwatt::scenarios
