// Many sites from a table: `[site_table.us]` names a CSV file whose header cells are key paths of a site, and a
// `[template.NAME]` that holds the rest. Template, then row, then what the scenario itself says of that site.
#pragma once

#include <string>
#include <vector>

#include "scenarios/schema/diagnostics.hpp"

namespace fleetwatt::scenarios {

/// A file that a site table was read from.
struct SiteTableText {
  std::string written;  ///< as the scenario names it
  std::string file;
  std::string text;
};

/// Turns each row of each site table into `site.NAME`. An empty cell says nothing. Faults of the file (a column that is
/// no key of a site, a row of another length, a name twice) are reported with file and line.
[[nodiscard]] std::vector<SiteTableText> expand_site_tables(Node& document, Diagnostics& diagnostics);

}  // namespace fleetwatt::scenarios
