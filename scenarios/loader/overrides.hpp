// `--set path=value`: the last word on a scenario. The value is read by the type of its key, so bare words need no
// quotes.
#pragma once

#include <string>
#include <vector>

#include "scenarios/schema/diagnostics.hpp"
#include "scenarios/schema/field.hpp"

namespace fleetwatt::scenarios {

/// Lays each `path=value` over the document. A path that the format does not know, or a site, service or cluster that
/// is not there, is reported with the nearest that is. `*` in the place of a name stands for all that match.
void apply_overrides(Node& document, const std::vector<std::string>& overrides, Diagnostics& diagnostics);

/// A value as it stands on a command line or in a cell, read by the type of its key: bare words need no quotes.
[[nodiscard]] Node value_from_text(const FieldSpec& field, const std::string& text, const Origin& origin);

/// Lays a value over a table at a path, making the tables that lead to it; a list on the way must have the element that
/// is named.
void lay_value(Node& table, const std::vector<std::string>& keys, Node value, const TableSpec& described);

}  // namespace fleetwatt::scenarios
