#include "analysis/results/expectations.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "analysis/results/expression.hpp"
#include "analysis/results/quantities.hpp"
#include "models/workload/text_lines.hpp"
#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/schema/nearest.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr const char* not_judged = "none";
constexpr const char* usual_tolerance = "1 %";

struct Tolerance {
  double value = 0.0;
  bool relative = false;
};

std::optional<Tolerance> parse_tolerance(std::string text) {
  const bool percent = text.ends_with('%');
  if (percent) text.pop_back();
  const auto value = models::number_of(text);
  if (!value || *value < 0.0) return std::nullopt;
  return Tolerance{percent ? *value * 1e-2 : *value, percent};
}

std::vector<std::string> names_on(const scenarios::Scenario& scenario, std::string_view dimension) {
  std::vector<std::string> names;
  if (dimension == "total") return {""};
  if (dimension == "service") return scenarios::names_of(scenario.service);
  std::set<std::string> regions;
  for (const auto& [site, spec] : scenario.site) {
    if (dimension == "site") names.push_back(site);
    for (const auto& [region, share] : spec.region) {
      const bool described = scenario.region.contains(region);  // as build_regions names them
      regions.insert(described ? region : scenarios::region_named(scenario.catalog, region).value_or(region));
    }
    if (dimension != "cluster") continue;
    for (const auto& [cluster, cluster_spec] : spec.cluster) names.push_back(site + "." + cluster);
  }
  return dimension == "region" ? std::vector<std::string>(regions.begin(), regions.end()) : names;
}

std::vector<std::string> known_paths(const scenarios::Scenario& scenario) {
  std::vector<std::string> paths;
  for (const auto& quantity : quantities()) {
    for (const auto& name : names_on(scenario, quantity.dimension)) {
      paths.push_back(fmt::format("{}{}{}.{}", quantity.dimension, name.empty() ? "" : ".", name, quantity.key));
    }
  }
  return paths;
}

/// The faults of one entry, each at its key.
class EntryCheck {
 public:
  EntryCheck(scenarios::LoadedScenario& loaded, std::size_t index, const std::vector<std::string>& paths)
      : loaded_(loaded),
        written_(loaded.document.child("expect")->array[index]),
        expected_(loaded.scenario.expect[index]),
        paths_(paths) {}

  void check() {
    check_quantity();
    check_bounds();
  }

 private:
  void error(const char* key, std::string message, std::string mend) {
    const scenarios::Node* child = written_.child(key);
    loaded_.diagnostics.error(child == nullptr ? written_.origin : child->origin, std::move(message), std::move(mend));
  }

  void check_quantity() {
    try {
      for (const auto& name : names_in(expected_.quantity)) {
        if (std::ranges::find(paths_, name) != paths_.end()) continue;
        error("quantity", fmt::format("no quantity `{}` in a run of this scenario", name),
              scenarios::suggestion(name, paths_));
      }
    } catch (const ExpressionFault& fault) {
      error("quantity", fmt::format("`{}` is neither a quantity nor arithmetic: {}", expected_.quantity, fault.what()),
            "numbers and quantities with + - * / ( ), min and max; blanks around a minus");
    }
  }

  void check_bounds() {
    const bool bounded = expected_.at_least || expected_.at_most;
    if (!bounded && !expected_.value)
      error("value", "nothing to hold the quantity against", "a `value`, or `at_least` or `at_most`");
    if (bounded && !expected_.tolerance.empty())
      error("tolerance", "a tolerance beside bounds", "keep `tolerance`, or `at_least` and `at_most`");
    if (expected_.at_least && expected_.at_most && *expected_.at_least > *expected_.at_most)
      error("at_least", "`at_least` is above `at_most`", "exchange them");
    if (!expected_.tolerance.empty() && expected_.tolerance != not_judged && !parse_tolerance(expected_.tolerance))
      error("tolerance", fmt::format("`{}` is no tolerance", expected_.tolerance),
            "\"10 %\", or \"0.05\" in the unit of the quantity, or \"none\"");
  }

  scenarios::LoadedScenario& loaded_;
  const scenarios::Node& written_;
  const scenarios::Expectation& expected_;
  const std::vector<std::string>& paths_;
};

void set_bounds(ExpectationOutcome& outcome) {
  const scenarios::Expectation& expected = outcome.expected;
  if (expected.at_least) outcome.least = *expected.at_least;
  if (expected.at_most) outcome.most = *expected.at_most;
  if (expected.at_least || expected.at_most) return;
  outcome.judged = expected.tolerance != not_judged;
  if (!outcome.judged) return;
  const auto tolerance = parse_tolerance(expected.tolerance.empty() ? usual_tolerance : expected.tolerance);
  const double allowed = tolerance->relative ? tolerance->value * std::fabs(*expected.value) : tolerance->value;
  outcome.least = *expected.value - allowed;
  outcome.most = *expected.value + allowed;
}

}  // namespace

Verdict ExpectationOutcome::verdict() const {
  if (!judged) return Verdict::reported;
  return found >= least && found <= most ? Verdict::met : Verdict::not_met;
}

void check_expectations(scenarios::LoadedScenario& loaded) {
  const auto paths = known_paths(loaded.scenario);
  for (std::size_t i = 0; i < loaded.scenario.expect.size(); ++i) EntryCheck(loaded, i, paths).check();
  loaded.diagnostics.require_none();
}

std::vector<ExpectationOutcome> compare_expectations(const RunOutput& run) {
  const auto values = all_values(run);
  const auto named = [&](const std::string& name) { return std::ranges::find(values, name, &NamedValue::path); };
  std::vector<ExpectationOutcome> outcomes;
  for (const auto& expected : run.loaded.scenario.expect) {
    ExpectationOutcome outcome;
    outcome.expected = expected;
    outcome.unit = expected.unit;
    if (const auto single = named(expected.quantity); single != values.end()) outcome.unit = single->unit;
    if (outcome.unit.empty()) outcome.unit = "1";
    outcome.found = evaluate(expected.quantity, [&](const std::string& name) { return named(name)->value; });
    set_bounds(outcome);
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

bool all_met(const std::vector<ExpectationOutcome>& outcomes) {
  return std::ranges::none_of(outcomes, [](const auto& o) { return o.verdict() == Verdict::not_met; });
}

}  // namespace fleetwatt::analysis
