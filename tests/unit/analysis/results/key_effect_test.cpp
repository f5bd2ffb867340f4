// Every key that `show --all` prints of a scenario does something: another value of it moves a figure of the run.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/results/summary.hpp"
#include "analysis/run/run_scenario.hpp"
#include "scenarios/loader/show_scenario.hpp"
#include "scenarios/schema/tables.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;
using scenarios::FieldSpec;
using scenarios::ValueKind;

namespace {

/// Work in a day of summer, jobs that wait, a queue, two regions: most of what the format knows is at work.
std::string busy_scenario() {
  return tiny_with("duration = \"2h\"", "duration = \"6h\"") + R"(shape = "office"
[service.chat.slo]
ttft_p99_s = 0.05
tpot_p99_ms = 12
[site.a.cluster.training]
nodes = 2
jobs = { synthetic = { mean_interarrival_s = 60 } }
)";
}

std::string outcome_of(const std::vector<std::string>& overrides) {
  const auto json = summary_json(run_scenario(loaded_from(busy_scenario(), overrides), {}), {}, {});
  return json["quantities"].dump() + json["energy_basis"].dump() + json["accounting"].dump();
}

/// Other values that a key may have; some may be refused for what else the scenario says.
std::vector<std::string> others(const FieldSpec& field, const std::string& value) {
  std::vector<std::string> values;
  if (field.kind == ValueKind::number || field.kind == ValueKind::integer) {
    const double now = std::stod(value);
    for (const double other : {now * 1.3 + 0.002, now * 0.7, now * 4, now * 0.01, now + 1, now - 1}) {
      const bool is_whole = field.kind == ValueKind::integer;
      const double written = is_whole ? std::round(other) : other;
      if (written == now || written < field.options.range.low || written > field.options.range.high) continue;
      values.push_back(is_whole ? fmt::format("{:.0f}", written) : fmt::format("{}", written));
    }
  }
  for (const auto& choice : field.choices) {
    if ('"' + choice.name + '"' != value) values.push_back(choice.name);
  }
  for (const auto& family : field.alternatives) {
    if ('"' + family.name.name + '"' != value) values.push_back(family.name.name);
  }
  return values;
}

/// Words, and limits that this scenario does not come near.
constexpr std::array without_figures = {"scenario.title", "service.chat.over_length", "routing.policy"};

}  // namespace

TEST_CASE("another value of any key that is shown moves a figure", "[results]") {
  const std::string before = outcome_of({});
  int checked = 0;
  for (const auto& shown : scenarios::show_scenario(loaded_from(busy_scenario()))) {
    if (shown.path.starts_with("catalog.") || std::ranges::find(without_figures, shown.path) != without_figures.end())
      continue;
    const FieldSpec& field = *scenarios::find_field(shown.path).field;
    bool moves = false;
    const auto values = others(field, shown.value);
    for (const auto& value : values) {
      const std::string text = shown.path + "=" + value;
      if (moves || !faults_of(busy_scenario(), {text}).empty()) continue;
      moves = outcome_of({text}) != before;
    }
    if (values.empty()) continue;  // names and times
    ++checked;
    INFO(shown.path << " = " << shown.value);
    CHECK(moves);
  }
  CHECK(checked >= 69);
}
