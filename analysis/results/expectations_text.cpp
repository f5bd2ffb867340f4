#include "analysis/results/expectations_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "analysis/results/figures.hpp"

namespace fleetwatt::analysis {

namespace {

std::string what(const ExpectationOutcome& outcome) {
  return outcome.expected.says.empty() ? outcome.expected.quantity : outcome.expected.says;
}

std::string with_unit(double value, const std::string& unit) {
  return unit == "1" ? figure(value) : fmt::format("{} {}", figure(value), unit);
}

std::string published(const ExpectationOutcome& outcome) {
  return outcome.expected.value ? with_unit(*outcome.expected.value, outcome.unit) : "-";
}

/// In per cent; as a multiple where that says more.
std::string difference(const ExpectationOutcome& outcome) {
  if (!outcome.expected.value || *outcome.expected.value == 0.0 || !std::isfinite(outcome.found)) return "-";
  const double ratio = outcome.found / *outcome.expected.value;
  if (ratio < 0.5 || ratio > 2.0) return fmt::format("x {}", figure(ratio));
  return fmt::format("{:+.1f} %", (ratio - 1.0) * 1e2);
}

std::string allowed(const ExpectationOutcome& outcome) {
  const auto& expected = outcome.expected;
  if (!outcome.judged) return "-";
  if (expected.at_least && expected.at_most)
    return fmt::format("{} to {}", figure(*expected.at_least), figure(*expected.at_most));
  if (expected.at_least) return fmt::format("at least {}", figure(*expected.at_least));
  if (expected.at_most) return fmt::format("at most {}", figure(*expected.at_most));
  return expected.tolerance.empty() ? "1 %" : expected.tolerance;
}

std::string verdict_text(const ExpectationOutcome& outcome) {
  switch (outcome.verdict()) {
    case Verdict::met:
      return "met";
    case Verdict::not_met:
      return "NOT MET";
    case Verdict::reported:
      break;
  }
  return "reported";
}

std::string painted_verdict(const ExpectationOutcome& outcome, const Screen& screen) {
  const std::string text = verdict_text(outcome);
  if (outcome.verdict() == Verdict::reported) return text;
  return painted(text, outcome.verdict() == Verdict::met ? Colour::green : Colour::red, screen);
}

/// One outcome and where it comes from.
struct Claim {
  const ExpectationOutcome* outcome;
  const std::string* file;
};

/// Numbered claims first, in order of their numbers; within one, as the scenarios have them.
std::vector<Claim> by_number(const std::vector<CheckedScenario>& scenarios) {
  std::vector<Claim> claims;
  for (const auto& scenario : scenarios) {
    for (const auto& outcome : scenario.outcomes) claims.push_back({&outcome, &scenario.file});
  }
  const auto number = [](const Claim& claim) {
    const std::string& text = claim.outcome->expected.claim;
    return text.empty() ? 1e9 : std::strtod(text.c_str(), nullptr);
  };
  std::ranges::stable_sort(claims, {}, number);
  return claims;
}

std::string tally(const std::vector<CheckedScenario>& scenarios) {
  std::size_t met = 0, not_met = 0, reported = 0;
  for (const auto& scenario : scenarios) {
    for (const auto& outcome : scenario.outcomes)
      ++(outcome.verdict() == Verdict::met ? met : outcome.verdict() == Verdict::not_met ? not_met : reported);
  }
  return fmt::format("{} met, {} not met, {} reported beside\n", met, not_met, reported);
}

}  // namespace

std::string expectations_text(const std::vector<ExpectationOutcome>& outcomes, const Screen& screen) {
  const std::vector<Column> columns = {
      {"expected", Align::left}, {"published"},          {"simulated"}, {"difference"}, {"allowed"},
      {"verdict", Align::left},  {"source", Align::left}};
  std::vector<std::vector<std::string>> rows;
  for (const auto& outcome : outcomes) {
    const std::string& claim = outcome.expected.claim;
    rows.push_back({claim.empty() ? what(outcome) : fmt::format("{}: {}", claim, what(outcome)), published(outcome),
                    with_unit(outcome.found, outcome.unit), difference(outcome), allowed(outcome),
                    painted_verdict(outcome, screen), outcome.expected.source});
  }
  return table(columns, rows, screen);
}

std::string claims_text(const std::vector<CheckedScenario>& scenarios, const Screen& screen) {
  const std::vector<Column> columns = {{"claim"},
                                       {"what", Align::left, true},
                                       {"published"},
                                       {"simulated"},
                                       {"difference"},
                                       {"allowed"},
                                       {"verdict", Align::left},
                                       {"scenario", Align::left}};
  std::vector<std::vector<std::string>> rows;
  for (const auto& [outcome, file] : by_number(scenarios))
    rows.push_back({outcome->expected.claim, what(*outcome), published(*outcome),
                    with_unit(outcome->found, outcome->unit), difference(*outcome), allowed(*outcome),
                    painted_verdict(*outcome, screen), *file});
  return table(columns, rows, screen) + tally(scenarios);
}

std::string claims_page(const std::vector<CheckedScenario>& scenarios, const std::string& folder) {
  std::string text = fmt::format(
      "{}{} --page`; each scenario file says what had to be assumed.\n*met*, *NOT MET*: within what is allowed, or "
      "not. *reported*: printed beside, not judged.\n\n"
      "| claim | what | published | simulated | difference | allowed | verdict | scenario |\n"
      "|---:|---|---:|---:|---:|---:|---|---|\n",
      claims_heading, folder);
  const auto claims = by_number(scenarios);
  for (const auto& [outcome, file] : claims)
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | [`{}`]({}) |\n", outcome->expected.claim, what(*outcome),
                        published(*outcome), with_unit(outcome->found, outcome->unit), difference(*outcome),
                        allowed(*outcome), verdict_text(*outcome), *file, *file);
  text += "\n" + tally(scenarios) + "\n## Sources\n\n";
  std::vector<std::string> sources;
  for (const auto& [outcome, file] : claims) {
    auto line = fmt::format("- {}{}\n", outcome->expected.claim.empty() ? "" : outcome->expected.claim + ": ",
                            outcome->expected.source);
    if (std::ranges::find(sources, line) == sources.end()) sources.push_back(std::move(line));
  }
  for (const auto& line : sources) text += line;
  return text;
}

nlohmann::ordered_json outcome_json(const ExpectationOutcome& outcome) {
  const auto number = [](std::optional<double> value) {
    return value && std::isfinite(*value) ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
  };
  return {{"claim", outcome.expected.claim},
          {"says", outcome.expected.says},
          {"quantity", outcome.expected.quantity},
          {"published", number(outcome.expected.value)},
          {"found", number(outcome.found)},
          {"unit", outcome.unit},
          {"least", number(outcome.least)},
          {"most", number(outcome.most)},
          {"verdict", outcome.verdict() == Verdict::met       ? "met"
                      : outcome.verdict() == Verdict::not_met ? "not met"
                                                              : "reported"},
          {"source", outcome.expected.source}};
}

}  // namespace fleetwatt::analysis
