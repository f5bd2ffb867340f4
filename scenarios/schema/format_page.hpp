// The format as a page for people (analysis/docs/scenario-format.md): a section for each table, made of the same
// descriptions as everything else, with an example that is run by a test.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "scenarios/schema/example_files.hpp"
#include "scenarios/schema/field.hpp"

namespace fleetwatt::scenarios {

/// A table of the format and where it first stands.
struct TableSection {
  std::string path;     ///< with `*` for names: "site.*.cooling"
  std::string heading;  ///< as a file has it: "[site.NAME.cooling]"; "[[expect]]" for a row of a list
  std::string family;   ///< the alternative of a family; else empty
  const TableSpec* table = nullptr;
};

/// Every table once, in the order of the format; those that stand in several places, where they stand first.
[[nodiscard]] std::vector<TableSection> table_sections();

/// The example that shows the table: its own, or that of the nearest table around it. Null where there is none.
[[nodiscard]] const ExampleFile* example_of(const std::string& path, std::span<const ExampleFile> examples);

/// Markdown.
[[nodiscard]] std::string format_page(std::span<const ExampleFile> examples);

}  // namespace fleetwatt::scenarios
