// Which constants of the engines are one unknown of the fit, what each is thought to be beforehand, and how surely.
// Constants belong to an accelerator or to the engine's generation, at most to a kernel family; none to a model.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "models/serving/engine_constants.hpp"

namespace fleetwatt::analysis {

using models::KernelFamily;

/// Families as bits of a set.
using Families = unsigned;
[[nodiscard]] constexpr Families only(KernelFamily family) {
  return 1U << static_cast<unsigned>(family);
}
namespace sets {
inline constexpr Families dense = only(KernelFamily::dense);
inline constexpr Families hybrid = only(KernelFamily::hybrid);
inline constexpr Families moe = only(KernelFamily::moe);
inline constexpr Families moe_mxfp4 = only(KernelFamily::moe_mxfp4);
inline constexpr Families moe_latent = only(KernelFamily::moe_latent);
inline constexpr Families moe_chunked = only(KernelFamily::moe_chunked);
inline constexpr Families mixtures = moe | moe_mxfp4 | moe_latent | moe_chunked;
inline constexpr Families all_families = mixtures | dense | hybrid;
}  // namespace sets

/// A place where an unknown goes: a term (its key) of some families.
struct Slot {
  Families families;
  std::string_view term;
};

/// One unknown, or one for each engine. `prior` in the term's unit inside (seconds, factor, watts), `spread` relative
/// to it.
struct Unknown {
  std::string_view name;
  bool one_an_engine;
  double prior;
  double spread;
  std::vector<Slot> slots;
  std::string_view tied_to = {};  ///< the prior is that other unknown's value, within `spread`
};

/// Of time. The prior knows what is known without these measurements: that kernels reach 0.6 to 0.9 of peak rates, that
/// a layer costs some tens of microseconds of launches, that unpacking 4-bit weights without 4-bit units is dear.
[[nodiscard]] const std::vector<Unknown>& time_unknowns();

/// Of power.
[[nodiscard]] const std::vector<Unknown>& power_unknowns();

/// How much the priors weigh against the rows.
inline constexpr double prior_weight = 5.0;

}  // namespace fleetwatt::analysis
