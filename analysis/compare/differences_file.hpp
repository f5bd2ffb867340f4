// The hourly differences B - A of two runs as a file of a results file's layout (analysis/results/writer.hpp), which
// xarray, `show` and `export` open alike. What the runs do not share (a site that one lacks) is left out, and so are
// the totals: those are what `compare` prints.
#pragma once

#include <cstddef>
#include <vector>

#include "analysis/compare/changes.hpp"
#include "analysis/results/reader.hpp"

namespace fleetwatt::analysis {

/// The file's title: by it a later comparison knows that it may replace the file.
[[nodiscard]] std::string differences_title(const std::string& title_a, const std::string& title_b);

/// Both over the same hours (require_same_hours).
[[nodiscard]] std::vector<std::byte> differences_image(const ResultsFile& a, const ResultsFile& b,
                                                       const std::vector<Change>& changes);

}  // namespace fleetwatt::analysis
