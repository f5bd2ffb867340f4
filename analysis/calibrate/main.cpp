// Fits the built-in catalogue's engines to measurements and writes engines.toml to the standard output: `./dev
// calibrate`.
#include <fmt/format.h>

#include <exception>

#include "analysis/calibrate/catalogue_fit.hpp"
#include "scenarios/loader/load_scenario.hpp"

int main(int argc, char** argv) {
  using namespace fleetwatt;
  if (argc != 2) {
    fmt::print(stderr, "usage: fleetwatt_calibrate_engines FOLDER, which holds inference-measurements/\n");
    return 2;
  }
  try {
    const auto engines = analysis::fit_catalogue(analysis::read_measurements(argv[1]), scenarios::built_in_catalog());
    fmt::print("{}", analysis::catalogue_text(engines));
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
