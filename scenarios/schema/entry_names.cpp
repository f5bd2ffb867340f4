#include "scenarios/schema/entry_names.hpp"

#include <array>

namespace fleetwatt::scenarios {

namespace {

struct Row {
  std::string_view path;
  std::string_view kind;
};
constexpr std::array rows = {Row{"site.*.region", "region"},
                             Row{"site.*.climate", "climate"},
                             Row{"site.*.cluster.*.server", "server"},
                             Row{"template.*.region", "region"},
                             Row{"template.*.climate", "climate"},
                             Row{"template.*.cluster.*.server", "server"},
                             Row{"service.*.model", "model"},
                             Row{"service.*.model", "diffusion_model"},
                             Row{"service.*.engine", "engine"},
                             Row{"service.*.engine", "diffusion_engine"},
                             Row{"catalog.accelerator.*.engine", "engine"},
                             Row{"catalog.accelerator.*.diffusion_engine", "diffusion_engine"},
                             Row{"catalog.server.*.accelerator", "accelerator"},
                             Row{"catalog.engine.*.accelerator", "accelerator"},
                             Row{"catalog.diffusion_engine.*.accelerator", "accelerator"},
                             Row{"catalog.region.*.climate", "climate"},
                             Row{"catalog.accelerator.*.extends", "accelerator"},
                             Row{"catalog.server.*.extends", "server"},
                             Row{"catalog.model.*.extends", "model"},
                             Row{"catalog.engine.*.extends", "engine"},
                             Row{"catalog.diffusion_model.*.extends", "diffusion_model"},
                             Row{"catalog.diffusion_engine.*.extends", "diffusion_engine"},
                             Row{"catalog.region.*.extends", "region"},
                             Row{"catalog.climate.*.extends", "climate"}};

}  // namespace

std::vector<std::string> kinds_named_by(std::string_view path) {
  std::vector<std::string> kinds;
  for (const auto& row : rows) {
    if (row.path == path) kinds.emplace_back(row.kind);
  }
  return kinds;
}

std::vector<std::string> paths_that_name_entries() {
  std::vector<std::string> paths;
  for (const auto& row : rows) paths.emplace_back(row.path);
  return paths;
}

}  // namespace fleetwatt::scenarios
