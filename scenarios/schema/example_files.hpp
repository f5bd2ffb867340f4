// The examples of scenarios/schema/examples as text, built into the program (cmake/EmbedFiles.cmake).
#pragma once

#include <span>
#include <string_view>

namespace fleetwatt::scenarios {

struct ExampleFile {
  std::string_view name;  ///< path of the table that it shows: "site.cooling.toml"
  std::string_view text;
};

[[nodiscard]] std::span<const ExampleFile> example_files();

}  // namespace fleetwatt::scenarios
