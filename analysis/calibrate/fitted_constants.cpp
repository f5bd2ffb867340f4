#include "analysis/calibrate/fitted_constants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>

#include "scenarios/schema/nearest.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

using models::EngineConstants;
using models::KernelFamily;

constexpr double per_us = 1e6;

struct NamedFamily {
  std::string_view name;
  KernelFamily family;
};
constexpr std::array families = {
    NamedFamily{"dense", KernelFamily::dense},           NamedFamily{"moe", KernelFamily::moe},
    NamedFamily{"hybrid", KernelFamily::hybrid},         NamedFamily{"moe_mxfp4", KernelFamily::moe_mxfp4},
    NamedFamily{"moe_latent", KernelFamily::moe_latent}, NamedFamily{"moe_chunked", KernelFamily::moe_chunked}};

constexpr std::array<std::string_view, 7> memory_terms = {"dense_weight_factor",
                                                          "expert_weight_factor_bf16",
                                                          "expert_weight_factor_fp8",
                                                          "expert_weight_factor_4bit",
                                                          "untuned_expert_weight_factor",
                                                          "kv_cache_factor",
                                                          "state_factor"};
constexpr std::array<std::string_view, 5> prefill_terms = {"prefill_compute_factor", "prefill_compute_factor_fp8",
                                                           "prefill_attention_factor", "prefill_expert_compute_factor",
                                                           "prefill_expert_compute_factor_fp8"};

/// Where a constant is, and what its catalogue unit is worth.
struct Slot {
  double* value = nullptr;
  double per_written = 1.0;
};

template <class Terms, std::size_t Count>
void find_term(const std::array<models::Term<Terms>, Count>& terms, std::string_view key, Terms& constants,
               Slot& slot) {
  for (const auto& term : terms) {
    if (term.key == key) slot = {&(constants.*term.member), term.is_time ? per_us : 1.0};
  }
}

Slot slot_of(EngineConstants& engine, const std::string& key) {
  Slot slot;
  const std::size_t dot = key.find('.');
  const std::string group = key.substr(0, dot);
  const std::string term = dot == std::string::npos ? "" : key.substr(dot + 1);
  if (group == "host") find_term(models::host_terms, term, engine.host, slot);
  for (const auto& family : families) {
    if (family.name != group) continue;
    auto& constants = models::constants_for(engine, family.family);
    if (!constants) continue;
    find_term(models::kernel_terms, term, constants->time, slot);
    find_term(models::power_terms, term, constants->power, slot);
  }
  if (slot.value == nullptr) throw sim::OutOfRange(fmt::format("engine {} has no constant {}", engine.id, key));
  return slot;
}

/// The catalogue keys behind a name, whatever their values.
std::vector<std::string> keys_behind(const std::string& name, const EngineConstants& engine,
                                     const std::string& family) {
  std::vector<std::string> keys;
  const auto add = [&](std::string_view term) { keys.push_back(fmt::format("{}.{}", family, term)); };
  if (name == "memory") {
    std::ranges::for_each(memory_terms, add);
  } else if (name == "prefill") {
    std::ranges::for_each(prefill_terms, add);
  } else if (name == "power") {
    for (const auto& term : models::power_terms) add(term.key);
  } else {
    keys.push_back(name);
    const std::string attention = family + ".prefill_attention_factor";
    if (name == family + ".prefill_compute_factor" && written_value(engine, name) == written_value(engine, attention))
      keys.push_back(attention);
  }
  return keys;
}

sim::Diagnostic fault(const std::string& name, std::string message, std::string mend) {
  return {{"--fit " + name, 0, 0}, std::move(message), "", 1, std::move(mend)};
}

}  // namespace

std::vector<std::string> default_fit(bool with_power) {
  std::vector<std::string> names = {"memory", "prefill"};
  if (with_power) names.emplace_back("power");
  return names;
}

std::string family_used(const EngineConstants& engine, KernelFamily family) {
  const models::KernelConstants* used = &models::nearest_constants(engine, family);
  for (const auto& candidate : families) {
    const auto& constants = models::constants_for(engine, candidate.family);
    if (constants && &*constants == used) return std::string(candidate.name);
  }
  return "dense";
}

std::vector<std::string> names_to_fit(const std::string& family) {
  std::vector<std::string> names = {"memory", "prefill", "power"};
  for (const auto& term : models::host_terms) names.push_back(fmt::format("host.{}", term.key));
  for (const auto& term : models::kernel_terms) names.push_back(fmt::format("{}.{}", family, term.key));
  for (const auto& term : models::power_terms) names.push_back(fmt::format("{}.{}", family, term.key));
  return names;
}

std::vector<FittedConstant> constants_named(const std::vector<std::string>& names, const EngineConstants& engine,
                                            const std::string& family) {
  const auto known = names_to_fit(family);
  std::vector<FittedConstant> constants;
  std::vector<sim::Diagnostic> faults;
  std::map<std::string, std::string> taken;  // key to the name that moves it
  for (const auto& name : names) {
    if (std::ranges::find(known, name) == known.end()) {
      faults.push_back(fault(name,
                             fmt::format("no constant `{}`: this model is served with `host` and `{}`", name, family),
                             scenarios::suggestion(name, known)));
      continue;
    }
    FittedConstant constant{name, {}};
    for (const auto& key : keys_behind(name, engine, family)) {
      if (written_value(engine, key) == 0.0) continue;
      constant.members.push_back(key);
      const auto [before, is_new] = taken.emplace(key, name);
      if (!is_new)
        faults.push_back(fault(name, fmt::format("`{}` is already fitted by `{}`", key, before->second),
                               "leave one of the two out"));
    }
    if (constant.members.empty())
      faults.push_back(fault(name, fmt::format("`{}` is 0 in {}, and a fit multiplies what is there", name, engine.id),
                             "leave it out, or begin with an --engine that has it"));
    constants.push_back(std::move(constant));
  }
  if (!faults.empty()) throw sim::InputError(std::move(faults));
  return constants;
}

bool is_power(const FittedConstant& constant) {
  const auto is_power_key = [](const std::string& key) {
    return std::ranges::any_of(models::power_terms,
                               [&](const auto& term) { return key.ends_with(fmt::format(".{}", term.key)); });
  };
  return std::ranges::all_of(constant.members, is_power_key);
}

double written_value(const EngineConstants& engine, const std::string& key) {
  EngineConstants copy = engine;
  const Slot slot = slot_of(copy, key);
  return *slot.value * slot.per_written;
}

void multiply(EngineConstants& engine, const std::string& key, double factor) {
  *slot_of(engine, key).value *= factor;
}

}  // namespace fleetwatt::analysis
