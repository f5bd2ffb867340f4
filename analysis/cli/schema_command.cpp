// fleetwatt schema: the scenario format as JSON Schema, or as a page for people.
#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "analysis/cli/command_line.hpp"
#include "analysis/cli/json_text.hpp"
#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/loader/load_scenario.hpp"
#include "scenarios/schema/format_page.hpp"
#include "scenarios/schema/json_schema.hpp"

namespace fleetwatt::analysis {

namespace {

/// Of the built-in catalogue; regions by their aliases too.
scenarios::EntryNames built_in_names() {
  using scenarios::names_of;
  const scenarios::Catalog catalog = scenarios::built_in_catalog();
  scenarios::EntryNames names = {{"accelerator", names_of(catalog.accelerator)},
                                 {"server", names_of(catalog.server)},
                                 {"model", names_of(catalog.model)},
                                 {"engine", names_of(catalog.engine)},
                                 {"diffusion_model", names_of(catalog.diffusion_model)},
                                 {"diffusion_engine", names_of(catalog.diffusion_engine)},
                                 {"region", names_of(catalog.region)},
                                 {"climate", names_of(catalog.climate)}};
  for (const auto& [name, region] : catalog.region) {
    for (const auto& alias : region.aliases) names["region"].push_back(alias);
  }
  return names;
}

}  // namespace

void add_schema(CLI::App& program, const Console& console, Action& chosen) {
  auto* command = program.add_subcommand("schema", "print the scenario format as JSON Schema, for editors");
  command->footer(
      "Example:\n  fleetwatt schema > fleetwatt.schema.json      then, first line of a scenario:  #:schema "
      "./fleetwatt.schema.json");
  auto page = std::make_shared<bool>(false);
  command->add_flag("--page", *page, "as a page for people, in Markdown, with an example of each table");
  command->callback([&console, &chosen, page] {
    chosen = [&console, page] {
      console.out << (*page ? scenarios::format_page(scenarios::example_files())
                            : json_text(scenarios::json_schema(built_in_names())));
      return ExitCode::ok;
    };
  });
}

}  // namespace fleetwatt::analysis
