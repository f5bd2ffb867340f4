// The text of errors, to the character: users read it and editors parse its first line.
#include "sim/error.hpp"

#include <catch2/catch.hpp>

namespace fleetwatt::sim {

namespace {

Diagnostic plain(const Place& place, const std::string& message) {
  return {.place = place, .message = message, .source_line = "", .mend = ""};
}

}  // namespace

TEST_CASE("an error shows its place, the line, a marker and the mend", "[unit]") {
  const Diagnostic diagnostic{.place = {"my-fleet.toml", 14, 1},
                              .message = "unknown key `famliy` in [site.ashburn.cooling]",
                              .source_line = "famliy = \"tower-economizer\"",
                              .width = 6,
                              .mend = "did you mean `family`?"};
  CHECK(to_text(diagnostic) ==
        "my-fleet.toml:14:1: error: unknown key `famliy` in [site.ashburn.cooling]\n"
        "   14 | famliy = \"tower-economizer\"\n"
        "      | ^~~~~~ did you mean `family`?\n");
}

TEST_CASE("the marker stands under the column", "[unit]") {
  const Diagnostic diagnostic{.place = {"my-fleet.toml", 1234, 10},
                              .message = "no family `x`",
                              .source_line = "family = \"x\"",
                              .width = 3,
                              .mend = ""};
  CHECK(to_text(diagnostic) ==
        "my-fleet.toml:1234:10: error: no family `x`\n"
        " 1234 | family = \"x\"\n"
        "      |          ^~~\n");
}

TEST_CASE("without a source line the mend stands below, indented", "[unit]") {
  const Diagnostic diagnostic{.place = {"ercot.csv", 3413, 0},
                              .message = "2024-05-22 03:00 UTC is missing",
                              .source_line = "",
                              .mend = "needed: one row an hour"};
  CHECK(to_text(diagnostic) ==
        "ercot.csv:3413: error: 2024-05-22 03:00 UTC is missing\n"
        "       needed: one row an hour\n");
}

TEST_CASE("what is not known of a place is left out", "[unit]") {
  CHECK(to_text(plain({"a.toml", 0, 0}, "empty")) == "a.toml: error: empty\n");
  CHECK(to_text(plain({"a.toml", 0, 7}, "empty")) == "a.toml: error: empty\n");
  CHECK(to_text(plain({}, "no scenario")) == "error: no scenario\n");
}

TEST_CASE("an unknown column is marked at the line's start, a width of 0 as one", "[unit]") {
  CHECK(to_text({.place = {"a.toml", 3, 0}, .message = "odd", .source_line = "x = 1", .width = 0, .mend = ""}) ==
        "a.toml:3: error: odd\n"
        "    3 | x = 1\n"
        "      | ^\n");
}

TEST_CASE("an input error says all of its faults and keeps them", "[unit]") {
  const InputError error(std::vector<Diagnostic>{plain({"a.toml", 1, 0}, "first"), plain({"b.toml", 2, 0}, "second")});
  CHECK(std::string(error.what()) == "a.toml:1: error: first\nb.toml:2: error: second\n");
  REQUIRE(error.diagnostics().size() == 2);
  CHECK(error.diagnostics()[1].message == "second");
  CHECK(InputError(plain({}, "one")).diagnostics().size() == 1);
}

TEST_CASE("an interruption says so", "[unit]") {
  CHECK(std::string(Interrupted().what()) == "interrupted");
}

}  // namespace fleetwatt::sim
