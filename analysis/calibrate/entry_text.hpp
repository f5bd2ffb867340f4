// Pieces of a catalogue entry's TOML that engines of all kinds are written with.
#pragma once

#include <fmt/format.h>

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "models/serving/term.hpp"
#include "scenarios/schema/scenario.hpp"
#include "sim/provenance.hpp"

namespace fleetwatt::analysis {

/// Three significant digits, without an exponent.
[[nodiscard]] inline std::string digits(double value) {
  const double rounded_value = std::stod(fmt::format("{:.3g}", value));
  return fmt::format("{}", rounded_value);
}

[[nodiscard]] inline std::string line(std::string_view key, const std::string& value) {
  constexpr std::size_t key_width = 33;
  return fmt::format("{:<{}} = {}\n", key, key_width, value);
}

/// A term's constant in the unit of its key, over that in the unit inside.
template <class Terms>
[[nodiscard]] double key_scale(const models::Term<Terms>& term) {
  return term.is_time ? 1e6 : 1.0;
}

/// Terms whose constant is zero are left out.
template <class Terms, std::size_t Count>
[[nodiscard]] std::string lines(const std::array<models::Term<Terms>, Count>& terms, const Terms& constants) {
  std::string text;
  for (const auto& term : terms) {
    const double value = constants.*term.member * key_scale(term);
    if (value != 0.0) text += line(term.key, digits(value));
  }
  return text;
}

/// To the digits that are written.
template <class Terms, std::size_t Count>
void round_terms(const std::array<models::Term<Terms>, Count>& terms, Terms& constants) {
  for (const auto& term : terms)
    constants.*term.member = std::stod(digits(constants.*term.member * key_scale(term))) / key_scale(term);
}

[[nodiscard]] inline std::string_view basis_name(sim::Basis basis) {
  switch (basis) {
    case sim::Basis::measured:
      return "measured";
    case sim::Basis::calibrated:
      return "calibrated";
    case sim::Basis::modelled:
      return "modelled";
    case sim::Basis::assumed:
      break;
  }
  return "assumed";
}

/// `[TABLE.figures]`, or nothing where there are none.
[[nodiscard]] inline std::string figures_text(const std::string& table,
                                              const std::map<std::string, scenarios::FigureSource>& figures) {
  if (figures.empty()) return "";
  std::string text = fmt::format("[{}.figures]\n", table);
  for (const auto& [key, figure] : figures)
    text += line(key, fmt::format("{{ basis = \"{}\", source = \"{}\" }}", basis_name(figure.basis), figure.source));
  return text;
}

}  // namespace fleetwatt::analysis
