#include "analysis/compare/changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "scenarios/loader/show_scenario.hpp"

namespace fleetwatt::analysis {

namespace {

using scenarios::ShownValue;

bool is_written(const ShownValue& shown) {
  return !shown.is_default && !shown.origin.starts_with("catalog/");
}

std::map<std::string, ShownValue> by_path(const std::vector<ShownValue>& shown) {
  std::map<std::string, ShownValue> map;
  for (const auto& one : shown) map.emplace(one.path, one);
  return map;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Lines `NAME<mark>VALUE` as a table from name to value; a later one is the last word.
std::map<std::string, std::string> named_values(const std::string& text, char mark) {
  std::map<std::string, std::string> values;
  for (const auto& line : lines_of(text)) {
    const std::size_t at = mark == ' ' ? line.rfind(mark) : line.find(mark);
    if (at != std::string::npos) values[line.substr(0, at)] = line.substr(at + 1);
  }
  return values;
}

void add_named(std::vector<Change>& changes, const std::string& prefix, const std::map<std::string, std::string>& a,
               const std::map<std::string, std::string>& b) {
  const auto value = [](const auto& map, const std::string& name) {
    const auto found = map.find(name);
    return found == map.end() ? std::string() : found->second;
  };
  auto names = a;
  names.insert(b.begin(), b.end());
  for (const auto& [name, either] : names) {
    if (value(a, name) != value(b, name)) changes.push_back({prefix + name, value(a, name), value(b, name)});
  }
}

/// Lengths of the longest common subsequence of a[i..] and b[j..].
class CommonLines {
 public:
  CommonLines(const std::vector<std::string>& a, const std::vector<std::string>& b)
      : columns_(b.size() + 1), lengths_((a.size() + 1) * columns_) {
    for (std::size_t i = a.size(); i-- > 0;) {
      for (std::size_t j = b.size(); j-- > 0;)
        at(i, j) = a[i] == b[j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  [[nodiscard]] int& at(std::size_t i, std::size_t j) { return lengths_[i * columns_ + j]; }

 private:
  std::size_t columns_;
  std::vector<int> lengths_;
};

/// Lines that were replaced, each beside what stands in its place.
void add_lines(std::vector<Change>& changes, const std::string& text_a, const std::string& text_b) {
  const auto a = lines_of(text_a);
  const auto b = lines_of(text_b);
  constexpr std::size_t most_lines = 4000;
  if (a.size() > most_lines || b.size() > most_lines) {
    changes.push_back({"scenario", fmt::format("{} lines", a.size()), fmt::format("{} other lines", b.size())});
    return;
  }
  CommonLines common(a, b);
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      ++i, ++j;
      continue;
    }
    std::vector<std::string> removed;
    std::vector<std::string> added;
    const std::size_t first = i;
    while ((i < a.size() || j < b.size()) && !(i < a.size() && j < b.size() && a[i] == b[j])) {
      if (j == b.size() || (i < a.size() && common.at(i + 1, j) >= common.at(i, j + 1)))
        removed.push_back(a[i++]);
      else
        added.push_back(b[j++]);
    }
    for (std::size_t k = 0; k < std::max(removed.size(), added.size()); ++k)
      changes.push_back({fmt::format("scenario:{}", first + k + 1), k < removed.size() ? removed[k] : "",
                         k < added.size() ? added[k] : ""});
  }
}

}  // namespace

std::vector<Change> changed_keys(const scenarios::LoadedScenario& a, const scenarios::LoadedScenario& b) {
  const auto shown_a = scenarios::show_scenario(a);
  const auto shown_b = scenarios::show_scenario(b);
  const auto in_a = by_path(shown_a);
  const auto in_b = by_path(shown_b);
  std::vector<Change> changes;
  for (const auto& before : shown_a) {
    const auto after = in_b.find(before.path);
    if (after != in_b.end() ? after->second.value != before.value : is_written(before))
      changes.push_back({before.path, before.value, after != in_b.end() ? after->second.value : ""});
  }
  for (const auto& after : shown_b) {
    if (!in_a.contains(after.path) && is_written(after)) changes.push_back({after.path, "", after.value});
  }
  return changes;
}

std::vector<Change> changed_attributes(const ResultsFile& a, const ResultsFile& b) {
  std::vector<Change> changes;
  const auto add = [&](const char* name, const std::string& before, const std::string& after) {
    if (before != after) changes.push_back({name, before, after});
  };
  add("title", a.text("title"), b.text("title"));
  add("program", a.text("source"), b.text("source"));
  add("seed", a.seed(), b.seed());
  add_named(changes, "", named_values(a.text("overrides"), '='), named_values(b.text("overrides"), '='));
  add_named(changes, "input ", named_values(a.text("inputs"), ' '), named_values(b.text("inputs"), ' '));
  if (a.text("scenario") != b.text("scenario")) add_lines(changes, a.text("scenario"), b.text("scenario"));
  return changes;
}

}  // namespace fleetwatt::analysis
