// The descriptions of all tables of the format, one function a domain; `scenario_table` is the whole.
#pragma once

#include "scenarios/schema/field.hpp"

namespace fleetwatt::scenarios {

[[nodiscard]] const TableSpec& scenario_table();

[[nodiscard]] const TableSpec& catalog_table();
[[nodiscard]] const TableSpec& site_table();
[[nodiscard]] const TableSpec& service_table();
[[nodiscard]] const TableSpec& region_table();
[[nodiscard]] const TableSpec& jobs_table();
[[nodiscard]] const TableSpec& weather_file_table();
[[nodiscard]] const TableSpec& power_table();
[[nodiscard]] const TableSpec& tower_economizer_table();
[[nodiscard]] const TableSpec& static_pue_table();
[[nodiscard]] const TableSpec& demand_table();
[[nodiscard]] const TableSpec& model_entry_table();
[[nodiscard]] const TableSpec& engine_entry_table();
[[nodiscard]] const TableSpec& diffusion_table();
[[nodiscard]] const TableSpec& diffusion_model_entry_table();
[[nodiscard]] const TableSpec& diffusion_engine_entry_table();
[[nodiscard]] const TableSpec& region_entry_table();
[[nodiscard]] const TableSpec& climate_entry_table();

/// The field at a path ("site.dallas.cooling.supply_air_c"), any name standing where names are free; null where there
/// is none, and then `known` holds the keys that were possible at the first wrong one, `wrong`.
struct PathLookup {
  const FieldSpec* field = nullptr;
  std::string wrong;
  std::vector<std::string> known;
};
[[nodiscard]] PathLookup find_field(std::string_view path);

}  // namespace fleetwatt::scenarios
