// From files and command line to a scenario: catalogue, `extends`, `unset`, `--set`, then the format's description.
#pragma once

#include <string>
#include <vector>

#include "scenarios/loader/site_tables.hpp"
#include "scenarios/schema/diagnostics.hpp"
#include "scenarios/schema/scenario.hpp"

namespace fleetwatt::scenarios {

/// A file that went into a scenario, as it was written.
struct SourceText {
  std::string file;
  std::string text;
};

struct LoadedScenario {
  Scenario scenario;
  Node document;                    ///< merged: where each value came from
  std::vector<SourceText> sources;  ///< bases first, the scenario itself last
  std::vector<SiteTableText> site_tables;
  std::vector<std::string> overrides;
  Diagnostics diagnostics;  ///< holds the sources' lines, for errors found later

  /// The origin of what stands at a path, or of the nearest table around it.
  [[nodiscard]] Origin origin_of(const std::string& path) const;
};

/// The built-in catalogue alone, for what needs no scenario.
[[nodiscard]] Catalog built_in_catalog();

/// The files of a scenario, read and laid over each other and over the catalogue: all that runs which differ in their
/// overrides alone have in common.
struct ScenarioFiles {
  Node document;
  std::vector<SourceText> sources;
  Diagnostics diagnostics;
};

/// Throws InputError where a file is not there or is not TOML, IoError where one cannot be read; other faults are kept,
/// and reported with those of the rest.
[[nodiscard]] ScenarioFiles read_scenario_files(const std::string& path);

/// Reads, merges and checks all that can be checked without opening the files that the scenario names. Throws
/// InputError with all faults at once, also where there is no such file; IoError where there is one that cannot be
/// read.
[[nodiscard]] LoadedScenario load_scenario(const std::string& path, const std::vector<std::string>& overrides);
/// The same from files that were read before: a tenth of the time.
[[nodiscard]] LoadedScenario load_scenario(ScenarioFiles files, const std::vector<std::string>& overrides);

}  // namespace fleetwatt::scenarios
