#include "scenarios/schema/nearest.hpp"

#include <catch2/catch.hpp>

using namespace fleetwatt::scenarios;
using Names = std::vector<std::string>;

TEST_CASE("edit distance counts insertions, deletions, substitutions and swaps of neighbours", "[schema]") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);  // the textbook's example, Levenshtein
  CHECK(edit_distance("family", "famliy") == 1);   // one swap; 2 without swaps
  CHECK(edit_distance("ca", "abc") ==
        3);  // optimal string alignment: no edits inside a swap (2 where those are allowed)
  CHECK(edit_distance("sunday", "saturday") == edit_distance("saturday", "sunday"));
}

TEST_CASE("the nearest name is near, or there is none", "[schema]") {
  const Names keys = {"region", "climate", "cooling", "cluster"};
  CHECK(nearest("regoin", keys) == "region");
  CHECK(nearest("climat", keys) == "climate");
  CHECK(nearest("clus", keys) == "cluster");  // what begins with the word
  CHECK(nearest("voltage", keys) == std::nullopt);
  CHECK(nearest("x", Names{"y"}) == "y");  // one edit is always allowed
  CHECK(nearest("xy", Names{"ab"}) == std::nullopt);
  CHECK(nearest("region", Names{}) == std::nullopt);
  CHECK(nearest("regio", Names{"region", "regiog"}) == "region");  // the first of equals
}

TEST_CASE("suggestions read as a sentence or as a list", "[schema]") {
  CHECK(suggestion("regoin", {"region", "climate"}) == "did you mean `region`?");
  CHECK(suggestion("voltage", {"region", "climate"}) == "one of: region, climate");
  CHECK(suggestion("voltage", {}).empty());
  CHECK(one_of({"N", "N+1", "2N"}) == "one of: N, N+1, 2N");
  CHECK(one_of({}).empty());
  const Names many = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"};
  CHECK(one_of(many) == "one of: a, b, c, d, e, f, g, h, i, j, k, l, ...");
}
