#include "analysis/results/expectations.hpp"

#include <catch2/catch.hpp>

#include "analysis/results/summary.hpp"
#include "analysis/run/run_scenario.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

std::string expecting(const std::string& quantity, const std::string& value, const std::string& tolerance) {
  return "[[expect]]\nquantity = \"" + quantity + "\"\nvalue = " + value + "\ntolerance = \"" + tolerance +
         "\"\nsource = \"a paper\"\n";
}

std::string fault(const std::string& text) {
  auto loaded = loaded_from(text);
  try {
    check_expectations(loaded);
  } catch (const sim::InputError& error) {
    const std::string what = error.what();
    return what.substr(what.find("s.toml"));
  }
  return "";
}

const std::string fixed_pue = tiny_scenario() + "[site.a.cooling]\nfamily = \"static-pue\"\npue = 1.25\n";

}  // namespace

TEST_CASE("a quantity that no run has, and a tolerance that is none, are refused before the run", "[results]") {
  CHECK(fault(tiny_scenario() + expecting("site.a.pue", "1.2", "10 %")).empty());
  CHECK_THAT(fault(tiny_scenario() + expecting("site.a.peu", "1.2", "10 %")),
             Contains("no quantity `site.a.peu` in a run of this scenario") && Contains("did you mean `site.a.pue`?"));
  CHECK_THAT(fault(tiny_scenario() + expecting("site.b.pue", "1.2", "10 %")), Contains("no quantity `site.b.pue`"));
  CHECK_THAT(fault(tiny_scenario() + expecting("site.a.pue", "1.2", "about")),
             Contains("s.toml:21:13: error: `about` is no tolerance") &&
                 Contains("\"10 %\", or \"0.05\" in the unit of the quantity"));
  CHECK_THAT(fault(tiny_scenario() + expecting("site.a.pue", "1.2", "-1 %")), Contains("`-1 %` is no tolerance"));
}

TEST_CASE("quantities of a region go by the name that the run gives it", "[results]") {
  CHECK(fault(tiny_with("\"CISO\"", "\"CAISO\"") + expecting("region.CISO.energy_mwh", "1", "10 %")).empty());
  CHECK_THAT(fault(tiny_with("\"CISO\"", "\"CAISO\"") + expecting("region.CAISO.energy_mwh", "1", "10 %")),
             Contains("no quantity `region.CAISO.energy_mwh`"));
  const std::string own = tiny_with("\"CISO\"", "\"MINE\"\nclimate = \"san-jose\"") +
                          "[region.MINE]\nprice_usd_per_mwh = 50\ncarbon_intensity_g_per_kwh = 100\n";
  CHECK(fault(own + expecting("region.MINE.energy_mwh", "1", "10 %")).empty());
}

TEST_CASE("tolerances are shares of the published value, or in its unit", "[results]") {
  const RunOutput run =
      run_scenario(loaded_from(fixed_pue + expecting("site.a.pue", "1.2", "10 %") +
                               expecting("site.a.pue", "1.2", "0.04") + expecting("site.a.pue", "1.25", "0")),
                   {});
  const auto outcomes = compare_expectations(run);
  REQUIRE(outcomes.size() == 3);
  CHECK(outcomes[0].found == Approx(1.25).epsilon(1e-12));
  CHECK(outcomes[0].allowed == Approx(0.12).epsilon(1e-12));
  CHECK(outcomes[0].met());
  CHECK(outcomes[1].allowed == 0.04);
  CHECK_FALSE(outcomes[1].met());
  CHECK(outcomes[0].unit == "1");
  const std::string text = expectations_text(outcomes);
  CHECK_THAT(text, Contains("site.a.pue") && Contains("NOT MET") && Contains("a paper"));
}

TEST_CASE("what is no number meets nothing", "[results]") {
  ExpectationOutcome outcome;
  outcome.found = std::nan("");
  outcome.allowed = 1e9;
  CHECK_FALSE(outcome.met());
}
