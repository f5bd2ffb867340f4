// Keys of one table that exclude each other. The loader checks them with words of its own (check_scenario.cpp); the
// JSON Schema and the page of the format take them from here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fleetwatt::scenarios {

struct KeyRule {
  std::vector<std::string> keys;
  bool at_most_one = true;
  bool at_least_one = false;

  /// "one of `log`, `synthetic`", "at most one of ...", "at least one of ..."
  [[nodiscard]] std::string text() const;
};

/// The rules of the table at `path`, with `*` for names and `[]` for a row of a list.
[[nodiscard]] std::vector<KeyRule> key_rules(std::string_view path);

/// The paths of all tables that have rules.
[[nodiscard]] std::vector<std::string> paths_with_key_rules();

}  // namespace fleetwatt::scenarios
