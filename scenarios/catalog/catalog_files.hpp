// The catalogue's files as text, built into the program (cmake/EmbedFiles.cmake).
#pragma once

#include <span>
#include <string_view>

namespace fleetwatt::scenarios {

struct CatalogFile {
  std::string_view name;
  std::string_view text;
};

[[nodiscard]] std::span<const CatalogFile> catalog_files();

}  // namespace fleetwatt::scenarios
