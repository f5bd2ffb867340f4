// The registries of hourly variables and of totals: names, units, and that they are what a run has.
#include <catch2/catch.hpp>

#include <cmath>
#include <set>

#include "analysis/results/quantities.hpp"
#include "analysis/results/variables.hpp"
#include "analysis/run/run_scenario.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;

namespace {

struct UnitSuffix {
  std::string_view unit;
  std::string_view suffix;
};
/// Each unit of the results and what a name that has it ends in; "1" has none.
constexpr std::array suffixes = {UnitSuffix{"MW", "_mw"},
                                 UnitSuffix{"MWh", "_mwh"},
                                 UnitSuffix{"Wh", "_wh"},
                                 UnitSuffix{"J", "_j"},
                                 UnitSuffix{"t", "_t"},
                                 UnitSuffix{"g/kWh", "_g_per_kwh"},
                                 UnitSuffix{"USD", "_usd"},
                                 UnitSuffix{"m3", "_m3"},
                                 UnitSuffix{"degC", "_c"},
                                 UnitSuffix{"s", "_s"},
                                 UnitSuffix{"h", "_h"},
                                 UnitSuffix{"1/s", "_per_s"},
                                 UnitSuffix{"L/kWh", "_l_per_kwh"},
                                 UnitSuffix{"USD/MWh", "_usd_per_mwh"},
                                 UnitSuffix{"1", ""}};

std::string_view suffix_of(std::string_view unit) {
  const auto found = std::ranges::find(suffixes, unit, &UnitSuffix::unit);
  REQUIRE(found != suffixes.end());
  return found->suffix;
}

/// `word_` and then something.
bool begins_with(std::string_view name, std::string_view word) {
  return name.starts_with(word) && name.substr(word.size()).starts_with('_');
}

void check_suffix(std::string_view name, std::string_view unit) {
  INFO(name << " [" << unit << "]");
  CHECK(name.ends_with(suffix_of(unit)));
  for (const auto& [other, suffix] : suffixes) {
    if (!suffix.empty() && name.ends_with(suffix) && suffix.size() >= suffix_of(unit).size()) CHECK(other == unit);
  }
}

RunOutput run_of(const std::string& text) {
  return run_scenario(loaded_from(text), {});
}

/// A service and jobs, two sites, two regions.
const RunOutput& whole_run() {
  static const RunOutput run = run_of(tiny_scenario().append(R"(
[site.b]
region = "PJM"
[site.b.cluster.training]
nodes = 1
jobs = { synthetic = { mean_interarrival_s = 600 } }
)"));
  return run;
}

}  // namespace

TEST_CASE("names of variables and of quantities are each there once", "[results]") {
  std::set<std::string_view> names;
  for (const auto& variable : variables()) {
    INFO(variable.name);
    CHECK(names.insert(variable.name).second);
    CHECK_FALSE(variable.long_name.empty());
    CHECK_FALSE(variable.cell_methods.empty());
    CHECK(find_variable(variable.name) == &variable);
    CHECK(begins_with(variable.name, variable.dimension.empty() ? "fleet" : variable.dimension));
  }
  std::set<std::string> paths;
  for (const auto& quantity : quantities()) {
    INFO(quantity.variable);
    CHECK(names.insert(quantity.variable).second);
    CHECK(paths.insert(std::string(quantity.dimension) + "." + std::string(quantity.key)).second);
    CHECK_FALSE(quantity.meaning.empty());
    CHECK(begins_with(quantity.variable, quantity.dimension == "total" ? "fleet" : quantity.dimension));
  }
  CHECK(find_variable("site_nothing_mw") == nullptr);
}

TEST_CASE("the suffix of a name is its unit's", "[results]") {
  for (const auto& variable : variables()) check_suffix(variable.name, variable.unit);
  for (const auto& quantity : quantities()) {
    check_suffix(quantity.variable, quantity.unit);
    INFO(quantity.key);
    // gpu_wh_per_request: the unit stands before what it is counted on
    if (quantity.key.ends_with("_per_request") || quantity.key.ends_with("_per_token")) {
      CHECK(quantity.key.find(suffix_of(quantity.unit)) != std::string_view::npos);
    } else {
      check_suffix(quantity.key, quantity.unit);
    }
  }
}

TEST_CASE("what a run records is registered, and what is registered is recorded", "[results]") {
  const auto& result = whole_run().result;
  std::set<std::string_view> recorded = {"fleet_load_mw"};
  for (const auto* dimension :
       {&result.site_series, &result.region_series, &result.service_series, &result.cluster_series}) {
    for (const auto& series : dimension->series) {
      INFO(series.name());
      const Variable* variable = find_variable(series.name());
      REQUIRE(variable != nullptr);
      CHECK(variable->dimension == dimension->name);
      CHECK(recorded.insert(variable->name).second);
      CHECK(series.bins() == 2);
    }
  }
  CHECK(recorded.size() == variables().size());
}

TEST_CASE("every quantity has a value for every entity, or says that it has none", "[results]") {
  const RunOutput& run = whole_run();
  const auto values = all_values(run);
  const auto value = [&](const std::string& path) {
    const auto found = std::ranges::find(values, path, &NamedValue::path);
    REQUIRE(found != values.end());
    return found->value;
  };
  CHECK(value("total.energy_mwh") == Approx(value("site.a.energy_mwh") + value("site.b.energy_mwh")).epsilon(1e-12));
  CHECK(value("region.CISO.energy_mwh") == Approx(value("site.a.energy_mwh")).epsilon(1e-12));
  CHECK(value("site.a.load_mw") == Approx(value("site.a.energy_mwh") / 2).epsilon(1e-12));  // two hours
  CHECK(value("site.a.pue") == Approx(value("site.a.energy_mwh") / value("site.a.it_energy_mwh")).epsilon(1e-12));
  CHECK(
      value("site.a.co2_t") * 1e3 ==
      Approx(value("site.a.energy_mwh") * value("site.a.carbon_intensity_g_per_kwh")).epsilon(1e-12));  // t, MWh, g/kWh
  CHECK(value("cluster.a.serving.gpus") == 8.0);
  CHECK(value("cluster.b.training.jobs") >= 1.0);
  CHECK(std::isnan(value("cluster.a.serving.jobs")));  // it runs none
  CHECK(value("service.chat.requests") == value("service.chat.requests_done") + value("service.chat.requests_running") +
                                              value("service.chat.requests_waiting"));
  CHECK(value("total.peak_load_mw") >= value("total.load_mw"));
}

TEST_CASE("entities of a dimension, in order", "[results]") {
  using Names = std::vector<std::string>;
  CHECK(entities(whole_run(), "site") == Names{"a", "b"});
  CHECK(entities(whole_run(), "cluster") == Names{"a.serving", "b.training"});
  CHECK(entities(whole_run(), "service") == Names{"chat"});
  CHECK(entities(whole_run(), "total") == Names{""});
}
