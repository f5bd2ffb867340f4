// Patterns where many names are meant: `runs_on = ["us-*.serving"]`, `--set 'site.*.power.redundancy=2N'`.
#pragma once

#include <string_view>

namespace fleetwatt::scenarios {

/// Whether `text` is what `pattern` says; `*` stands for any text without a dot, the empty one included.
[[nodiscard]] bool name_matches(std::string_view pattern, std::string_view text);

}  // namespace fleetwatt::scenarios
