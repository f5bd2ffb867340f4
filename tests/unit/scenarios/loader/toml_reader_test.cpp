#include "scenarios/loader/toml_reader.hpp"

#include <catch2/catch.hpp>

using namespace fleetwatt;
using namespace fleetwatt::scenarios;
using Catch::Matchers::Contains;

TEST_CASE("every key and value knows its line and column", "[loader]") {
  const Node root =
      read_toml("# a comment\n[site.a]\nregion   = \"CISO\"\nlist = [1, 22]\npower = { redundancy = \"N\" }\n",
                "f.toml", OriginKind::base_file);
  const Node& region = *root.find("site.a.region");
  CHECK(region.origin.place.file == "f.toml");
  CHECK(region.origin.kind == OriginKind::base_file);
  CHECK(region.origin.place.line == 3);
  CHECK(region.origin.place.column == 12);
  CHECK(region.origin.width == 6);  // with its quotes
  CHECK(region.key_origin.place.line == 3);
  CHECK(region.key_origin.place.column == 1);
  CHECK(region.key_origin.width == 6);
  const Node& list = *root.find("site.a.list");
  CHECK(list.array.at(1).origin.place.column == 12);
  CHECK(list.array.at(1).origin.width == 2);
  CHECK(root.find("site.a.power.redundancy")->key_origin.place.column == 11);
  CHECK(root.find("site.a")->origin.place.line == 2);
}

TEST_CASE("each kind of value", "[loader]") {
  const Node root = read_toml("a = 12\nb = 2.5\nc = true\nd = 'x'\ne = 2024-07-15T00:00:00-07:00\nf = 1e3\n", "f.toml",
                              OriginKind::file);
  CHECK(root.child("a")->integer == 12);
  CHECK(root.child("b")->number == 2.5);
  CHECK(root.child("c")->boolean);
  CHECK(root.child("d")->text == "x");
  CHECK(root.child("e")->time.has_offset);
  CHECK(root.child("e")->time.time == sim::utc_from_civil({.year = 2024, .month = 7, .day = 15, .hour = 7}));
  CHECK(root.child("f")->kind == Node::Kind::number);
}

TEST_CASE("byte-order mark and CRLF do not matter", "[loader]") {
  const Node root = read_toml("\xEF\xBB\xBF[site.a]\r\nregion = \"CISO\"\r\n", "f.toml", OriginKind::file);
  REQUIRE(root.find("site.a.region") != nullptr);
  CHECK(root.find("site.a.region")->text == "CISO");
  CHECK(root.find("site.a.region")->origin.place.line == 2);
}

TEST_CASE("what is not TOML is refused with its place and its line", "[loader]") {
  try {
    static_cast<void>(read_toml("a = 1\nb = = 2\n", "f.toml", OriginKind::file));
    FAIL("not refused");
  } catch (const sim::InputError& error) {
    CHECK_THAT(error.what(), Contains("f.toml:2:5: error: not TOML: ") && Contains("    2 | b = = 2\n") &&
                                 Contains("see https://toml.io"));
  }
  CHECK_THROWS_AS(read_toml("a = 1\na = 2\n", "f.toml", OriginKind::file), sim::InputError);
  CHECK_THROWS_AS(read_toml("[site.a\n", "f.toml", OriginKind::file), sim::InputError);
}

TEST_CASE("one value, as on a command line, what is no TOML is a text", "[loader]") {
  const Origin origin{OriginKind::command_line, {"--set x=1", 0, 0}, 1};
  CHECK(read_toml_value("12", origin).integer == 12);
  CHECK(read_toml_value("[[0, 1], [1, 2]]", origin).array.at(1).array.at(1).integer == 2);
  CHECK(read_toml_value("{ a = { b = 1 } }", origin).find("a.b")->integer == 1);
  CHECK(read_toml_value("abc", origin).text == "abc");
  CHECK(read_toml_value("abc", origin).kind == Node::Kind::text);
  // Everything in it stands on the command line.
  CHECK(read_toml_value("[[0, 1]]", origin).array.at(0).array.at(0).origin.place.file == "--set x=1");
  CHECK(read_toml_value("[[0, 1]]", origin).array.at(0).array.at(0).origin.place.line == 0);
  CHECK(read_toml_value("{ a = { b = 1 } }", origin).find("a.b")->origin.place.line == 0);
}
