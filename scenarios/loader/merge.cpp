#include "scenarios/loader/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/schema/nearest.hpp"

namespace fleetwatt::scenarios {

namespace {

/// The name under `family`; the first of the family is the default.
std::string family_of(const Node& table, const FieldSpec& field) {
  const Node* name = table.child("family");
  return name != nullptr && name->kind == Node::Kind::text ? name->text : field.alternatives.front().name.name;
}

const TableSpec* table_of_family(const std::string& name, const FieldSpec& field) {
  for (const auto& alternative : field.alternatives) {
    if (alternative.name.name == name) return alternative.table;
  }
  return nullptr;
}

/// Shares of a whole, which mean nothing beside shares of another.
bool are_whole(const Node& shares) {
  double sum = 0.0;
  for (const auto& [name, share] : shares.table)
    sum += share.kind == Node::Kind::integer ? static_cast<double>(share.integer) : share.number;
  return std::fabs(sum - 1.0) <= 1e-9;
}

/// A table is where the file has it, whoever sets a key in it.
void take_place(Node& base, const Node& over) {
  if (over.origin.kind == OriginKind::command_line) return;
  base.origin = over.origin;
  base.key_origin = over.key_origin;
}

void merge_family(Node& base, const Node& over, const FieldSpec& field) {
  const std::string before = family_of(base, field);
  if (over.child("family") != nullptr && family_of(over, field) != before)
    base = over;
  else
    merge(base, over, table_of_family(before, field));
}

void merge_named(Node& base, const Node& over, const TableSpec* described) {
  take_place(base, over);
  for (const auto& [name, child] : over.table) {
    const auto [place, is_new] = base.table.try_emplace(name, child);
    if (!is_new) merge(place->second, child, described);
  }
}

void merge_value(Node& base, const Node& over, const FieldSpec& field) {
  const bool both_tables = base.is_table() && over.is_table();
  if (both_tables && field.kind == ValueKind::family)
    merge_family(base, over, field);
  else if (both_tables && field.kind == ValueKind::named_tables)
    merge_named(base, over, field.table);
  else if (both_tables && field.kind == ValueKind::name_or_shares && are_whole(over))
    base = over;
  else
    merge(base, over, field.table);
}

/// Takes away what the keys of `over` take the place of.
void remove_replaced(Node& base, const Node& over, const TableSpec& described) {
  for (const auto& [key, child] : over.table) {
    const FieldSpec* field = described.find(key);
    if (field == nullptr) continue;
    for (const auto& other : field->options.replaces) {
      if (over.child(other) == nullptr) base.table.erase(other);
    }
  }
}

std::vector<std::string> names_in(const Node& table) {
  std::vector<std::string> names;
  for (const auto& [name, child] : table.table) names.push_back(name);
  return names;
}

/// Resolves the entries of one kind, each after the one that it extends.
class EntryResolver {
 public:
  EntryResolver(std::string kind, Node& entries, Diagnostics& diagnostics)
      : kind_(std::move(kind)), entries_(entries), diagnostics_(diagnostics) {}

  void resolve_all() {
    for (auto& [name, entry] : entries_.table) resolve(name, entry);
  }

 private:
  void resolve(const std::string& name, Node& entry) {
    const Node* extends = entry.child("extends");
    if (extends == nullptr || extends->kind != Node::Kind::text || std::ranges::find(done_, name) != done_.end())
      return;
    if (std::ranges::find(open_, name) != open_.end()) {
      diagnostics_.error(extends->origin, fmt::format("the {} `{}` extends itself", kind_, name), "end the cycle");
      return;
    }
    const auto base = entries_.table.find(extends->text);
    if (base == entries_.table.end()) {
      diagnostics_.error(extends->origin, fmt::format("no {} `{}` in the catalogue", kind_, extends->text),
                         suggestion(extends->text, names_in(entries_)));
      return;
    }
    open_.push_back(name);
    resolve(base->first, base->second);
    open_.pop_back();
    Node whole = base->second;
    merge(whole, entry);
    whole.origin = entry.origin;
    whole.key_origin = entry.key_origin;
    entry = std::move(whole);
    done_.push_back(name);
  }

  std::string kind_;
  Node& entries_;
  Diagnostics& diagnostics_;
  std::vector<std::string> open_;
  std::vector<std::string> done_;
};

}  // namespace

void merge(Node& base, const Node& over, const TableSpec* described) {
  if (!base.is_table() || !over.is_table()) {
    base = over;
    return;
  }
  take_place(base, over);
  if (described != nullptr) remove_replaced(base, over, *described);
  for (const auto& [key, child] : over.table) {
    const auto [place, is_new] = base.table.try_emplace(key, child);
    if (is_new) continue;
    const FieldSpec* field = described == nullptr ? nullptr : described->find(key);
    if (field == nullptr)
      merge(place->second, child);
    else
      merge_value(place->second, child, *field);
  }
}

void unset(Node& document, const Node& paths, Diagnostics& diagnostics) {
  std::vector<const Node*> list;
  if (paths.kind == Node::Kind::text) list.push_back(&paths);
  for (const auto& element : paths.array) list.push_back(&element);
  if (paths.kind != Node::Kind::text && paths.kind != Node::Kind::array) {
    diagnostics.error(paths.origin, fmt::format("`unset` is {}", describe(paths)),
                      "needed: a list of paths, such as [\"site.dallas\"]");
  }
  for (const Node* path : list) {
    if (path->kind != Node::Kind::text) {
      diagnostics.error(path->origin, fmt::format("`unset` holds {}", describe(*path)), "needed: paths as text");
      continue;
    }
    auto keys = split_path(path->text);
    const std::string last = keys.back();
    keys.pop_back();
    Node* table = &document;
    for (const auto& key : keys) {
      const auto found = table->table.find(key);
      table = found == table->table.end() ? nullptr : &found->second;
      if (table == nullptr) break;
    }
    if (table != nullptr && table->table.erase(last) > 0) continue;
    diagnostics.error(path->origin, fmt::format("`unset` names `{}`, which is not there", path->text),
                      table == nullptr ? "" : suggestion(last, names_in(*table)));
  }
}

void resolve_catalog_extends(Node& document, Diagnostics& diagnostics) {
  const auto catalog = document.table.find("catalog");
  if (catalog == document.table.end()) return;
  for (auto& [kind, entries] : catalog->second.table) EntryResolver(kind, entries, diagnostics).resolve_all();
}

}  // namespace fleetwatt::scenarios
