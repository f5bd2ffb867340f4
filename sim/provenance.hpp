// How far a number may be trusted. Catalogue entries and formulas carry a basis; what is computed from several rests on
// the weakest of them.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace fleetwatt::sim {

enum class Basis { measured, calibrated, modelled, assumed };  // from strongest to weakest

inline constexpr std::array<std::string_view, 4> basis_names = {"measured", "calibrated", "modelled", "assumed"};

[[nodiscard]] constexpr std::string_view name_of(Basis basis) {
  return basis_names[static_cast<std::size_t>(basis)];
}
[[nodiscard]] constexpr Basis weakest(Basis a, Basis b) {
  return std::max(a, b);
}

}  // namespace fleetwatt::sim
