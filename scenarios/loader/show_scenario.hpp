// Every value in force in a scenario and where it came from.
#pragma once

#include <string>
#include <vector>

#include "scenarios/loader/load_scenario.hpp"

namespace fleetwatt::scenarios {

struct ShownValue {
  std::string path;
  std::string value;   ///< as TOML
  std::string origin;  ///< "default", "file:line", "catalog/hardware.toml:12", "--set ..."
  bool is_default = false;
  bool is_figure = false;  ///< a number with a fraction, in whatever unit
  std::string source;      ///< of the key's default and range; may be empty
};

/// All values by path, in the order of the format. Of the catalogue, only what the scenario itself wrote and the
/// entries that it names.
[[nodiscard]] std::vector<ShownValue> show_scenario(const LoadedScenario& loaded);

}  // namespace fleetwatt::scenarios
