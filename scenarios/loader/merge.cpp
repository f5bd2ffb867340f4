#include "scenarios/loader/merge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/schema/nearest.hpp"

namespace fleetwatt::scenarios {

namespace {

bool is_another_family(const Node& base, const Node& over) {
  const Node* before = base.child("family");
  const Node* after = over.child("family");
  return after != nullptr && after->kind == Node::Kind::text && (before == nullptr || before->text != after->text);
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

void merge(Node& base, const Node& over) {
  if (!base.is_table() || !over.is_table() || is_another_family(base, over)) {
    base = over;
    return;
  }
  if (over.origin.kind != OriginKind::command_line) {  // a table is where the file has it, whoever sets a key in it
    base.origin = over.origin;
    base.key_origin = over.key_origin;
  }
  for (const auto& [key, child] : over.table) {
    const auto [place, is_new] = base.table.try_emplace(key, child);
    if (!is_new) merge(place->second, child);
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
