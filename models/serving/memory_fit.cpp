#include "models/serving/memory_fit.hpp"

#include <fmt/format.h>

#include <array>

namespace fleetwatt::models {

namespace {

constexpr double gigabyte = 1e9;

bool fits(const LanguageModel& model, const Deployment& deployment, const Accelerator& accelerator,
          const EngineConstants& engine) {
  return kv_capacity_tokens(model, deployment, accelerator, engine) >= 1.0;
}

}  // namespace

std::optional<std::string> memory_shortage(const LanguageModel& model, const Deployment& deployment,
                                           const Accelerator& accelerator, const EngineConstants& engine) {
  if (fits(model, deployment, accelerator, engine)) return std::nullopt;
  const double weights = weight_bytes_a_gpu(model, deployment);
  const double usable = usable_bytes(accelerator, engine);
  return fmt::format(
      "{} does not fit on {} x {}: its weights take {:.1f} GB a GPU, {:.1f} GB more than the {:.1f} GB usable",
      model.title, gpus(deployment), accelerator.title, weights / gigabyte, (weights - usable) / gigabyte,
      usable / gigabyte);
}

std::string what_would_fit(const LanguageModel& model, const Deployment& deployment, const Accelerator& accelerator,
                           const EngineConstants& engine) {
  std::string ways =
      fmt::format("tensor_parallel = {} or more", fewest_gpus(model, deployment.precision, accelerator, engine));
  struct Smaller {
    WeightPrecision precision;
    const char* name;
  };
  for (const auto& smaller : {Smaller{WeightPrecision::fp8, "fp8"}, Smaller{WeightPrecision::int4, "int4"}}) {
    Deployment reduced = deployment;
    reduced.precision = smaller.precision;
    const bool runs = smaller.precision != WeightPrecision::fp8 || accelerator.fp8_flop_per_s > 0.0;
    if (runs && bytes_a_parameter(smaller.precision) < bytes_a_parameter(deployment.precision) &&
        fits(model, reduced, accelerator, engine))
      return ways + fmt::format(", or precision = \"{}\"", smaller.name);
  }
  return ways;
}

}  // namespace fleetwatt::models
