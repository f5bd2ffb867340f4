// JSON on standard output.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace fleetwatt::analysis {

/// Indented, and a line's end; bytes that are not UTF-8 (paths and titles may hold any) as U+FFFD.
[[nodiscard]] inline std::string json_text(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace fleetwatt::analysis
