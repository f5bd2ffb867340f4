// TOML text to a document tree in which every key and value knows its line and column. The one place that sees toml++.
#pragma once

#include <string>

#include "scenarios/schema/diagnostics.hpp"

namespace fleetwatt::scenarios {

/// Throws InputError, with line and column, where the text is not TOML.
[[nodiscard]] Node read_toml(const std::string& text, const std::string& file_name, OriginKind kind);

/// One TOML value, such as `[1, 2]` or `{ a = 1 }`, as it stands on a command line.
[[nodiscard]] Node read_toml_value(const std::string& text, const Origin& origin);

}  // namespace fleetwatt::scenarios
