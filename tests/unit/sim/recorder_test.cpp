// Recorded series: each cell its own, row by row.
#include "sim/recorder.hpp"

#include <catch2/catch.hpp>

namespace fleetwatt::sim {

TEST_CASE("a series starts at zero and has the asked shape", "[unit]") {
  const Series series("facility_power_w", 3, 2);
  CHECK(series.name() == "facility_power_w");
  CHECK(series.bins() == 3);
  CHECK(series.entities() == 2);
  CHECK(series.values() == std::vector<double>(6, 0.0));
}

TEST_CASE("values lie row by row: all entities of a bin, then the next bin", "[unit]") {
  Series series("facility_power_w", 2, 3);
  series.at(0, 1) = 5.0;
  series.at(1, 2) = 7.0;
  CHECK(series.values() == std::vector<double>{0.0, 5.0, 0.0, 0.0, 0.0, 7.0});
  CHECK(std::as_const(series).at(1, 2) == 7.0);
}

TEST_CASE("a total is one entity's over all bins", "[unit]") {
  Series series("energy_j", 3, 2);
  for (std::size_t bin = 0; bin < 3; ++bin) {
    series.at(bin, 0) = 1.0;
    series.at(bin, 1) = 10.0 * static_cast<double>(bin);
  }
  CHECK(series.total(0) == 3.0);
  CHECK(series.total(1) == 30.0);
}

TEST_CASE("a series may have no bins or no entities", "[unit]") {
  CHECK(Series("a", 0, 2).bins() == 0);
  CHECK(Series("a", 0, 2).total(1) == 0.0);
  CHECK(Series("a", 3, 0).bins() == 0);
}

}  // namespace fleetwatt::sim
