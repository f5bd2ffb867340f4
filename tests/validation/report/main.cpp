// The validation page: `./dev validate` calls it with the data's folder and the folders for the page and for all rows.
#include <fmt/format.h>

#include <exception>
#include <string>

#include "analysis/calibrate/validation_report.hpp"
#include "analysis/results/atomic_file.hpp"
#include "scenarios/loader/load_scenario.hpp"

int main(int argc, char** argv) {
  using namespace fleetwatt;
  if (argc != 4) {
    fmt::print(stderr, "usage: fleetwatt_validation_report DATA PAGE_FOLDER ROWS_FOLDER\n");
    return 2;
  }
  try {
    const auto measurements = analysis::read_measurements(argv[1]);
    const auto catalog = scenarios::built_in_catalog();
    const std::string page = analysis::validation_page(measurements, catalog, argv[1]);
    analysis::write_atomically(std::string(argv[2]) + "/README.md", page);
    analysis::write_atomically(std::string(argv[3]) + "/rows.csv", analysis::validation_rows(measurements, catalog));
    fmt::print("{}", page);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
