// Tables of text, laid out for a screen.
#pragma once

#include <string>
#include <vector>

#include "analysis/results/screen.hpp"

namespace fleetwatt::analysis {

enum class Align { left, right };

struct Column {
  std::string head;
  Align align = Align::right;
  bool joined = false;  ///< where the table is parted, it stays with the column before it
};

/// Rows under their heads, each column as wide as its widest cell, three blanks between columns. The first column, with
/// those joined to it, is the row's label. A table that is wider than the screen is laid out, in this order, as far as
/// each is enough: columns of words narrower, their cells on several lines; in blocks one below the other, each with
/// the label; the label on a line of its own, above the other cells; a line for each cell. Nothing is left out, no word
/// broken.
[[nodiscard]] std::string table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
                                const Screen& screen = {});

}  // namespace fleetwatt::analysis
