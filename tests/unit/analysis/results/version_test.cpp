#include "analysis/results/version.hpp"

#include <catch2/catch.hpp>

using namespace fleetwatt::analysis;

TEST_CASE("the version has the commit where there is one", "[results]") {
  CHECK(version_text("0.1.0", "abc1234") == "0.1.0 (commit abc1234)");
  CHECK(version_text("0.1.0", "abc1234+") == "0.1.0 (commit abc1234+)");
  CHECK(version_text("0.1.0", "") == "0.1.0");
}
