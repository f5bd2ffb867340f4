#include "scenarios/loader/file_text.hpp"

#include <catch2/catch.hpp>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::scenarios;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

TEST_CASE("a file is read whole, as it is", "[loader]") {
  const TemporaryFolder folder;
  const std::string bytes("a\r\n\0b", 5);
  CHECK(read_file(folder.write("x", bytes)) == bytes);
  CHECK(read_file(folder.write("empty", "")).empty());
}

TEST_CASE("what cannot be read says why", "[loader]") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(read_file(folder.path("nope")), sim::IoError);
  CHECK_THROWS_WITH(read_file(folder.path("nope")), folder.path("nope") + ": No such file or directory");
  CHECK_THROWS_WITH(read_file(folder.path()), folder.path() + ": is a folder, not a file");
}

TEST_CASE("a path is relative to the file in which it stands, or to the folder of the command line", "[loader]") {
  const Origin in_file{OriginKind::file, {"studies/a/s.toml", 3, 1}, 1};
  const Origin typed{OriginKind::command_line, {"--set x=y", 0, 0}, 1};
  CHECK(resolve_path("data/t.csv", in_file) == "studies/a/data/t.csv");
  CHECK(resolve_path("/data/t.csv", in_file) == "/data/t.csv");
  CHECK(resolve_path("data/t.csv", typed) == "data/t.csv");
  const ScopedVariable set("FLEETWATT_TEST_FOLDER", "/somewhere");
  CHECK(resolve_path("$FLEETWATT_TEST_FOLDER/t.csv", in_file) == "/somewhere/t.csv");
  CHECK(resolve_path("$FLEETWATT_TEST_FOLDER", in_file) == "/somewhere");
}

TEST_CASE("a variable that is not set, or is empty, is refused", "[loader]") {
  const Origin origin{OriginKind::file, {"s.toml", 3, 8}, 5};
  for (const auto& value : {std::optional<std::string>(), std::optional<std::string>("")}) {
    const ScopedVariable variable("FLEETWATT_TEST_FOLDER", value);
    CHECK_THROWS_WITH(
        resolve_path("$FLEETWATT_TEST_FOLDER/t.csv", origin),
        Contains(
            "s.toml:3:8: error: `$FLEETWATT_TEST_FOLDER/t.csv` cannot be found: $FLEETWATT_TEST_FOLDER is not set"));
  }
}

TEST_CASE("an input that is missing is the scenario's fault, at its place", "[loader]") {
  const TemporaryFolder folder;
  const Origin origin{OriginKind::file, {"s.toml", 3, 8}, 5};
  CHECK_THROWS_AS(read_named_file(folder.path("nope.csv"), origin), sim::InputError);
  CHECK_THROWS_WITH(read_named_file(folder.path("nope.csv"), origin),
                    Contains("s.toml:3:8: error: cannot read ") && Contains("No such file or directory") &&
                        Contains("paths are relative to the file in which they stand"));
}
