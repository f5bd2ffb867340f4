// The vocabulary in which each table of the scenario format is described once. From a description come parsing, ranges,
// unknown-key errors, the JSON Schema, `--set` paths and `show --all`: all of them walk the same TableSpec.
//
//   const TableSpec& redundancy_table() {
//     static const TableSpec table{"...", {field("ups_modules", &PowerDeliveryParameters::ups_modules, {.range = {1,
//     64}, .meaning = "..."})}}; return table;
//   }
//
// The default of a field stands only in the struct; its meaning only in the description.
#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "scenarios/schema/diagnostics.hpp"
#include "scenarios/schema/unit_names.hpp"
#include "sim/distributions.hpp"
#include "sim/sim_time.hpp"

namespace fleetwatt::scenarios {

/// Inclusive bounds, in the unit of the key.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

struct Choice {
  std::string name;
  std::string meaning;
};

enum class ValueKind {
  number,
  integer,
  boolean,
  text,
  choice,
  duration,
  time,
  texts,
  numbers,
  pairs,
  named_numbers,
  name_or_shares,
  table,
  named_tables,
  table_list,
  family
};

struct TableSpec;

struct FieldOptions {
  Unit unit = units::none;
  Range range = {};
  std::string meaning;
  std::string source = {};
  bool required = false;
  /// Keys beside it that it takes the place of: laid over a table that has them, it removes them.
  std::vector<std::string> replaces = {};
};

/// Where a reader reports.
struct ReadContext {
  Diagnostics& diagnostics;
  std::string path;  ///< of the value being read
};

struct Alternative {
  Choice name;
  const TableSpec* table = nullptr;
};

struct FieldSpec {
  std::string key;
  ValueKind kind = ValueKind::number;
  FieldOptions options;
  std::vector<Choice> choices;            ///< of a choice
  const TableSpec* table = nullptr;       ///< of a table or of named tables
  std::vector<Alternative> alternatives;  ///< of a family

  /// Reads `node` into the object's member; reports what is wrong and leaves the member as it was.
  std::function<void(const Node& node, void* object, ReadContext& context)> read;
  /// The member as TOML text; empty when it is not set. Not for tables.
  std::function<std::string(const void* object)> show;
  /// Unsets the member; absent where it is never unset.
  std::function<void(void* object)> clear;
  /// Calls back with each table inside: its name (empty for a plain table), its description and the struct behind it.
  using TableVisitor = std::function<void(const std::string& name, const TableSpec& table, const void* object)>;
  std::function<void(const void* object, const TableVisitor& visit)> visit_tables;
  /// The same with the struct that a file's keys are read into when `object` is new: its own, else a fresh one; each
  /// alternative of a family. Not everywhere where visit_tables is.
  std::function<void(const void* object, const TableVisitor& visit)> visit_defaults;
};

struct TableSpec {
  std::string meaning;
  std::vector<FieldSpec> fields;

  [[nodiscard]] const FieldSpec* find(const std::string& key) const;
  [[nodiscard]] std::vector<std::string> keys() const;
};

/// Reads every key of `node` into `object` as `table` describes it; unknown keys and missing required ones are
/// reported. `read_elsewhere` are keys that are right here but that somebody else reads (`family`).
void read_table(const TableSpec& table, const Node& node, void* object, ReadContext& context,
                const std::vector<std::string>& read_elsewhere = {});

// Readers of single values, shared by the templates below. Empty: reported.
std::optional<double> read_number(const Node& node, const FieldOptions& options, ReadContext& context);
std::optional<std::int64_t> read_integer(const Node& node, const FieldOptions& options, ReadContext& context);
std::optional<bool> read_boolean(const Node& node, ReadContext& context);
std::optional<std::string> read_text(const Node& node, ReadContext& context);
std::optional<sim::Duration> read_duration(const Node& node, const FieldOptions& options, ReadContext& context);
std::optional<sim::UtcSeconds> read_time(const Node& node, ReadContext& context);
std::optional<std::vector<std::string>> read_texts(const Node& node, ReadContext& context);
std::optional<std::vector<double>> read_numbers(const Node& node, const FieldOptions& options, ReadContext& context);
std::optional<std::vector<sim::QuantilePoint>> read_pairs(const Node& node, ReadContext& context);
std::optional<std::map<std::string, double>> read_named_numbers(const Node& node, const FieldOptions& options,
                                                                ReadContext& context);
std::optional<std::map<std::string, double>> read_name_or_shares(const Node& node, ReadContext& context);
/// The index of the choice that was named.
std::optional<std::size_t> read_choice(const Node& node, const std::vector<Choice>& choices, const std::string& what,
                                       ReadContext& context);
/// Reports that `node` is not what it should be.
void wrong_type(const Node& node, const std::string& expected, ReadContext& context);

/// `"3d"`, `"5min"`, `"250ms"`, `"1h30min"`; nullopt for anything else.
[[nodiscard]] std::optional<sim::Duration> parse_duration(std::string_view text);

/// An SI value in the unit of its key, as somebody would write it: 23.1, not 23.100000000000001.
[[nodiscard]] double written_from_si(double value, const Unit& unit);
[[nodiscard]] std::string toml_text(double value);
[[nodiscard]] std::string toml_text(const std::string& value);
[[nodiscard]] std::string toml_text(sim::Duration value);
[[nodiscard]] std::string toml_text(const std::vector<std::string>& values);

// Support for the templates: what each type of member is, how it is read and shown.

template <class V>
struct is_optional : std::false_type {};
template <class V>
struct is_optional<std::optional<V>> : std::true_type {};

template <class V>
constexpr ValueKind kind_of() {
  if constexpr (is_optional<V>::value)
    return kind_of<typename V::value_type>();
  else if constexpr (std::is_same_v<V, bool>)
    return ValueKind::boolean;
  else if constexpr (std::is_integral_v<V>)
    return ValueKind::integer;
  else if constexpr (std::is_floating_point_v<V>)
    return ValueKind::number;
  else if constexpr (std::is_same_v<V, std::string>)
    return ValueKind::text;
  else if constexpr (std::is_same_v<V, sim::Duration>)
    return ValueKind::duration;
  else if constexpr (std::is_same_v<V, sim::UtcSeconds>)
    return ValueKind::time;
  else if constexpr (std::is_same_v<V, std::vector<std::string>>)
    return ValueKind::texts;
  else if constexpr (std::is_same_v<V, std::vector<sim::QuantilePoint>>)
    return ValueKind::pairs;
  else if constexpr (std::is_same_v<V, std::map<std::string, double>>)
    return ValueKind::named_numbers;
  else
    return ValueKind::numbers;
}

template <class V>
void read_value(const Node& node, V& member, const FieldOptions& options, ReadContext& context) {
  if constexpr (is_optional<V>::value) {
    typename V::value_type value = member.value_or(typename V::value_type{});
    read_value(node, value, options, context);
    member = value;
  } else if constexpr (std::is_same_v<V, bool>) {
    if (const auto value = read_boolean(node, context)) member = *value;
  } else if constexpr (std::is_integral_v<V>) {
    if (const auto value = read_integer(node, options, context)) member = static_cast<V>(*value);
  } else if constexpr (std::is_floating_point_v<V>) {
    if (const auto value = read_number(node, options, context)) member = *value * options.unit.si_factor;
  } else if constexpr (std::is_same_v<V, std::string>) {
    if (const auto value = read_text(node, context)) member = *value;
  } else if constexpr (std::is_same_v<V, sim::Duration>) {
    if (const auto value = read_duration(node, options, context)) member = *value;
  } else if constexpr (std::is_same_v<V, sim::UtcSeconds>) {
    if (const auto value = read_time(node, context)) member = *value;
  } else if constexpr (std::is_same_v<V, std::vector<std::string>>) {
    if (const auto value = read_texts(node, context)) member = *value;
  } else if constexpr (std::is_same_v<V, std::vector<sim::QuantilePoint>>) {
    if (const auto value = read_pairs(node, context)) member = *value;
  } else if constexpr (std::is_same_v<V, std::map<std::string, double>>) {
    if (const auto value = read_named_numbers(node, options, context)) member = *value;
  } else {
    if (const auto value = read_numbers(node, options, context)) member = V(value->begin(), value->end());
  }
}

template <class V>
std::string show_value(const V& member, const FieldOptions& options) {
  if constexpr (is_optional<V>::value)
    return member ? show_value(*member, options) : std::string();
  else if constexpr (std::is_same_v<V, bool>)
    return member ? "true" : "false";
  else if constexpr (std::is_integral_v<V>)
    return std::to_string(member);
  else if constexpr (std::is_floating_point_v<V>)
    return toml_text(written_from_si(member, options.unit));
  else if constexpr (std::is_same_v<V, sim::UtcSeconds>)
    return sim::to_iso8601(member);
  else if constexpr (std::is_same_v<V, std::vector<sim::QuantilePoint>>) {
    std::string text;
    for (const auto& point : member)
      text += (text.empty() ? "" : ", ") + ("[" + toml_text(point.probability) + ", " + toml_text(point.value) + "]");
    return member.empty() ? "" : "[" + text + "]";
  } else if constexpr (std::is_same_v<V, std::map<std::string, double>>) {
    std::string text;
    for (const auto& [name, value] : member) text += (text.empty() ? "" : ", ") + name + " = " + toml_text(value);
    return member.empty() ? "" : "{ " + text + " }";
  } else if constexpr (std::is_same_v<V, std::vector<double>>) {
    std::string text;
    for (const double value : member) text += (text.empty() ? "" : ", ") + toml_text(value);
    return "[" + text + "]";
  } else
    return toml_text(member);
}

/// The struct behind a table: T where it is named (for members that T inherits), else the member's own class.
template <class T, class B>
using ObjectOf = std::conditional_t<std::is_void_v<T>, B, T>;

/// A value: number, whole number, truth value, text, duration, time or a list of them, by the type of the member.
template <class T = void, class B, class V>
FieldSpec field(std::string key, V B::*member, FieldOptions options) {
  using Object = ObjectOf<T, B>;
  FieldSpec spec;
  spec.key = std::move(key);
  spec.kind = kind_of<V>();
  spec.read = [member, options](const Node& node, void* object, ReadContext& context) {
    read_value(node, static_cast<Object*>(object)->*member, options, context);
  };
  spec.show = [member, options](const void* object) {
    return show_value(static_cast<const Object*>(object)->*member, options);
  };
  if constexpr (is_optional<V>::value || requires(V v) { v.clear(); })
    spec.clear = [member](void* object) { static_cast<Object*>(object)->*member = V{}; };
  spec.options = std::move(options);
  return spec;
}

/// One name, or several with shares that sum to 1: `"CISO"`, `{ CISO = 0.7, BPAT = 0.3 }`.
template <class T>
FieldSpec names_with_shares(std::string key, std::map<std::string, double> T::*member, FieldOptions options) {
  FieldSpec spec;
  spec.key = std::move(key);
  spec.kind = ValueKind::name_or_shares;
  spec.read = [member](const Node& node, void* object, ReadContext& context) {
    if (const auto shares = read_name_or_shares(node, context)) static_cast<T*>(object)->*member = *shares;
  };
  spec.show = [member, options](const void* object) {
    const auto& shares = static_cast<const T*>(object)->*member;
    return shares.size() == 1 ? toml_text(shares.begin()->first) : show_value(shares, options);
  };
  spec.options = std::move(options);
  return spec;
}

/// A name out of a table of entries with `name`, `meaning` and the value that the name stands for.
template <class T = void, class B, class V, class Entries, class ValueOf>
FieldSpec choice(const std::string& key, V B::*member, const Entries& entries, ValueOf value_of, FieldOptions options) {
  using Object = ObjectOf<T, B>;
  FieldSpec spec;
  spec.key = key;
  spec.kind = ValueKind::choice;
  std::vector<V> values;
  for (const auto& entry : entries) {
    spec.choices.push_back({std::string(entry.name), std::string(entry.meaning)});
    values.push_back(value_of(entry));
  }
  spec.read = [member, choices = spec.choices, values, key](const Node& node, void* object, ReadContext& context) {
    if (const auto index = read_choice(node, choices, key, context))
      static_cast<Object*>(object)->*member = values[*index];
  };
  spec.show = [member, choices = spec.choices, values](const void* object) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const V& value = static_cast<const Object*>(object)->*member;
      if constexpr (requires { value.index(); }) {  // a std::variant of policies: told apart by which one it holds
        if (values[i].index() == value.index()) return toml_text(choices[i].name);
      } else {
        if (values[i] == value) return toml_text(choices[i].name);
      }
    }
    return std::string();
  };
  spec.options = std::move(options);
  return spec;
}

/// A table that is always there, or (member optional) only when written.
template <class T = void, class B, class V>
FieldSpec table_of(std::string key, V B::*member, const TableSpec& described, FieldOptions options) {
  using Object = ObjectOf<T, B>;
  FieldSpec spec;
  spec.key = std::move(key);
  spec.kind = ValueKind::table;
  spec.table = &described;
  spec.read = [member, &described](const Node& node, void* object, ReadContext& context) {
    auto& value = static_cast<Object*>(object)->*member;
    if constexpr (is_optional<V>::value) {
      if (!value) value.emplace();  // a default that is there already is changed, key by key
      read_table(described, node, &*value, context);
    } else {
      read_table(described, node, &value, context);
    }
  };
  spec.visit_tables = [member, &described](const void* object, const FieldSpec::TableVisitor& visit) {
    const auto& value = static_cast<const Object*>(object)->*member;
    if constexpr (is_optional<V>::value) {
      if (value) visit("", described, &*value);
    } else {
      visit("", described, &value);
    }
  };
  if constexpr (is_optional<V>::value)
    spec.clear = [member](void* object) { (static_cast<Object*>(object)->*member).reset(); };
  spec.visit_defaults = [member, &described](const void* object, const FieldSpec::TableVisitor& visit) {
    const auto& value = static_cast<const Object*>(object)->*member;
    if constexpr (is_optional<V>::value) {
      const typename V::value_type fresh{};
      visit("", described, value ? &*value : &fresh);
    } else {
      visit("", described, &value);
    }
  };
  spec.options = std::move(options);
  return spec;
}

/// Tables by name: `[site.dallas]`.
template <class T, class V>
FieldSpec named_tables(std::string key, std::map<std::string, V> T::*member, const TableSpec& described,
                       FieldOptions options) {
  FieldSpec spec;
  spec.key = std::move(key);
  spec.kind = ValueKind::named_tables;
  spec.table = &described;
  spec.read = [member, &described](const Node& node, void* object, ReadContext& context) {
    if (!node.is_table()) return wrong_type(node, "tables by name", context);
    const std::string path = context.path;
    for (const auto& [name, child] : node.table) {
      context.path = join_path(path, name);
      read_table(described, child, &(static_cast<T*>(object)->*member)[name], context);
    }
    context.path = path;
  };
  spec.visit_tables = [member, &described](const void* object, const FieldSpec::TableVisitor& visit) {
    for (const auto& [name, value] : static_cast<const T*>(object)->*member) visit(name, described, &value);
  };
  spec.visit_defaults = [&described](const void* /*object*/, const FieldSpec::TableVisitor& visit) {
    const V fresh{};
    visit("", described, &fresh);
  };
  spec.options = std::move(options);
  return spec;
}

/// A list of tables: `[[expect]]`.
template <class T, class V>
FieldSpec table_list(std::string key, std::vector<V> T::*member, const TableSpec& described, FieldOptions options) {
  FieldSpec spec;
  spec.key = std::move(key);
  spec.kind = ValueKind::table_list;
  spec.table = &described;
  spec.read = [member, &described](const Node& node, void* object, ReadContext& context) {
    if (node.kind != Node::Kind::array)
      return wrong_type(node, "a list of tables, each under [[" + context.path + "]]", context);
    for (const auto& child : node.array)
      read_table(described, child, &(static_cast<T*>(object)->*member).emplace_back(), context);
  };
  spec.visit_tables = [member, &described](const void* object, const FieldSpec::TableVisitor& visit) {
    for (const auto& value : static_cast<const T*>(object)->*member) visit("", described, &value);
  };
  spec.visit_defaults = [&described](const void* /*object*/, const FieldSpec::TableVisitor& visit) {
    const V fresh{};
    visit("", described, &fresh);
  };
  spec.options = std::move(options);
  return spec;
}

/// Reads `family`, lets `choose` make that alternative (or keep the present one), and reads the other keys into it.
void read_family(const FieldSpec& spec, const Node& node, const std::function<void*(std::size_t)>& choose,
                 std::size_t current, ReadContext& context);

template <class V, std::size_t... I>
void visit_fresh_alternatives(const std::vector<Alternative>& alternatives, const FieldSpec::TableVisitor& visit,
                              std::index_sequence<I...>) {
  const auto visit_one = [&](std::size_t index, const auto& fresh) {
    visit(alternatives[index].name.name, *alternatives[index].table, &fresh);
  };
  (visit_one(I, std::variant_alternative_t<I, V>{}), ...);
}

template <class V, std::size_t... I>
void* emplace_alternative(V& variant, std::size_t index, std::index_sequence<I...>) {
  void* object = nullptr;
  ((index == I && variant.index() != I ? static_cast<void>(variant.template emplace<I>()) : static_cast<void>(0)), ...);
  std::visit([&](auto& value) { object = &value; }, variant);
  return object;
}

/// A table whose key `family` names which of several models it describes; V is a std::variant, the alternatives in its
/// order.
template <class T, class V>
FieldSpec family(std::string key, V T::*member, const std::vector<Alternative>& alternatives, FieldOptions options) {
  FieldSpec spec;
  spec.key = std::move(key);
  spec.kind = ValueKind::family;
  spec.alternatives = alternatives;
  spec.options = std::move(options);
  const FieldSpec described = spec;
  spec.read = [member, described](const Node& node, void* object, ReadContext& context) {
    V& value = static_cast<T*>(object)->*member;
    const auto choose = [&](std::size_t index) {
      return emplace_alternative(value, index, std::make_index_sequence<std::variant_size_v<V>>{});
    };
    read_family(described, node, choose, value.index(), context);
  };
  spec.show = [member, alternatives](const void* object) {
    return toml_text(alternatives[(static_cast<const T*>(object)->*member).index()].name.name);
  };
  spec.visit_tables = [member, alternatives](const void* object, const FieldSpec::TableVisitor& visit) {
    const V& value = static_cast<const T*>(object)->*member;
    std::visit([&](const auto& alternative) { visit("", *alternatives[value.index()].table, &alternative); }, value);
  };
  spec.visit_defaults = [alternatives](const void* /*object*/, const FieldSpec::TableVisitor& visit) {
    visit_fresh_alternatives<V>(alternatives, visit, std::make_index_sequence<std::variant_size_v<V>>{});
  };
  return spec;
}

}  // namespace fleetwatt::scenarios
