#include "models/serving/fine_sum.hpp"

#include <catch2/catch.hpp>

using namespace fleetwatt;
using models::FineSum;
using models::FineTime;

TEST_CASE("a sum of fine times is exact, whatever its grouping", "[unit]") {
  constexpr FineTime part = 1'234'567'891;  // of 2^-44 s: no whole number of ticks
  FineSum one_by_one, at_once;
  for (int i = 0; i < 1000; ++i) one_by_one.add(part);
  at_once.add(1000 * part);
  CHECK(one_by_one == at_once);
  CHECK(one_by_one.s() == models::s_from_fine(1000 * part));
}

TEST_CASE("a sum of fine times goes on beyond six days, to 17 years", "[unit]") {
  constexpr std::int64_t day_s = 86400;
  const FineTime day = models::fine_from(sim::Duration::from_whole_s(day_s));
  FineSum sum;
  for (int i = 0; i < 6200; ++i) sum.add(day);
  CHECK(sum.s() == 6200.0 * day_s);
}
