#include "scenarios/schema/nearest.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <utility>

#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/loader/load_scenario.hpp"
#include "scenarios/schema/known_spellings.hpp"

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

TEST_CASE("what people write for a name is told the name", "[schema]") {
  const auto catalog = built_in_catalog();
  const auto near = [](const std::string& word, const auto& entries) {
    return nearest(word, names_of(entries)).value_or("nothing");
  };
  for (const auto& [word, name] : std::vector<std::pair<std::string, std::string>>{{"Virginia", "PJM"},
                                                                                   {"us-east-1", "PJM"},
                                                                                   {"eu-west-1", "IE"},
                                                                                   {"us-west-2", "BPAT"},
                                                                                   {"eu-central-1", "DE"},
                                                                                   {"europe-west4", "NL"},
                                                                                   {"us-central1", "MISO"},
                                                                                   {"eastus", "PJM"},
                                                                                   {"southcentralus", "ERCO"},
                                                                                   {"California", "CISO"},
                                                                                   {"texas", "ERCO"},
                                                                                   {"Ireland", "IE"},
                                                                                   {"ciso", "CISO"},
                                                                                   {"SE3", "SE-SE3"},
                                                                                   {"ap-northeast-1", "JP-TK"}}) {
    INFO(word);
    CHECK(near(word, catalog.region) == name);
  }
  for (const auto& [word, name] :
       std::vector<std::pair<std::string, std::string>>{{"llama-70b", "llama-3.1-70b"},
                                                        {"llama-3-70b", "llama-3.1-70b"},
                                                        {"Llama3.1-8B", "llama-3.1-8b"},
                                                        {"meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b"},
                                                        {"gpt-oss", "gpt-oss-120b"},
                                                        {"openai/gpt-oss-120b", "gpt-oss-120b"},
                                                        {"DeepSeek-V3", "deepseek-r1"},
                                                        {"deepseek", "deepseek-r1"},
                                                        {"llama 405b", "llama-3.1-405b"},
                                                        {"Qwen/Qwen3-32B", "qwen3-32b"},
                                                        {"mixtral", "mixtral-8x7b"},
                                                        {"llama-3.1-8", "llama-3.1-8b"}}) {
    INFO(word);
    CHECK(near(word, catalog.model) == name);
  }
  for (const auto& [word, name] : std::vector<std::pair<std::string, std::string>>{{"h100", "h100-sxm"},
                                                                                   {"H200", "h200-sxm"},
                                                                                   {"NVIDIA H100", "h100-sxm"},
                                                                                   {"a100", "a100-80-sxm"},
                                                                                   {"MI300X", "mi300x"},
                                                                                   {"B200", "b200-sxm"}}) {
    INFO(word);
    CHECK(near(word, catalog.accelerator) == name);
  }
  for (const auto& [word, name] : std::vector<std::pair<std::string, std::string>>{{"h100", "dgx-h100"},
                                                                                   {"dgx h100", "dgx-h100"},
                                                                                   {"DGXH200", "dgx-h200"},
                                                                                   {"HGX H100", "dgx-h100"},
                                                                                   {"gb200", "gb200-nvl72"}}) {
    INFO(word);
    CHECK(near(word, catalog.server) == name);
  }
  const Names precisions = {"bf16", "fp8", "mxfp4", "int4"};
  CHECK(nearest("FP8", precisions) == "fp8");
  CHECK(nearest("fp16", precisions) == "bf16");
  CHECK(nearest("fp4", precisions) == "mxfp4");
  CHECK(nearest("int8", precisions) == "int4");
  CHECK(nearest("supply_air", Names{"supply_water_c", "supply_air_c"}) == "supply_air_c");
}

TEST_CASE("names of the catalogue are known by their own spelling, and so is every target of a known one", "[schema]") {
  const auto catalog = built_in_catalog();
  Names all = {"bf16", "fp8", "mxfp4", "int4"};
  for (const auto& names : {names_of(catalog.region), names_of(catalog.climate), names_of(catalog.model),
                            names_of(catalog.accelerator), names_of(catalog.server)})
    all.insert(all.end(), names.begin(), names.end());
  for (const auto& known : known_spellings) {
    INFO(known.written);
    CHECK(std::ranges::find(all, known.name) != all.end());
    CHECK(std::ranges::all_of(known.written, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }));
  }
  for (const auto& name : names_of(catalog.model)) CHECK(nearest(name, names_of(catalog.model)) == name);
}
