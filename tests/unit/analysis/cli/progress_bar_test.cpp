#include "analysis/cli/progress_bar.hpp"

#include <catch2/catch.hpp>

using fleetwatt::analysis::time_left_text;

TEST_CASE("the time left, in words", "[cli]") {
  CHECK(time_left_text(0.5, 0.01).empty());
  CHECK(time_left_text(3.0, 0.0).empty());
  CHECK(time_left_text(3.0, 1.0).empty());
  CHECK(time_left_text(3.0, 0.2) == "12 s left");
  CHECK(time_left_text(0.5, 0.5) == "1 s left");
  CHECK(time_left_text(2.0, 0.01) == "about 3 min left");
  CHECK(time_left_text(60.0, 0.25) == "about 3 min left");
  CHECK(time_left_text(3600.0, 0.25) == "about 3 h left");
  CHECK(time_left_text(86400.0, 0.1) == "about 9 d left");
}
