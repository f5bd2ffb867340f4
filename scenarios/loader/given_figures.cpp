#include "scenarios/loader/given_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fleetwatt::scenarios {

namespace {

bool is_given(const Node& node) {
  if (!node.is_table()) return node.origin.kind != OriginKind::catalogue;
  return std::ranges::any_of(node.table, [](const auto& child) { return is_given(child.second); });
}

/// Words about an entry rather than figures of it.
bool is_figure(const std::string& key) {
  constexpr std::array words = {"extends", "source", "basis", "figures", "title", "aliases"};
  return std::ranges::find(words, key) == words.end();
}

/// Whether the entry's own basis was said by whoever gave the figures.
bool states_basis(const Node& entry) {
  const Node* basis = entry.child("basis");
  return basis == nullptr || is_given(*basis);
}

/// Keys whose figures were given, and whose basis was not.
std::vector<std::string> given_figures(const Node& entry) {
  std::vector<std::string> keys;
  const Node* sources = entry.child("figures");
  for (const auto& [key, value] : entry.table) {
    const Node* source = sources == nullptr ? nullptr : sources->child(key);
    const bool says_where_from = source != nullptr && is_given(*source);
    if (is_figure(key) && is_given(value) && !says_where_from) keys.push_back(key);
  }
  return keys;
}

template <class Entry>
void mark(const Node& catalog, const char* kind, std::map<std::string, Entry>& entries, bool speaks_as_one) {
  const Node* nodes = catalog.child(kind);
  if (nodes == nullptr) return;
  for (auto& [name, entry] : entries) {
    const Node* node = nodes->child(name);
    if (node == nullptr || states_basis(*node)) continue;
    const auto keys = given_figures(*node);
    for (const auto& key : keys) entry.figures[key] = {sim::Basis::assumed, "given in the scenario"};
    if (speaks_as_one && !keys.empty()) entry.basis = sim::Basis::assumed;
  }
}

}  // namespace

void mark_given_figures(LoadedScenario& loaded) {
  const Node* document = loaded.document.child("catalog");
  if (document == nullptr) return;
  Catalog& catalog = loaded.scenario.catalog;
  mark(*document, "accelerator", catalog.accelerator, false);
  mark(*document, "server", catalog.server, false);
  mark(*document, "region", catalog.region, false);
  mark(*document, "model", catalog.model, true);
  mark(*document, "engine", catalog.engine, true);
  mark(*document, "diffusion_model", catalog.diffusion_model, true);
  mark(*document, "diffusion_engine", catalog.diffusion_engine, true);
  mark(*document, "climate", catalog.climate, true);
}

}  // namespace fleetwatt::scenarios
