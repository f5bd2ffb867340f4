// Files as text, and the paths by which scenarios name them.
#pragma once

#include <string>

#include "scenarios/schema/diagnostics.hpp"

namespace fleetwatt::scenarios {

/// The whole file; IoError, with the system's reason, when it cannot be read. Files of at most 1 GiB.
[[nodiscard]] std::string read_file(const std::string& path);

/// What a scenario wrote as a path: `$NAME` at the beginning expands from the environment, anything relative is
/// relative to the file in which it stands. Throws InputError where NAME is not set.
[[nodiscard]] std::string resolve_path(const std::string& written, const Origin& origin);

/// Whether the value of a key is a path, given the key of the table around it: in the tables of an engine every text
/// is.
[[nodiscard]] bool is_file_key(const std::string& key, const std::string& key_above);

/// read_file for an input that a scenario names: a file that is missing is the scenario's fault, reported at its place.
[[nodiscard]] std::string read_named_file(const std::string& path, const Origin& origin);

}  // namespace fleetwatt::scenarios
