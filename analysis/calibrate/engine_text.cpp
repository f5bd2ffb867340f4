#include "analysis/calibrate/engine_text.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "analysis/calibrate/entry_text.hpp"

namespace fleetwatt::analysis {

namespace {

struct NamedFamily {
  std::string_view key;
  std::optional<models::KernelConstants> models::EngineConstants::*constants;
};
constexpr std::array families = {NamedFamily{"dense", &models::EngineConstants::dense},
                                 NamedFamily{"moe", &models::EngineConstants::moe},
                                 NamedFamily{"hybrid", &models::EngineConstants::hybrid},
                                 NamedFamily{"moe_mxfp4", &models::EngineConstants::moe_mxfp4},
                                 NamedFamily{"moe_latent", &models::EngineConstants::moe_latent},
                                 NamedFamily{"moe_chunked", &models::EngineConstants::moe_chunked}};

}  // namespace

std::string engine_text(const scenarios::EngineEntry& engine, const std::string& prefix) {
  const std::string table = fmt::format("{}engine.{}", prefix, engine.id);
  std::string text = fmt::format("[{}]\n", table);
  text += line("title", fmt::format("\"{}\"", engine.title));
  text += line("accelerator", fmt::format("\"{}\"", engine.accelerator));
  if (engine.idles_in_host_time) text += line("idles_in_host_time", "true");
  text += line("memory_fraction", digits(engine.memory_fraction));
  text += line("activation_gb", fmt::format("{:.1f}", engine.activation_bytes * 1e-9));
  text += line("largest_batch", fmt::format("{:.0f}", engine.largest_batch));
  text += line("source", fmt::format("\"{}\"", engine.source));
  text += line("basis", fmt::format("\"{}\"", basis_name(engine.basis)));
  text += figures_text(table, engine.figures);
  const std::string host = lines(models::host_terms, engine.host);
  if (!host.empty()) text += fmt::format("[{}.host]\n{}", table, host);
  for (const auto& family : families) {
    const auto& constants = engine.*family.constants;
    if (!constants) continue;
    text += fmt::format("[{}.{}]\n{}{}", table, family.key, lines(models::kernel_terms, constants->time),
                        lines(models::power_terms, constants->power));
  }
  return text;
}

models::EngineConstants rounded(models::EngineConstants engine) {
  round_terms(models::host_terms, engine.host);
  for (const auto& family : families) {
    auto& constants = engine.*family.constants;
    if (!constants) continue;
    round_terms(models::kernel_terms, constants->time);
    round_terms(models::power_terms, constants->power);
  }
  return engine;
}

}  // namespace fleetwatt::analysis
