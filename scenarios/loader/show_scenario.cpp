#include "scenarios/loader/show_scenario.hpp"

#include <fmt/format.h>

#include <set>

#include "scenarios/loader/effect.hpp"
#include "scenarios/loader/file_text.hpp"
#include "scenarios/loader/used_entries.hpp"
#include "scenarios/schema/tables.hpp"

namespace fleetwatt::scenarios {

namespace {

class Shower {
 public:
  explicit Shower(const LoadedScenario& loaded)
      : loaded_(loaded), used_(used_entries(loaded.scenario)), idle_(idle_keys(loaded.scenario)) {}

  std::vector<ShownValue> show() {
    show_table("", scenario_table(), &loaded_.scenario, &loaded_.document);
    return std::move(shown_);
  }

 private:
  void show_table(const std::string& path, const TableSpec& table, const void* object, const Node* node) {
    for (const auto& field : table.fields) {
      const std::string field_path = join_path(path, field.key);
      const Node* child = node == nullptr ? nullptr : node->child(field.key);
      if (field.kind == ValueKind::family)
        add(join_path(field_path, "family"), field, object, child == nullptr ? nullptr : child->child("family"));
      if (field.visit_tables)
        show_tables(field_path, field, object, child);
      else
        add(field_path, field, object, child);
    }
  }

  void show_tables(const std::string& path, const FieldSpec& field, const void* object, const Node* node) {
    std::size_t index = 0;
    field.visit_tables(object, [&](const std::string& name, const TableSpec& table, const void* inside) {
      if (field.kind == ValueKind::table_list) {
        const Node* element = node == nullptr ? nullptr : &node->array[index];
        show_table(fmt::format("{}[{}]", path, index++), table, inside, element);
        return;
      }
      const std::string inner = name.empty() ? path : join_path(path, name);
      if (is_unused_entry(inner)) return;
      show_table(inner, table, inside, node == nullptr || name.empty() ? node : node->child(name));
    });
  }

  /// An entry of the built-in catalogue that this scenario does not name.
  [[nodiscard]] bool is_unused_entry(const std::string& path) const {
    const auto keys = split_path(path);
    if (keys.size() != 3 || keys[0] != "catalog" || used_.contains(path)) return false;
    const Node* entry = loaded_.document.find(path);
    return entry != nullptr && entry->origin.kind == OriginKind::catalogue;
  }

  void add(const std::string& path, const FieldSpec& field, const void* object, const Node* node) {
    const std::string value = field.show(object);
    if (value.empty() || (node == nullptr && value == "\"\"")) return;  // not set, and nothing in its place
    if (node == nullptr && path.starts_with("template.")) return;       // its sites have it
    if (is_idle(idle_, path)) return;
    std::string origin = "default";
    if (node != nullptr) {
      const sim::Place& place = node->origin.place;
      origin = place.line > 0 ? fmt::format("{}:{}", place.file, place.line) : place.file;
    }
    const bool is_figure = field.kind == ValueKind::number;
    shown_.push_back({path, in_force(path, value, node), origin, node == nullptr, is_figure, field.options.source});
  }

  /// A file's path as it is from here: on a command line it is not relative to the file that it stood in.
  [[nodiscard]] static std::string in_force(const std::string& path, const std::string& value, const Node* node) {
    const auto keys = split_path(path);
    const bool is_file = keys.size() > 1 && is_file_key(keys.back(), keys[keys.size() - 2]);
    if (!is_file || node == nullptr || node->text.starts_with('$')) return value;
    return toml_text(resolve_path(node->text, node->origin));
  }

  const LoadedScenario& loaded_;
  std::set<std::string> used_;
  std::vector<IdleKey> idle_;
  std::vector<ShownValue> shown_;
};

}  // namespace

std::vector<ShownValue> show_scenario(const LoadedScenario& loaded) {
  return Shower(loaded).show();
}

}  // namespace fleetwatt::scenarios
