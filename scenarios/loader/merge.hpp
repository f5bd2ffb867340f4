// Laying one document over another: `extends`, `unset`, and catalogue entries that change others.
#pragma once

#include <string>
#include <vector>

#include "scenarios/schema/diagnostics.hpp"
#include "scenarios/schema/field.hpp"

namespace fleetwatt::scenarios {

/// Tables merge key by key; everything else of `over` replaces what is in `base`. With the tables' description, a key
/// also removes those that it takes the place of (one law for another), a table that names another family than the one
/// in force replaces the whole table (the keys of one model mean nothing to another), and shares that sum to 1 replace
/// the shares before them.
void merge(Node& base, const Node& over, const TableSpec* described = nullptr);

/// Removes what the paths name; a path that names nothing is an error.
void unset(Node& document, const Node& paths, Diagnostics& diagnostics);

/// Fills each `[catalog.KIND.NAME]` that has `extends` from the entry that it names; cycles and unknown names are
/// errors.
void resolve_catalog_extends(Node& document, Diagnostics& diagnostics);

}  // namespace fleetwatt::scenarios
