// The format as JSON Schema (2020-12), so that editors complete and check scenario files while they are written.
#pragma once

#include <nlohmann/json.hpp>

namespace fleetwatt::scenarios {

[[nodiscard]] nlohmann::ordered_json json_schema();

}  // namespace fleetwatt::scenarios
