#include "scenarios/schema/document.hpp"

#include <catch2/catch.hpp>

#include "scenarios/loader/toml_reader.hpp"

using namespace fleetwatt::scenarios;

TEST_CASE("a path is keys with dots between them, a key with dots stands in quotes", "[schema]") {
  using Keys = std::vector<std::string>;
  CHECK(split_path("site") == Keys{"site"});
  CHECK(split_path("site.dallas.region") == Keys{"site", "dallas", "region"});
  CHECK(split_path(R"(catalog.model."llama-3.1-8b".layers)") == Keys{"catalog", "model", "llama-3.1-8b", "layers"});
  CHECK(split_path("").size() == 1);
  CHECK(split_path("site..x") == Keys{"site", "", "x"});
}

TEST_CASE("joining paths quotes what splitting would break", "[schema]") {
  CHECK(join_path("", "site") == "site");
  CHECK(join_path("site", "dallas") == "site.dallas");
  CHECK(join_path("catalog.model", "llama-3.1-8b") == R"(catalog.model."llama-3.1-8b")");
  CHECK(split_path(join_path(join_path("catalog.model", "llama-3.1-8b"), "layers")).size() == 4);
}

TEST_CASE("a node is found by its path, or not at all", "[schema]") {
  const Node root = read_toml("[site.a.power]\nredundancy = \"2N\"\n[catalog.model.\"m-1.5\"]\nlayers = 3\n", "f.toml",
                              OriginKind::file);
  REQUIRE(root.find("site.a.power.redundancy") != nullptr);
  CHECK(root.find("site.a.power.redundancy")->text == "2N");
  CHECK(root.find("catalog.model.\"m-1.5\".layers")->integer == 3);
  CHECK(root.find("catalog.model.m-1.5.layers") == nullptr);
  CHECK(root.find("site.b") == nullptr);
  CHECK(root.child("site") != nullptr);
  CHECK(root.child("nothing") == nullptr);
}

TEST_CASE("what was found is named for messages", "[schema]") {
  const Node root = read_toml("a = 1\nb = 2.5\nc = true\nd = \"x\"\ne = [1]\nf = { g = 1 }\nh = 2024-07-15\n", "f.toml",
                              OriginKind::file);
  CHECK(describe(*root.child("a")) == "the whole number 1");
  CHECK(describe(*root.child("b")) == "the number 2.5");
  CHECK(describe(*root.child("c")) == "the truth value true");
  CHECK(describe(*root.child("d")) == "text \"x\"");
  CHECK(describe(*root.child("e")) == "a list");
  CHECK(describe(*root.child("f")) == "a table");
  CHECK(describe(*root.child("h")) == "the time 2024-07-15");
}
