// An engine's constants as a TOML entry, for the catalogue and for profiles that scenarios extend.
#pragma once

#include <map>
#include <string>

#include "scenarios/schema/scenario.hpp"

namespace fleetwatt::analysis {

/// `[engine.ID]` and its tables, constants to three significant digits; families without any constant are left out.
/// `prefix` goes before the id's table: "" in the catalogue, "catalog." in a scenario file.
[[nodiscard]] std::string engine_text(const scenarios::EngineEntry& engine, const std::string& prefix);

/// What reading `engine_text` back gives: constants rounded to the digits that are written.
[[nodiscard]] models::EngineConstants rounded(models::EngineConstants engine);

}  // namespace fleetwatt::analysis
