#include "analysis/export/selection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "scenarios/schema/nearest.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

const std::vector<std::string> dimensions = {"fleet", "region", "site", "service", "cluster"};

[[noreturn]] void refuse(std::string message, std::string mend) {
  sim::Diagnostic diagnostic;
  diagnostic.message = std::move(message);
  diagnostic.mend = std::move(mend);
  throw sim::InputError(std::move(diagnostic));
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_named(const StoredVariable& variable, const std::string& word) {
  return variable.name == word || short_name(variable) == word;
}

bool is_meant(const StoredVariable& variable, const Selection& selection) {
  const bool dimension = selection.by.empty() || contains(selection.by, variable.dimension);
  return dimension && (selection.variables.empty() || std::ranges::any_of(selection.variables, [&](const auto& word) {
                         return is_named(variable, word);
                       }));
}

/// Full names, then short ones, each once.
std::vector<std::string> names_of(const std::vector<StoredVariable>& variables) {
  std::vector<std::string> names;
  for (const auto& variable : variables) names.push_back(variable.name);
  for (const auto& variable : variables) {
    if (const auto name = short_name(variable); !contains(names, name)) names.push_back(name);
  }
  return names;
}

void check_variable(const std::string& word, const Selection& selection, const ResultsFile& file) {
  std::vector<StoredVariable> of_dimensions;
  std::ranges::copy_if(file.hourly(), std::back_inserter(of_dimensions), [&](const StoredVariable& variable) {
    return selection.by.empty() || contains(selection.by, variable.dimension);
  });
  const auto named = [&](const StoredVariable& variable) { return is_named(variable, word); };
  if (std::ranges::any_of(of_dimensions, named)) return;
  const std::string where = selection.by.empty() ? "" : fmt::format(" by {}", fmt::join(selection.by, " or "));
  if (std::ranges::any_of(file.hourly(), named))
    refuse(fmt::format("{} has no hourly variable `{}`{}", file.name(), word, where),
           scenarios::one_of(names_of(of_dimensions)));
  refuse(fmt::format("{} has no hourly variable `{}`{}", file.name(), word, where),
         scenarios::suggestion(word, names_of(of_dimensions)));
}

}  // namespace

std::string short_name(const StoredVariable& variable) {
  const std::string prefix = variable.dimension + "_";
  return variable.name.starts_with(prefix) ? variable.name.substr(prefix.size()) : variable.name;
}

std::vector<StoredVariable> selected(const ResultsFile& file, const Selection& selection) {
  for (const auto& dimension : selection.by) {
    if (!contains(dimensions, dimension))
      refuse(fmt::format("no dimension `{}`", dimension), scenarios::suggestion(dimension, dimensions));
  }
  for (const auto& word : selection.variables) check_variable(word, selection, file);
  std::vector<StoredVariable> meant;
  std::ranges::copy_if(file.hourly(), std::back_inserter(meant),
                       [&](const StoredVariable& variable) { return is_meant(variable, selection); });
  if (meant.empty())
    refuse(fmt::format("{} has no hourly variable by {}", file.name(), fmt::join(selection.by, " or ")), "");
  return meant;
}

}  // namespace fleetwatt::analysis
