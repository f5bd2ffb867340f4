// Basis of a number: what rests on several rests on the weakest.
#include "sim/provenance.hpp"

#include <catch2/catch.hpp>

namespace fleetwatt::sim {

TEST_CASE("the weakest basis wins, in either order", "[unit]") {
  CHECK(weakest(Basis::measured, Basis::calibrated) == Basis::calibrated);
  CHECK(weakest(Basis::modelled, Basis::calibrated) == Basis::modelled);
  CHECK(weakest(Basis::assumed, Basis::measured) == Basis::assumed);
  CHECK(weakest(Basis::measured, Basis::measured) == Basis::measured);
}

TEST_CASE("each basis has its name", "[unit]") {
  CHECK(name_of(Basis::measured) == "measured");
  CHECK(name_of(Basis::calibrated) == "calibrated");
  CHECK(name_of(Basis::modelled) == "modelled");
  CHECK(name_of(Basis::assumed) == "assumed");
}

}  // namespace fleetwatt::sim
