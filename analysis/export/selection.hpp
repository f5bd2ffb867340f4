// Which hourly variables of a results file are meant: what `--by` and `--var` say, for every table that is made of one.
#pragma once

#include <string>
#include <vector>

#include "analysis/results/reader.hpp"

namespace fleetwatt::analysis {

/// What the command line asked for; an empty list leaves nothing out.
struct Selection {
  std::vector<std::string> by;         ///< region, site, service, cluster, fleet
  std::vector<std::string> variables;  ///< `region_load_mw`, or `load_mw` for that of every dimension
};

/// `--by` as help and shell completion list it.
inline constexpr const char* dimension_choices = "{fleet,region,site,service,cluster}";

/// In the file's order. Throws InputError for a dimension or a variable that there is not (the nearest is named), and
/// where the two leave nothing.
[[nodiscard]] std::vector<StoredVariable> selected(const ResultsFile& file, const Selection& selection);

/// The part of a variable's name after its dimension: `load_mw` of `region_load_mw`.
[[nodiscard]] std::string short_name(const StoredVariable& variable);

}  // namespace fleetwatt::analysis
