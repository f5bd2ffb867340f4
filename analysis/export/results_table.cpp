#include "analysis/export/results_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "analysis/results/figures.hpp"
#include "analysis/results/writer.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr std::array dimensions = {"fleet", "region", "site", "service", "cluster"};

/// "overrides   a\n            b": nothing where the text is empty.
std::string labelled(const std::string& label, const std::string& text) {
  std::string lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    lines += fmt::format("{:<12}{}\n", lines.empty() ? label : "", line);
  return lines;
}

/// Totals of one dimension, for as many of its entities as stand side by side on a screen.
std::string block(const ResultsFile& file, std::string_view dimension, std::size_t begin, std::size_t end,
                  const Screen& screen) {
  std::vector<Column> columns = {{std::string(dimension), Align::left}, {"unit", Align::left, true}};
  const auto& entities = file.labels(dimension);
  for (std::size_t i = begin; i < end; ++i) columns.push_back({entities[i]});
  std::vector<std::vector<std::string>> rows;
  for (const auto& total : file.totals()) {
    if (total.dimension != dimension) continue;
    std::vector<std::string> row = {total_key(total.name), total.unit};
    const auto& values = file.values(total);
    for (std::size_t i = begin; i < end; ++i) row.push_back(figure(values[i]));
    rows.push_back(std::move(row));
  }
  return rows.empty() ? "" : "\n" + table(columns, rows, screen);
}

bool has(const ResultsFile& file, std::string_view dimension, std::string_view name) {
  return std::ranges::any_of(file.hourly(), [&](const StoredVariable& variable) {
    return variable.dimension == dimension && short_name(variable) == name;
  });
}

/// The one variable that a choice names.
StoredVariable chosen(const ResultsFile& file, const HourlyChoice& choice) {
  Selection selection;
  const std::string load = choice.by.empty() || has(file, choice.by, "load_mw") ? "load_mw" : "energy_mwh";
  selection.variables = {choice.variable.empty() ? load : choice.variable};
  if (!choice.by.empty())
    selection.by = {choice.by};
  else if (has(file, "fleet", selection.variables.front()))
    selection.by = {"fleet"};
  const auto found = selected(file, selection);
  if (found.size() == 1) return found.front();
  std::vector<std::string> names;
  for (const auto& variable : found) names.push_back(variable.dimension);
  sim::Diagnostic diagnostic;
  diagnostic.message = fmt::format("{} has `{}` by several dimensions", file.name(), selection.variables.front());
  diagnostic.mend = fmt::format("choose with --by, one of: {}", fmt::join(names, ", "));
  throw sim::InputError(std::move(diagnostic));
}

}  // namespace

std::string totals_table(const ResultsFile& file, const Screen& screen) {
  std::string text = headline(file) + "\n";
  text += labelled("program", file.text("source"));
  text += labelled("overrides", file.text("overrides"));
  text += labelled("changes", file.text("changes"));
  text += labelled("flags", file.format() == differences_format ? ""
                            : file.text("flags").empty()        ? "none"
                                                                : file.text("flags"));
  text += labelled("notes", file.text("notes"));
  constexpr std::size_t most_columns = 8;
  for (const auto* dimension : dimensions) {
    const std::size_t entities = file.labels(dimension).size();
    for (std::size_t begin = 0; begin < entities; begin += most_columns)
      text += block(file, dimension, begin, std::min(begin + most_columns, entities), screen);
  }
  if (file.totals().empty())
    text += fmt::format("\nhourly differences and no totals; see them with --by and --var, such as --by region\n");
  return wrapped(text, screen);
}

std::string hourly_table(const ResultsFile& file, const HourlyChoice& choice, const Screen& screen) {
  const StoredVariable variable = chosen(file, choice);
  std::vector<Column> columns = {{"time UTC", Align::left}};
  for (const auto& entity : file.labels(variable.dimension)) columns.push_back({entity});
  std::vector<std::vector<std::string>> rows;
  auto value = file.values(variable).begin();
  for (const auto hour : file.hours()) {
    std::string time = sim::to_text(hour);
    std::vector<std::string> row = {time.substr(0, time.rfind(' '))};
    while (row.size() < columns.size()) row.push_back(figure(*value++));
    rows.push_back(std::move(row));
  }
  const std::string heading =
      fmt::format("{} · {} ({}): {}\n\n", file.text("title"), variable.name, variable.unit, variable.long_name);
  return wrapped(heading, screen) + table(columns, rows, screen);
}

}  // namespace fleetwatt::analysis
