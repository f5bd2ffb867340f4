#include "scenarios/schema/diagnostics.hpp"

#include <catch2/catch.hpp>

using namespace fleetwatt;
using namespace fleetwatt::scenarios;

namespace {

std::string text_of(const Diagnostics& diagnostics) {
  try {
    diagnostics.require_none();
  } catch (const sim::InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("no fault, no error", "[schema]") {
  const Diagnostics diagnostics;
  CHECK_FALSE(diagnostics.any());
  CHECK_NOTHROW(diagnostics.require_none());
}

TEST_CASE("a fault quotes its line and marks its columns, also of a file with CRLF", "[schema]") {
  Diagnostics diagnostics;
  diagnostics.add_source("f.toml", "a = 1\r\nbb = 22\r\n");
  diagnostics.error({OriginKind::file, {"f.toml", 2, 6}, 2}, "too much", "needed: less");
  CHECK(diagnostics.any());
  CHECK(text_of(diagnostics) ==
        "f.toml:2:6: error: too much\n"
        "    2 | bb = 22\n"
        "      |      ^~ needed: less\n");
}

TEST_CASE("all faults come at once, by file, line and column", "[schema]") {
  Diagnostics diagnostics;
  diagnostics.error({OriginKind::file, {"b.toml", 1, 1}, 1}, "fourth");
  diagnostics.error({OriginKind::file, {"a.toml", 7, 1}, 1}, "third");
  diagnostics.error({OriginKind::file, {"a.toml", 3, 9}, 1}, "second");
  diagnostics.error({OriginKind::file, {"a.toml", 3, 2}, 1}, "first");
  CHECK(text_of(diagnostics) ==
        "a.toml:3:2: error: first\na.toml:3:9: error: second\na.toml:7:1: error: third\nb.toml:1:1: error: fourth\n");
}

TEST_CASE("what another reader found is taken over, quoted where the line is known", "[schema]") {
  Diagnostics diagnostics;
  diagnostics.add_source("f.toml", "file = \"x.csv\"\n");
  sim::Diagnostic found;
  found.place = {"f.toml", 1, 8};
  found.message = "cannot read x.csv";
  found.width = 7;
  diagnostics.add(sim::InputError(found));
  CHECK(text_of(diagnostics) ==
        "f.toml:1:8: error: cannot read x.csv\n    1 | file = \"x.csv\"\n      |        ^~~~~~~\n");
}
