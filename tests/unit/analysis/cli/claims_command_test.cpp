// fleetwatt claims: a folder of scenarios against what was published.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;
using analysis::ExitCode;
using Catch::Matchers::Contains;

namespace {

std::string claiming(const std::string& claim, const std::string& pue) {
  return tiny_scenario() + "[site.a.cooling]\nfamily = \"static-pue\"\npue = 1.25\n[[expect]]\nclaim = \"" + claim +
         "\"\nsays = \"the PUE\"\nquantity = \"site.a.pue\"\nvalue = " + pue +
         "\ntolerance = \"1 %\"\nsource = \"the makers\"\n";
}

}  // namespace

TEST_CASE("all scenarios of a folder in one table, those without claims are left out", "[cli]") {
  const TemporaryFolder folder;
  folder.write("b.toml", claiming("2", "1.25"));
  folder.write("a.toml", claiming("10", "1.25"));
  folder.write("plain.toml", tiny_scenario());
  folder.write("notes.txt", "no scenario");
  const Outcome outcome = run_program({"claims", folder.path(), "--page", folder.path("claims.md")});
  CHECK(outcome.code == ExitCode::ok);
  CHECK(outcome.err.empty());
  CHECK(outcome.out.find("b.toml") < outcome.out.find("a.toml"));  // by the claim's number
  CHECK_THAT(outcome.out, Contains("2 met, 0 not met, 0 reported beside"));
  CHECK_THAT(outcome.out, Contains("wrote " + folder.path("claims.md")));
  CHECK_THAT(folder.read("claims.md"), Contains("| 2 | the PUE | 1.250 | 1.250 | +0.0 % | 1 % | met |"));
}

TEST_CASE("a claim that is not met is exit code 1, and --set reaches all scenarios", "[cli]") {
  const TemporaryFolder folder;
  folder.write("a.toml", claiming("1", "1.25"));
  const Outcome outcome = run_program({"claims", folder.path(), "--set", "site.a.cooling.pue=1.5", "--json"});
  CHECK(outcome.code == ExitCode::check_failed);
  const auto json = nlohmann::json::parse(outcome.out);
  REQUIRE(json.size() == 1);
  CHECK(json[0].at("verdict") == "not met");
  CHECK(json[0].at("scenario") == "a.toml");
  CHECK(json[0].at("found").get<double>() == Approx(1.5).epsilon(1e-9));
}

TEST_CASE("folders without scenarios or claims, and files that are not there, are refused", "[cli]") {
  const TemporaryFolder folder;
  const Outcome empty = run_program({"claims", folder.path()});
  CHECK(empty.code == ExitCode::bad_input);
  CHECK_THAT(empty.err, Contains("no scenario (*.toml) in this folder"));
  const std::string plain = folder.write("plain.toml", tiny_scenario());
  const Outcome none = run_program({"claims", plain});
  CHECK(none.code == ExitCode::bad_input);
  CHECK_THAT(none.err, Contains("no [[expect]] in what was named"));
  CHECK(run_program({"claims", folder.path("missing.toml")}).code == ExitCode::bad_input);
}

TEST_CASE("a fault in the last file is told before the first runs, and no page is left", "[cli]") {
  const TemporaryFolder folder;
  folder.write("a.toml", claiming("1", "1.25"));
  folder.write("z.toml", claiming("2", "1.25") + "[[expect]]\nquantity = \"site.a.peu\"\nvalue = 1\nsource = \"x\"\n");
  const Outcome outcome = run_program({"claims", folder.path(), "--page", folder.path("claims.md")});
  CHECK(outcome.code == ExitCode::bad_input);
  CHECK_THAT(outcome.err, Contains("z.toml") && Contains("did you mean `site.a.pue`?"));
  CHECK(outcome.out.empty());
  CHECK(folder.files() == std::vector<std::string>{"a.toml", "z.toml"});
}

TEST_CASE("files beside folders, and figures that are not judged fail nothing", "[cli]") {
  const TemporaryFolder folder;
  folder.write("sub/a.toml", claiming("1", "1.25"));
  std::string beside = claiming("2", "9");
  beside.replace(beside.find("\"1 %\""), 5, "\"none\"");
  const std::string file = folder.write("beside.toml", beside);
  const Outcome outcome = run_program({"claims", folder.path("sub"), file});
  CHECK(outcome.code == ExitCode::ok);
  CHECK_THAT(outcome.out, Contains("1 met, 0 not met, 1 reported beside") && Contains("beside.toml"));
}

TEST_CASE("a page is written beside JSON, also where a claim is not met", "[cli]") {
  const TemporaryFolder folder;
  folder.write("a.toml", claiming("1", "2"));
  const Outcome outcome = run_program({"claims", folder.path(), "--page", folder.path("claims.md"), "--json"});
  CHECK(outcome.code == ExitCode::check_failed);
  CHECK(nlohmann::json::parse(outcome.out).size() == 1);
  CHECK_THAT(folder.read("claims.md"), Contains("NOT MET") && Contains("0 met, 1 not met, 0 reported beside"));
}
