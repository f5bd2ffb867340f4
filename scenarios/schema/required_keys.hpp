// What must be there, as JSON Schema beside the main one: only a file that stands alone can be asked for it.
#pragma once

#include <nlohmann/json.hpp>

#include "scenarios/schema/field.hpp"

namespace fleetwatt::scenarios {

/// The keys that `table` and the tables in it need, given that each is there; an empty object where they need none.
[[nodiscard]] nlohmann::ordered_json required_keys(const TableSpec& table, const std::string& path);

/// Of a family's alternative: no keys but its own.
[[nodiscard]] nlohmann::ordered_json only_keys_of(const TableSpec& alternative);

/// Rules for the file as a whole, for its `allOf`: what the keys `extends` and `site_table` suspend.
[[nodiscard]] nlohmann::ordered_json whole_file_rules();

}  // namespace fleetwatt::scenarios
