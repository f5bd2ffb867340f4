// Which keys name entries of the catalogue, by path with `*` for names: for completion in editors and for the page.
// That an entry is there is checked by scenarios/loader, which knows the scenario's own entries too.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fleetwatt::scenarios {

/// Names of entries by their kind, as `[catalog.KIND.NAME]` has it; aliases may be among them.
using EntryNames = std::map<std::string, std::vector<std::string>, std::less<>>;

/// The kinds of entry that the key at `path` may name; empty for other keys.
[[nodiscard]] std::vector<std::string> kinds_named_by(std::string_view path);

/// All paths of which `kinds_named_by` knows something.
[[nodiscard]] std::vector<std::string> paths_that_name_entries();

}  // namespace fleetwatt::scenarios
