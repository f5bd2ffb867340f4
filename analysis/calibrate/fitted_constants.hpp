// The constants of an engine by name, as `fleetwatt calibrate --fit` takes them: a catalogue key such as
// `host.iteration_us` or `dense.kv_cache_factor`, or a word for several that one factor multiplies.
//
//   memory    every factor on reading memory (weights, experts, cache, state): the memory rate that the engine reaches
//   prefill   every factor on the arithmetic of prompts: the rate that prompts reach
//   power     every power constant: their scale
//
// `FAMILY.prefill_compute_factor` takes the factor on the prompts' attention along where the two are equal, as in the
// catalogue. Leaves out constants of kernel families that the model does not use.
#pragma once

#include <string>
#include <vector>

#include "models/serving/engine_constants.hpp"

namespace fleetwatt::analysis {

/// One unknown of a fit: one factor on some constants.
struct FittedConstant {
  std::string name;                  ///< as asked for
  std::vector<std::string> members;  ///< catalogue keys, at least one, none of them 0 in the engine
};

/// What is fitted when nothing is named: the two rates that differ most between installations.
[[nodiscard]] std::vector<std::string> default_fit(bool with_power);

/// The kernel family whose constants the model is served with: `dense` of `dense.layer_us`.
[[nodiscard]] std::string family_used(const models::EngineConstants& engine, models::KernelFamily family);

/// Every name that may be fitted for a model of that family.
[[nodiscard]] std::vector<std::string> names_to_fit(const std::string& family);

/// Throws InputError with every fault: names that are none of `names_to_fit`, constants that are 0 in the engine (a
/// factor does not change them), or that two names would multiply.
[[nodiscard]] std::vector<FittedConstant> constants_named(const std::vector<std::string>& names,
                                                          const models::EngineConstants& engine,
                                                          const std::string& family);

/// A constant of power: it changes no time, but where the power limit holds.
[[nodiscard]] bool is_power(const FittedConstant& constant);

/// As the catalogue writes it: microseconds, a factor or watts. The key must be there (OutOfRange).
[[nodiscard]] double written_value(const models::EngineConstants& engine, const std::string& key);

void multiply(models::EngineConstants& engine, const std::string& key, double factor);

}  // namespace fleetwatt::analysis
