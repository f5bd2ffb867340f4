#include "scenarios/loader/name_pattern.hpp"

#include <catch2/catch.hpp>

using fleetwatt::scenarios::name_matches;

TEST_CASE("a star stands for any text without a dot", "[loader]") {
  CHECK(name_matches("us-*.serving", "us-east.serving"));
  CHECK(name_matches("us-*.serving", "us-.serving"));
  CHECK_FALSE(name_matches("us-*.serving", "eu-west.serving"));
  CHECK_FALSE(name_matches("us-*.serving", "us-east.training"));
  CHECK_FALSE(name_matches("*", "a.b"));
  CHECK(name_matches("*.*", "a.b"));
  CHECK(name_matches("a*b*c", "aXbYc"));
  CHECK_FALSE(name_matches("a*b*c", "aXbY"));
  CHECK(name_matches("exact", "exact"));
  CHECK_FALSE(name_matches("exact", "exactly"));
  CHECK(name_matches("", ""));
  CHECK_FALSE(name_matches("", "a"));
}
