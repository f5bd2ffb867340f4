// Fits the built-in catalogue's engines to measurements and writes engines.toml ("serving") or diffusion_engines.toml
// ("diffusion") to the standard output: `./dev calibrate`.
#include <fmt/format.h>

#include <exception>
#include <string>

#include "analysis/calibrate/catalogue_fit.hpp"
#include "analysis/calibrate/diffusion_catalogue.hpp"
#include "scenarios/loader/load_scenario.hpp"

int main(int argc, char** argv) {
  using namespace fleetwatt;
  const std::string kind = argc == 3 ? argv[2] : "";
  if (kind != "serving" && kind != "diffusion") {
    fmt::print(stderr,
               "usage: fleetwatt_calibrate_engines FOLDER serving|diffusion; FOLDER holds inference-measurements/\n");
    return 2;
  }
  try {
    const auto catalog = scenarios::built_in_catalog();
    if (kind == "serving") {
      fmt::print("{}",
                 analysis::catalogue_text(analysis::fit_catalogue(analysis::read_measurements(argv[1]), catalog)));
    } else {
      const auto measurements = analysis::read_diffusion_measurements(argv[1]);
      fmt::print("{}", analysis::diffusion_catalogue_text(analysis::fit_diffusion_catalogue(measurements, catalog)));
    }
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
