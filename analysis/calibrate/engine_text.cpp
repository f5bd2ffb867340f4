#include "analysis/calibrate/engine_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "sim/provenance.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr double per_us = 1e6;
constexpr std::size_t key_width = 33;

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

/// Three significant digits, without an exponent.
std::string digits(double value) {
  const double rounded_value = std::stod(fmt::format("{:.3g}", value));
  return fmt::format("{}", rounded_value);
}

std::string line(std::string_view key, const std::string& value) {
  return fmt::format("{:<{}} = {}\n", key, key_width, value);
}

template <class Terms, std::size_t Count>
std::string lines(const std::array<models::Term<Terms>, Count>& terms, const Terms& constants) {
  std::string text;
  for (const auto& term : terms) {
    const double value = constants.*term.member * (term.is_time ? per_us : 1.0);
    if (value != 0.0) text += line(term.key, digits(value));
  }
  return text;
}

template <class Terms, std::size_t Count>
void round_terms(const std::array<models::Term<Terms>, Count>& terms, Terms& constants) {
  for (const auto& term : terms) {
    const double scale = term.is_time ? per_us : 1.0;
    constants.*term.member = std::stod(digits(constants.*term.member * scale)) / scale;
  }
}

std::string_view basis_name(sim::Basis basis) {
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
  if (!engine.figures.empty()) {
    text += fmt::format("[{}.figures]\n", table);
    for (const auto& [key, figure] : engine.figures)
      text += line(key, fmt::format("{{ basis = \"{}\", source = \"{}\" }}", basis_name(figure.basis), figure.source));
  }
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
