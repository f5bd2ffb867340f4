#include "analysis/results/expectations.hpp"

#include <catch2/catch.hpp>

#include "analysis/results/expectations_text.hpp"
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
  CHECK(outcomes[0].least == Approx(1.08).epsilon(1e-12));
  CHECK(outcomes[0].most == Approx(1.32).epsilon(1e-12));
  CHECK(outcomes[0].verdict() == Verdict::met);
  CHECK(outcomes[1].most == Approx(1.24).epsilon(1e-12));
  CHECK(outcomes[1].verdict() == Verdict::not_met);
  CHECK(outcomes[0].unit == "1");
  CHECK_FALSE(all_met(outcomes));
  const std::string text = expectations_text(outcomes);
  CHECK_THAT(text, Contains("site.a.pue") && Contains("NOT MET") && Contains("+4.2 %") && Contains("a paper"));
}

TEST_CASE("where no tolerance is written it is one per cent, and bounds belong to what is allowed", "[results]") {
  const std::string claim = "[[expect]]\nquantity = \"100 * (site.a.pue - 1.5)\"\nsource = \"a paper\"\nvalue = ";
  const RunOutput run =
      run_scenario(loaded_from(fixed_pue + claim + "-25.2\n" + claim + "-25.3\n"), {});  // -25 are found
  const auto outcomes = compare_expectations(run);
  REQUIRE(outcomes.size() == 2);
  CHECK(outcomes[0].least == Approx(-25.452));
  CHECK(outcomes[0].most == Approx(-24.948));
  CHECK(outcomes[0].verdict() == Verdict::met);
  CHECK(outcomes[1].verdict() == Verdict::not_met);

  ExpectationOutcome at_bound;
  at_bound.found = at_bound.least = at_bound.most = 2.0;
  CHECK(at_bound.verdict() == Verdict::met);
}

TEST_CASE("bounds in place of a tolerance, and figures that are not judged", "[results]") {
  const std::string claim = "[[expect]]\nquantity = \"site.a.pue\"\nsource = \"a paper\"\n";
  const RunOutput run =
      run_scenario(loaded_from(fixed_pue + claim + "at_least = 1.2\n" + claim + "at_most = 1.2\n" + claim +
                               "at_least = 1.2\nat_most = 1.3\nvalue = 1.5\n" + expecting("site.a.pue", "5", "none")),
                   {});
  const auto outcomes = compare_expectations(run);
  REQUIRE(outcomes.size() == 4);
  CHECK(outcomes[0].verdict() == Verdict::met);
  CHECK(outcomes[1].verdict() == Verdict::not_met);
  CHECK(outcomes[2].verdict() == Verdict::met);
  CHECK(outcomes[3].verdict() == Verdict::reported);
  CHECK_THAT(expectations_text(outcomes), Contains("at least 1.200") && Contains("at most 1.200") &&
                                              Contains("1.200 to 1.300") && Contains("x 0.250") &&
                                              Contains("reported"));
}

TEST_CASE("arithmetic over quantities, with a unit of its own", "[results]") {
  const RunOutput run =
      run_scenario(loaded_from(fixed_pue + expecting("100 * (site.a.pue - 1)", "25", "1e-9") + "unit = \"%\"\n" +
                               expecting("max(site.a.pue, 2) / site.a.pue", "1.6", "1e-9")),
                   {});
  const auto outcomes = compare_expectations(run);
  CHECK(all_met(outcomes));
  CHECK(outcomes[0].unit == "%");
  CHECK(outcomes[1].unit == "1");
}

TEST_CASE("what an expectation lacks or says twice is told", "[results]") {
  const std::string claim = "[[expect]]\nquantity = \"site.a.pue\"\nsource = \"a paper\"\n";
  CHECK_THAT(fault(tiny_scenario() + claim), Contains("nothing to hold the quantity against"));
  CHECK_THAT(fault(tiny_scenario() + claim + "at_least = 1\ntolerance = \"1 %\"\n"),
             Contains("a tolerance beside bounds"));
  CHECK_THAT(fault(tiny_scenario() + claim + "at_least = 2\nat_most = 1\n"), Contains("`at_least` is above"));
  CHECK_THAT(fault(tiny_scenario() + expecting("site.a.pue +", "1", "1 %")),
             Contains("neither a quantity nor arithmetic"));
  CHECK_THAT(fault(tiny_scenario() + expecting("site.a.pue / site.b.pue", "1", "1 %")),
             Contains("no quantity `site.b.pue`"));
}

TEST_CASE("what is no number meets nothing", "[results]") {
  ExpectationOutcome outcome;
  outcome.found = std::nan("");
  CHECK(outcome.verdict() == Verdict::not_met);
}
