#include "analysis/results/expectations_text.hpp"

#include <catch2/catch.hpp>
#include <limits>

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using Catch::Matchers::Contains;

namespace {

ExpectationOutcome outcome(const std::string& claim, double published, double found, double allowed) {
  ExpectationOutcome result;
  result.expected.claim = claim;
  result.expected.says = "claim " + claim;
  result.expected.value = published;
  result.expected.tolerance = "some";
  result.expected.source = "a paper";
  result.unit = "J";
  result.found = found;
  result.least = published - allowed;
  result.most = published + allowed;
  return result;
}

std::vector<CheckedScenario> two_scenarios() {
  auto reported = outcome("9", 10, 40, 0);
  reported.judged = false;
  return {{"a.toml", {outcome("10", 100, 104, 5), outcome("2", 100, 120, 5)}}, {"b.toml", {reported}}};
}

}  // namespace

TEST_CASE("claims stand by their numbers, not as text, and are counted", "[results]") {
  const std::string text = claims_text(two_scenarios());
  CHECK(text.find("claim 2 ") < text.find("claim 9 "));
  CHECK(text.find("claim 9 ") < text.find("claim 10 "));
  CHECK_THAT(text, Contains("1 met, 1 not met, 1 reported beside"));
  CHECK_THAT(text, Contains("+4.0 %") && Contains("+20.0 %") && Contains("x 4.00") && Contains("a.toml"));
}

TEST_CASE("the page is a Markdown table with links and sources, each once", "[results]") {
  const std::string page = claims_page(two_scenarios(), "some/folder");
  CHECK_THAT(page, Contains("`fleetwatt claims some/folder --page`"));
  CHECK_THAT(page, Contains("| 2 | claim 2 | 100.0 J | 120.0 J | +20.0 % | some | NOT MET | [`a.toml`](a.toml) |"));
  CHECK_THAT(page, Contains("- 10: a paper\n"));
}

TEST_CASE("outcomes for a program", "[results]") {
  const auto json = outcome_json(outcome("2", 100, 120, 5));
  CHECK(json.at("claim") == "2");
  CHECK(json.at("published") == 100);
  CHECK(json.at("found") == 120);
  CHECK(json.at("least") == 95);
  CHECK(json.at("verdict") == "not met");
  auto unbounded = outcome("2", 100, 120, 5);
  unbounded.judged = false;
  unbounded.most = std::numeric_limits<double>::infinity();
  CHECK(outcome_json(unbounded).at("most").is_null());
  CHECK(outcome_json(unbounded).at("verdict") == "reported");
}
