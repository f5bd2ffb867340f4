#include "analysis/results/expectations.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "analysis/results/quantities.hpp"
#include "models/workload/text_lines.hpp"
#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/schema/nearest.hpp"

namespace fleetwatt::analysis {

namespace {

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

}  // namespace

bool ExpectationOutcome::met() const {
  return std::fabs(found - expected.value) <= allowed;
}

void check_expectations(scenarios::LoadedScenario& loaded) {
  const auto paths = known_paths(loaded.scenario);
  const scenarios::Node* list = loaded.document.child("expect");
  for (std::size_t i = 0; i < loaded.scenario.expect.size(); ++i) {
    const auto& expected = loaded.scenario.expect[i];
    const scenarios::Node& written = list->array[i];
    const auto origin = [&](const char* key) {
      return written.child(key) == nullptr ? written.origin : written.child(key)->origin;
    };
    if (std::ranges::find(paths, expected.quantity) == paths.end()) {
      loaded.diagnostics.error(origin("quantity"),
                               fmt::format("no quantity `{}` in a run of this scenario", expected.quantity),
                               scenarios::suggestion(expected.quantity, paths));
    }
    if (!parse_tolerance(expected.tolerance)) {
      loaded.diagnostics.error(origin("tolerance"), fmt::format("`{}` is no tolerance", expected.tolerance),
                               "\"10 %\", or \"0.05\" in the unit of the quantity");
    }
  }
  loaded.diagnostics.require_none();
}

std::vector<ExpectationOutcome> compare_expectations(const RunOutput& run) {
  const auto values = all_values(run);
  std::vector<ExpectationOutcome> outcomes;
  for (const auto& expected : run.loaded.scenario.expect) {
    const auto found = std::ranges::find(values, expected.quantity, &NamedValue::path);
    const Tolerance tolerance = parse_tolerance(expected.tolerance).value_or(Tolerance{});
    outcomes.push_back({expected, std::string(found->unit), found->value,
                        tolerance.relative ? tolerance.value * std::fabs(expected.value) : tolerance.value});
  }
  return outcomes;
}

}  // namespace fleetwatt::analysis
