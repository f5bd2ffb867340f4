// Laying one document over another: `extends`, `unset`, and catalogue entries that change others.
#pragma once

#include <string>
#include <vector>

#include "scenarios/schema/diagnostics.hpp"

namespace fleetwatt::scenarios {

/// Tables merge key by key; everything else of `over` replaces what is in `base`. A table that names another `family`
/// replaces the whole table: the keys of one model mean nothing to another.
void merge(Node& base, const Node& over);

/// Removes what the paths name; a path that names nothing is an error.
void unset(Node& document, const Node& paths, Diagnostics& diagnostics);

/// Fills each `[catalog.KIND.NAME]` that has `extends` from the entry that it names; cycles and unknown names are
/// errors.
void resolve_catalog_extends(Node& document, Diagnostics& diagnostics);

}  // namespace fleetwatt::scenarios
