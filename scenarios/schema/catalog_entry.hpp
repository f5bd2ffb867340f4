// What the descriptions of all catalogue entries share: provenance, and an engine's constants by their lists.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "models/serving/term.hpp"
#include "scenarios/schema/field.hpp"
#include "scenarios/schema/scenario.hpp"
#include "scenarios/schema/tables.hpp"

namespace fleetwatt::scenarios {

struct NamedBasis {
  std::string_view name;
  std::string_view meaning;
  sim::Basis value;
};
inline constexpr std::array bases = {
    NamedBasis{"measured", "read in the source named: a reading or a printed rating", sim::Basis::measured},
    NamedBasis{"calibrated", "fitted to measurements", sim::Basis::calibrated},
    NamedBasis{"modelled", "computed", sim::Basis::modelled},
    NamedBasis{"assumed", "from memory, or carried over from a like thing", sim::Basis::assumed}};

template <class T, class B>
FieldSpec basis_field(sim::Basis B::*member) {
  return choice<T>("basis", member, bases, [](const NamedBasis& b) { return b.value; },
                   {.meaning = "how far the entry may be trusted"});
}

inline const TableSpec& figure_source_table() {
  static const TableSpec table{"where one figure comes from",
                               {basis_field<FigureSource>(&FigureSource::basis),
                                field("source", &FigureSource::source, {.meaning = "where the figure comes from"})}};
  return table;
}

/// The fields that every entry carries, then those of its own.
template <class Entry>
std::vector<FieldSpec> entry_fields(sim::Basis Entry::*basis, std::vector<FieldSpec> own) {
  std::vector<FieldSpec> fields = {
      field<Entry>("extends", &Entry::extends,
                   {.meaning = "another entry of this kind, of which this one changes something"}),
      field<Entry>("source", &Entry::source, {.meaning = "where the entry's figures come from"}),
      basis_field<Entry>(basis)};
  FieldSpec figures;
  figures.key = "figures";
  figures.kind = ValueKind::named_tables;
  figures.table = &figure_source_table();
  figures.options.meaning = "sources of single figures that differ from the entry";
  figures.read = [](const Node& node, void* object, ReadContext& context) {
    if (!node.is_table()) return wrong_type(node, "tables by name", context);
    for (const auto& [name, child] : node.table) {
      read_table(figure_source_table(), child, &static_cast<Entry*>(object)->figures[name], context);
    }
  };
  figures.visit_tables = [](const void* object, const FieldSpec::TableVisitor& visit) {
    for (const auto& [name, value] : static_cast<const Entry*>(object)->figures)
      visit(name, figure_source_table(), &value);
  };
  fields.push_back(std::move(figures));
  for (auto& one : own) fields.push_back(std::move(one));
  return fields;
}

/// The fields of an engine's terms: times in microseconds, factors, watts.
template <class Object, class Terms, std::size_t Count>
void add_terms(std::vector<FieldSpec>& fields, const std::array<models::Term<Terms>, Count>& terms,
               Terms Object::*group, const Unit& other_unit) {
  for (const auto& term : terms) {
    FieldOptions options{.unit = term.is_time ? units::microsecond : other_unit,
                         .range = {0, 1e6},
                         .meaning = std::string(term.meaning)};
    FieldSpec spec;
    spec.key = term.key;
    spec.read = [group, member = term.member, options](const Node& node, void* object, ReadContext& context) {
      read_value(node, static_cast<Object*>(object)->*group.*member, options, context);
    };
    spec.show = [group, member = term.member, options](const void* object) {
      return show_value(static_cast<const Object*>(object)->*group.*member, options);
    };
    spec.options = std::move(options);
    fields.push_back(std::move(spec));
  }
}

/// The same where the object is the group.
template <class Terms, std::size_t Count>
void add_terms(std::vector<FieldSpec>& fields, const std::array<models::Term<Terms>, Count>& terms,
               const Unit& other_unit) {
  for (const auto& term : terms) {
    fields.push_back(field(std::string(term.key), term.member,
                           {.unit = term.is_time ? units::microsecond : other_unit,
                            .range = {0, 1e9},
                            .meaning = std::string(term.meaning)}));
  }
}

}  // namespace fleetwatt::scenarios
