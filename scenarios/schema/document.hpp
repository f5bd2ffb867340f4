// A scenario as text has it, before it means anything: tables, arrays and values, each knowing where it came from.
// Files, catalogue and command line become one such tree each; merging them is an operation on trees
// (scenarios/loader/merge.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/calendar.hpp"
#include "sim/error.hpp"

namespace fleetwatt::scenarios {

enum class OriginKind { catalogue, base_file, file, command_line };

struct Origin {
  OriginKind kind = OriginKind::file;
  sim::Place place;
  int width = 1;  ///< columns of the value's text
};

struct Node {
  enum class Kind { table, array, text, integer, number, boolean, time };

  Kind kind = Kind::table;
  Origin origin;
  Origin key_origin;  ///< of the key that names it, for "unknown key"
  std::map<std::string, Node> table;
  std::vector<Node> array;
  std::string text;  ///< of text; of the others as they would be written in TOML
  std::int64_t integer = 0;
  double number = 0.0;
  bool boolean = false;
  sim::ParsedTime time;

  [[nodiscard]] bool is_table() const { return kind == Kind::table; }
  /// The child of that name, or null.
  [[nodiscard]] const Node* child(const std::string& key) const;
  /// The node at a path such as "site.dallas.cooling", or null.
  [[nodiscard]] const Node* find(std::string_view path) const;
};

/// "a table", "a number (12.5)", "text ("abc")": what was found, for error messages.
[[nodiscard]] std::string describe(const Node& node);

/// `site.dallas` is two keys; a key with dots in it stands in quotes: `catalog.model."llama-3.1-8b"` is three.
[[nodiscard]] std::vector<std::string> split_path(std::string_view path);
/// Of a key such as `expect[2]`: which element of the list it names; empty for any other key.
[[nodiscard]] std::optional<std::size_t> element_of(std::string_view key);
/// `site.dallas` and `region` make `site.dallas.region`
[[nodiscard]] std::string join_path(const std::string& path, const std::string& key);

}  // namespace fleetwatt::scenarios
