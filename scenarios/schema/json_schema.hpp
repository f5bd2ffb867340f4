// The format as JSON Schema, so that editors complete and check scenario files while they are written. Draft 7, the
// newest that the TOML language servers in use all read (taplo took newer ones for it until 2024).
#pragma once

#include <nlohmann/json.hpp>

#include "scenarios/schema/entry_names.hpp"

namespace fleetwatt::scenarios {

/// What one file can be told without the others: a file that extends others need not repeat their keys. `names` are
/// offered where a key names an entry, and any other name is allowed, since a file may bring entries of its own.
[[nodiscard]] nlohmann::ordered_json json_schema(const EntryNames& names = {});

}  // namespace fleetwatt::scenarios
