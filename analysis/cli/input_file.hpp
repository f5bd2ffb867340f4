// A file that a command takes as it comes: a scenario or a results file, told apart by what is in it.
#pragma once

#include <string>

namespace fleetwatt::analysis {

enum class InputKind { scenario, results };

/// Throws InputError where there is no such file.
[[nodiscard]] InputKind kind_of_input(const std::string& path);

}  // namespace fleetwatt::analysis
