#include "scenarios/loader/overrides.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/loader/merge.hpp"
#include "scenarios/loader/name_pattern.hpp"
#include "scenarios/loader/toml_reader.hpp"
#include "scenarios/schema/nearest.hpp"
#include "scenarios/schema/tables.hpp"

namespace fleetwatt::scenarios {

namespace {

Node text_node(const std::string& text, const Origin& origin) {
  Node node;
  node.kind = Node::Kind::text;
  node.text = text;
  node.origin = node.key_origin = origin;
  return node;
}

std::string without_quotes(const std::string& text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.substr(1, text.size() - 2);
  return text;
}

/// Text that TOML would have to read: in quotes, with something escaped.
bool is_escaped(const std::string& text) {
  return without_quotes(text) != text && text.find('\\') != std::string::npos;
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

/// `a, b` without brackets, as a list of texts.
Node list_of_words(const std::string& text, const Origin& origin) {
  Node list;
  list.kind = Node::Kind::array;
  list.origin = list.key_origin = origin;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    list.array.push_back(text_node(without_quotes(trimmed(text.substr(begin, end - begin))), origin));
    begin = end + 1;
  }
  return list;
}

/// Paths that a path with `*` for a name stands for, by what is in the document: `site.*.power.redundancy`.
std::vector<std::vector<std::string>> expanded(const Node& document, const std::vector<std::string>& keys) {
  const auto star =
      std::ranges::find_if(keys, [](const std::string& key) { return key.find('*') != std::string::npos; });
  if (star == keys.end()) return {keys};
  const Node* things = &document;
  for (auto key = keys.begin(); key != star && things != nullptr; ++key) things = things->child(*key);
  std::vector<std::vector<std::string>> paths;
  if (things == nullptr) return paths;
  for (const auto& [name, child] : things->table) {
    if (!name_matches(*star, name)) continue;
    auto one = keys;
    one[static_cast<std::size_t>(star - keys.begin())] = name;
    for (auto& path : expanded(document, one)) paths.push_back(std::move(path));
  }
  return paths;
}

/// Kinds of things that must be in the file before one of their keys can be set.
bool must_exist(const std::string& kind) {
  return kind == "site" || kind == "service" || kind == "cluster";
}

/// Whether a key such as `expect[2]` names an element that is there.
bool check_element(const Node& document, const std::string& key, const Origin& origin, Diagnostics& diagnostics) {
  const auto element = element_of(key);
  if (!element) return true;
  const std::string list = key.substr(0, key.find('['));
  const Node* tables = document.child(list);
  const std::size_t count = tables == nullptr ? 0 : tables->array.size();
  if (*element < count) return true;
  diagnostics.error(
      origin, fmt::format("no `{}`: the scenario has {} of them", key, count),
      count == 0 ? fmt::format("write it as [[{}]]", list) : fmt::format("{}[0] to {}[{}]", list, list, count - 1));
  return false;
}

bool check_names(const Node& document, const std::vector<std::string>& keys, const Origin& origin,
                 Diagnostics& diagnostics) {
  if (!check_element(document, keys.front(), origin, diagnostics)) return false;
  const Node* node = &document;
  for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
    const Node* things = node->child(keys[i]);
    if (must_exist(keys[i]) && (things == nullptr || things->child(keys[i + 1]) == nullptr)) {
      std::vector<std::string> names;
      if (things != nullptr) {
        for (const auto& [name, child] : things->table) names.push_back(name);
      }
      diagnostics.error(origin, fmt::format("no {} `{}` in the scenario", keys[i], keys[i + 1]),
                        suggestion(keys[i + 1], names));
      return false;
    }
    if (things == nullptr) return true;
    node = things;
  }
  return true;
}

void apply(Node& document, const std::string& override_text, Diagnostics& diagnostics) {
  const Origin origin{OriginKind::command_line, {"--set " + override_text, 0, 0}, 1};
  const std::size_t equals = override_text.find('=');
  if (equals == std::string::npos) {
    diagnostics.error(origin, "no `=` in it",
                      "write --set PATH=VALUE, such as --set site.dallas.cooling.supply_air_c=27");
    return;
  }
  const std::string path = override_text.substr(0, equals);
  const PathLookup lookup = find_field(path);
  if (lookup.field == nullptr) {
    diagnostics.error(origin, fmt::format("unknown key `{}` in `{}`", lookup.wrong, path),
                      suggestion(lookup.wrong, lookup.known));
    return;
  }
  const auto paths = expanded(document, split_path(path));
  if (paths.empty())
    diagnostics.error(origin, fmt::format("nothing matches `{}`", path),
                      "`*` stands for names that are in the scenario");
  for (const auto& keys : paths) {
    if (check_names(document, keys, origin, diagnostics))
      lay_value(document, keys, value_from_text(*lookup.field, override_text.substr(equals + 1), origin),
                scenario_table());
  }
}

}  // namespace

Node value_from_text(const FieldSpec& field, const std::string& text, const Origin& origin) {
  switch (field.kind) {
    case ValueKind::text:
    case ValueKind::choice:
    case ValueKind::duration:
      return is_escaped(text) ? read_toml_value(text, origin) : text_node(without_quotes(text), origin);
    case ValueKind::texts:
      return text.starts_with('[') ? read_toml_value(text, origin) : list_of_words(text, origin);
    case ValueKind::family:
    case ValueKind::name_or_shares:
      return text.starts_with('{') ? read_toml_value(text, origin) : text_node(without_quotes(text), origin);
    case ValueKind::numbers:
      return read_toml_value(text.starts_with('[') ? text : '[' + text + ']', origin);
    default:
      return read_toml_value(text, origin);
  }
}

void lay_value(Node& table, const std::vector<std::string>& keys, Node value, const TableSpec& described) {
  if (const auto element = element_of(keys.front()); element && keys.size() > 1) {  // lists are of the top alone
    const std::string list = keys.front().substr(0, keys.front().find('['));
    Node& tables = table.table.at(list);
    const std::vector<std::string> inside(keys.begin() + 1, keys.end());
    lay_value(tables.array.at(*element), inside, std::move(value), *described.find(list)->table);
    return;
  }
  const Origin origin = value.origin;
  for (std::size_t i = keys.size(); i-- > 0;) {
    Node outer;
    outer.origin = outer.key_origin = origin;
    outer.table.emplace(keys[i], std::move(value));
    value = std::move(outer);
  }
  merge(table, value, &described);
}

void apply_overrides(Node& document, const std::vector<std::string>& overrides, Diagnostics& diagnostics) {
  for (const auto& text : overrides) apply(document, text, diagnostics);
}

}  // namespace fleetwatt::scenarios
