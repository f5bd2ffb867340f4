#include "analysis/cli/input_file.hpp"

#include <filesystem>

#include "analysis/results/hdf5_file.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

InputKind kind_of_input(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    throw sim::InputError(sim::Diagnostic{{path, 0, 0},
                                          "there is no such file",
                                          "",
                                          1,
                                          "name a scenario, such as scenarios/library/two-regions/built-in.toml, or a "
                                          "results file (.h5)"});
  return begins_as_hdf5(path) ? InputKind::results : InputKind::scenario;
}

}  // namespace fleetwatt::analysis
