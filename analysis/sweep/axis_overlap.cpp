#include "analysis/sweep/axis_overlap.hpp"

#include <algorithm>
#include <span>

#include "scenarios/loader/name_pattern.hpp"
#include "scenarios/loader/toml_reader.hpp"

namespace fleetwatt::analysis {

namespace {

using Keys = std::span<const std::string>;
using scenarios::Node;

bool is_pattern(const std::string& key) {
  return key.find('*') != std::string::npos;
}

/// Whether two paths, as far as both go, can stand for the same.
bool meet(Keys a, Keys b, const Node* node) {
  if (a.empty() || b.empty()) return true;
  const auto go_on = [&](const std::string& name) {
    return meet(a.subspan(1), b.subspan(1), node == nullptr ? nullptr : node->child(name));
  };
  if (!is_pattern(a.front()) && !is_pattern(b.front())) return a.front() == b.front() && go_on(a.front());
  if (!is_pattern(a.front())) return scenarios::name_matches(b.front(), a.front()) && go_on(a.front());
  if (!is_pattern(b.front())) return scenarios::name_matches(a.front(), b.front()) && go_on(b.front());
  return node != nullptr && std::ranges::any_of(node->table, [&](const auto& entry) {
           return scenarios::name_matches(a.front(), entry.first) && scenarios::name_matches(b.front(), entry.first) &&
                  go_on(entry.first);
         });
}

/// Whether a value of a table sets what stands at `rest` inside of it, or, laid over it, takes it away.
bool sets(const std::string& value, Keys rest, bool is_later) {
  if (!value.starts_with('{')) return true;
  const Node table = scenarios::read_toml_value(value, {});
  if (is_later && table.child("family") != nullptr) return true;
  const Node* node = &table;
  for (const auto& key : rest) {
    if (!node->is_table()) return true;
    node = node->child(key);
    if (node == nullptr) return false;
  }
  return true;
}

}  // namespace

bool overlap(const Axis& first, const Axis& second, const scenarios::Node& document) {
  const auto a = scenarios::split_path(first.path);
  const auto b = scenarios::split_path(second.path);
  if (!meet(a, b, &document)) return false;
  if (a.size() == b.size()) return true;
  const bool is_later = b.size() < a.size();
  const Axis& outer = is_later ? second : first;
  const Keys inner = is_later ? Keys(a).subspan(b.size()) : Keys(b).subspan(a.size());
  return std::ranges::any_of(outer.values, [&](const auto& value) { return sets(value, inner, is_later); });
}

}  // namespace fleetwatt::analysis
