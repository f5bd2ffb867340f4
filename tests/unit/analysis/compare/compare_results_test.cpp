// Two runs side by side: differences, marks, what only one has, what is refused.
#include "analysis/compare/compare_results.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "analysis/compare/comparison_text.hpp"
#include "analysis/compare/differences_file.hpp"
#include "tests/examples/results_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

const QuantityDifference& quantity(const Comparison& comparison, const std::string& path) {
  const auto found = std::ranges::find(comparison.quantities, path, &QuantityDifference::path);
  REQUIRE(found != comparison.quantities.end());
  return *found;
}

}  // namespace

TEST_CASE("differences are B - A, percentages of A", "[compare]") {
  const QuantityDifference more{"x", "total", "1", -4.0, -3.0, std::nullopt};
  CHECK(more.difference() == 1.0);
  CHECK(more.fraction() == 0.25);
  CHECK(more.differs());
  CHECK_FALSE(more.below_noise());
  CHECK(std::isnan(QuantityDifference{"x", "total", "1", 0.0, 1.0, std::nullopt}.fraction()));
}

TEST_CASE("a difference by rounding is none, one of a value and no value is one", "[compare]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(QuantityDifference{"x", "total", "1", 0.1 + 0.2, 0.3, std::nullopt}.differs());
  CHECK(QuantityDifference{"x", "total", "1", 1.0, 1.0 + 1e-11, std::nullopt}.differs());
  CHECK_FALSE(QuantityDifference{"x", "total", "1", nan, nan, std::nullopt}.differs());
  CHECK(QuantityDifference{"x", "total", "1", nan, 0.0, std::nullopt}.differs());
}

TEST_CASE("the mark: a difference within the noise, and never none", "[compare]") {
  CHECK(QuantityDifference{"x", "total", "1", 1.0, 1.5, 0.51}.below_noise());
  CHECK_FALSE(QuantityDifference{"x", "total", "1", 1.0, 1.5, 0.49}.below_noise());
  CHECK_FALSE(QuantityDifference{"x", "total", "1", 1.0, 1.0, 0.1}.below_noise());
}

TEST_CASE("a run and itself do not differ", "[compare]") {
  const auto a = two_sites_file();
  const auto b = two_sites_file();
  const auto comparison = compare_results(a, b, changed_attributes(a, b));
  CHECK(comparison.changes.empty());
  CHECK(comparison.quantities.size() > 60);
  for (const auto& one : comparison.quantities) CHECK_FALSE(one.differs());
  CHECK(comparison.only_a.empty());
  CHECK(comparison.only_b.empty());
}

TEST_CASE("common random numbers: what a change does not touch stays to the last digit", "[compare]") {
  const auto a = two_sites_file();
  const auto b = two_sites_file({"site.a.cooling.supply_air_c=27"});
  const auto comparison = compare_results(a, b, {});
  CHECK(comparison.paired);
  CHECK(comparison.batches == 10);
  CHECK(quantity(comparison, "site.a.pue").difference() < 0.0);
  CHECK(quantity(comparison, "site.a.pue").noise);
  CHECK_FALSE(quantity(comparison, "service.chat.requests").differs());
  CHECK_FALSE(quantity(comparison, "service.chat.ttft_p99_s").noise);
  CHECK_FALSE(quantity(comparison, "site.b.energy_mwh").differs());
  CHECK(quantity(comparison, "total.energy_mwh").difference() ==
        Approx(quantity(comparison, "site.a.energy_mwh").difference()).epsilon(1e-9));
  CHECK(comparison.quantities.front().path == "total.energy_mwh");
  CHECK(comparison.quantities.back().dimension == "cluster");
}

TEST_CASE("another seed is noise, and it says that nothing cancels", "[compare]") {
  const auto a = two_sites_file();
  const auto b = two_sites_file({"scenario.seed=2"});
  const auto comparison = compare_results(a, b, changed_attributes(a, b));
  CHECK_FALSE(comparison.paired);
  CHECK(quantity(comparison, "service.chat.requests").below_noise());
  const auto text = comparison_text(comparison, {"a", "b"}, Listed::that_differ);
  CHECK_THAT(text, Contains("the seeds differ: nothing cancels"));
  CHECK_THAT(text, Contains("   ~\n"));
}

TEST_CASE("runs under ten hours: no marks, and it says so", "[compare]") {
  const std::string text = tiny_scenario();
  const ResultsFile a("a", image_of(text));
  const ResultsFile b("b", image_of(text, {"service.chat.demand.mean_requests_per_s=0.3"}));
  const auto comparison = compare_results(a, b, {});
  CHECK(comparison.batches == 0);
  CHECK_THAT(comparison_text(comparison, {"a", "b"}, Listed::that_differ),
             Contains("noise: not known of runs under 10 hours"));
}

TEST_CASE("quantities of a site that one lacks are named apart", "[compare]") {
  const ResultsFile a("a", image_of(two_sites_scenario()));
  const ResultsFile b("b", image_of(tiny_with("\"2h\"", "\"12h\"")));
  const auto comparison = compare_results(a, b, {});
  CHECK(std::ranges::find(comparison.only_a, "site.b.pue") != comparison.only_a.end());
  CHECK(comparison.only_b.empty());
  CHECK(quantity(comparison, "site.a.energy_mwh").differs() == false);
  CHECK(quantity(comparison, "total.energy_mwh").difference() < 0.0);
  CHECK_THAT(comparison_text(comparison, {"a", "b"}, Listed::that_differ),
             Contains("only A: ") && Contains("site.b.pue"));
  const auto json = comparison_json(comparison, Listed::all);
  CHECK(json["quantities"].size() == comparison.quantities.size());
  CHECK(json["only_a"].size() == comparison.only_a.size());
}

TEST_CASE("runs over other hours are refused, both named", "[compare]") {
  const ResultsFile a("a.h5", image_of(tiny_scenario()));
  const ResultsFile longer("b.h5", image_of(tiny_scenario(), {"scenario.duration=3h"}));
  const ResultsFile later("c.h5", image_of(tiny_scenario(), {"scenario.start=2024-07-16T00:00:00Z"}));
  CHECK(complaint_of([&] { static_cast<void>(compare_results(a, longer, {})); }) ==
        "error: a.h5 (2024-07-15 00:00 UTC, 2 h) and b.h5 (2024-07-15 00:00 UTC, 3 h) do not cover the same hours\n"
        "       give both the same `scenario.start` and `scenario.duration`\n");
  CHECK_THAT(complaint_of([&] { static_cast<void>(compare_results(a, later, {})); }),
             Contains("c.h5 (2024-07-16 00:00 UTC, 2 h) do not cover"));
}

TEST_CASE("the differences file: B - A of what both have, in a results file's layout", "[compare]") {
  const auto a = two_sites_file();
  const ResultsFile b("b", image_of(tiny_with("\"2h\"", "\"12h\""), {"site.a.cooling.supply_air_c=27"}));
  const ResultsFile file("d.h5", differences_image(a, b, {{"key", "before", "after"}}));
  CHECK(file.format() == "fleetwatt differences 1");
  CHECK(file.text("title") == "Tiny: B - A");
  CHECK(file.text("changes") == "key: before -> after");
  CHECK(file.hours() == a.hours());
  CHECK(file.labels("site") == std::vector<std::string>{"a"});
  CHECK(file.totals().empty());
  CHECK(file.hourly().size() == a.hourly().size());
  CHECK(file.find_hourly("site_outdoor_c")->unit == "K");
  CHECK(file.find_hourly("site_load_mw")->unit == "MW");
  const auto& difference = file.values(*file.find_hourly("site_cooling_load_mw"));
  const auto& before = a.values(*a.find_hourly("site_cooling_load_mw"));
  const auto& after = b.values(*b.find_hourly("site_cooling_load_mw"));
  REQUIRE(difference.size() == 12);
  for (std::size_t hour = 0; hour < 12; ++hour) CHECK(difference[hour] == after[hour] - before[2 * hour]);
  CHECK_THAT(complaint_of([&] { static_cast<void>(compare_results(a, file, {})); }),
             Contains("d.h5: error: holds differences of two runs already"));
}
