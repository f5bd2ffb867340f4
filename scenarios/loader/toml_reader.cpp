#include "scenarios/loader/toml_reader.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "scenarios/schema/field.hpp"

namespace fleetwatt::scenarios {

namespace {

class TreeBuilder {
 public:
  TreeBuilder(std::string file_name, OriginKind kind) : file_name_(std::move(file_name)), kind_(kind) {}

  Node build(const toml::node& source) const {
    Node node;
    node.origin = origin_of(source.source());
    source.visit([&](const auto& value) { fill(node, value); });
    return node;
  }

 private:
  Origin origin_of(const toml::source_region& region) const {
    const int width = region.begin.line == region.end.line
                          ? static_cast<int>(region.end.column) - static_cast<int>(region.begin.column)
                          : 1;
    return {kind_,
            {file_name_, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)},
            std::max(width, 1)};
  }

  void fill(Node& node, const toml::table& table) const {
    node.kind = Node::Kind::table;
    for (const auto& [key, value] : table) {
      Node child = build(value);
      child.key_origin = origin_of(key.source());
      node.table.emplace(std::string(key.str()), std::move(child));
    }
  }
  void fill(Node& node, const toml::array& array) const {
    node.kind = Node::Kind::array;
    for (const auto& element : array) node.array.push_back(build(element));
  }
  void fill(Node& node, const toml::value<std::string>& value) const {
    node.kind = Node::Kind::text;
    node.text = value.get();
  }
  void fill(Node& node, const toml::value<std::int64_t>& value) const {
    node.kind = Node::Kind::integer;
    node.integer = value.get();
    node.text = fmt::format("{}", value.get());
  }
  void fill(Node& node, const toml::value<double>& value) const {
    node.kind = Node::Kind::number;
    node.number = value.get();
    node.text = toml_text(value.get());
  }
  void fill(Node& node, const toml::value<bool>& value) const {
    node.kind = Node::Kind::boolean;
    node.boolean = value.get();
    node.text = value.get() ? "true" : "false";
  }
  template <class Time>
  void fill(Node& node, const toml::value<Time>& value) const {
    std::ostringstream text;
    text << value.get();
    node.kind = Node::Kind::time;
    node.text = text.str();
    if (const auto parsed = sim::parse_time(node.text)) node.time = *parsed;
  }

  std::string file_name_;
  OriginKind kind_;
};

}  // namespace

Node read_toml(const std::string& text, const std::string& file_name, OriginKind kind) {
  try {
    return TreeBuilder(file_name, kind).build(toml::parse(text, file_name));
  } catch (const toml::parse_error& error) {
    Diagnostics diagnostics;
    diagnostics.add_source(file_name, text);
    const auto begin = error.source().begin;
    diagnostics.error({kind, {file_name, static_cast<int>(begin.line), static_cast<int>(begin.column)}, 1},
                      fmt::format("not TOML: {}", error.description()), "see https://toml.io");
    diagnostics.require_none();
    throw;  // not reached
  }
}

namespace {

void set_origin(Node& node, const Origin& origin) {
  node.origin = node.key_origin = origin;
  for (auto& element : node.array) set_origin(element, origin);
  for (auto& [key, child] : node.table) set_origin(child, origin);
}

}  // namespace

Node read_toml_value(const std::string& text, const Origin& origin) {
  Node root;
  try {
    root = TreeBuilder(origin.place.file, origin.kind).build(toml::parse("value = " + text));
  } catch (const toml::parse_error&) {
    root.table["value"].kind = Node::Kind::text;
    root.table["value"].text = text;
  }
  Node value = std::move(root.table["value"]);
  set_origin(value, origin);
  return value;
}

}  // namespace fleetwatt::scenarios
