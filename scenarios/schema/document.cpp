#include "scenarios/schema/document.hpp"

#include <fmt/format.h>

#include <charconv>

namespace fleetwatt::scenarios {

const Node* Node::child(const std::string& key) const {
  const auto found = table.find(key);
  return found == table.end() ? nullptr : &found->second;
}

const Node* Node::find(std::string_view path) const {
  const Node* node = this;
  for (const auto& key : split_path(path)) {
    node = node->child(key);
    if (node == nullptr) return nullptr;
  }
  return node;
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::table:
      return "a table";
    case Node::Kind::array:
      return "a list";
    case Node::Kind::text:
      return fmt::format("text \"{}\"", node.text);
    case Node::Kind::integer:
      return fmt::format("the whole number {}", node.text);
    case Node::Kind::number:
      return fmt::format("the number {}", node.text);
    case Node::Kind::boolean:
      return fmt::format("the truth value {}", node.text);
    case Node::Kind::time:
      return fmt::format("the time {}", node.text);
  }
  return "a value";
}

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> keys(1);
  bool quoted = false;
  for (const char c : path) {
    if (c == '"')
      quoted = !quoted;
    else if (c == '.' && !quoted)
      keys.emplace_back();
    else
      keys.back() += c;
  }
  return keys;
}

std::optional<std::size_t> element_of(std::string_view key) {
  const std::size_t bracket = key.find('[');
  if (bracket == std::string_view::npos || bracket == 0 || !key.ends_with(']')) return std::nullopt;
  const std::string_view digits = key.substr(bracket + 1, key.size() - bracket - 2);
  std::size_t element = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), element);
  if (error != std::errc{} || digits.empty() || end != digits.data() + digits.size()) return std::nullopt;
  return element;
}

std::string join_path(const std::string& path, const std::string& key) {
  const std::string quoted = key.find('.') == std::string::npos ? key : '"' + key + '"';
  return path.empty() ? quoted : path + "." + quoted;
}

}  // namespace fleetwatt::scenarios
