#include "analysis/calibrate/diffusion_catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "analysis/calibrate/entry_text.hpp"

namespace fleetwatt::analysis {

namespace {

using scenarios::DiffusionEngineEntry;

constexpr const char* h100 = "h100-sxm";
constexpr const char* b200 = "b200-sxm";
constexpr const char* a100 = "a100-40-sxm";

DiffusionEngineEntry entry_of(const std::string& id, const std::string& title, const models::DiffusionEngine& fitted) {
  DiffusionEngineEntry entry;
  static_cast<models::DiffusionEngine&>(entry) = fitted;
  entry.id = id;
  entry.title = title;
  return entry;
}

void note_largest_batch(DiffusionEngineEntry& entry, const DiffusionRows& rows) {
  for (const auto& row : rows) {
    if (row.accelerator == entry.accelerator) entry.largest_batch = std::max(entry.largest_batch, row.batch);
  }
}

/// Of the 2025 fits, in the entry's `figures`.
void note_errors(DiffusionEngineEntry& entry, const std::string& key, const DiffusionRows& rows,
                 const std::vector<BatchPrediction>& fitted, const std::vector<BatchPrediction>& left_out) {
  const DiffusionErrors in = diffusion_errors(rows, fitted, entry.accelerator);
  const DiffusionErrors out = diffusion_errors(rows, left_out, entry.accelerator);
  entry.figures[key] = {
      sim::Basis::calibrated,
      fmt::format(
          "{} rows; median/90th percentile error in %, fitted -> model left out: latency {} -> {}, energy {} -> "
          "{}",
          in.latency.rows, in_percent(in.latency), in_percent(out.latency), in_percent(in.energy),
          in_percent(out.energy))};
  note_largest_batch(entry, rows);
}

std::vector<DiffusionEngineEntry> entries_2025(const DiffusionMeasurements& measurements,
                                               const scenarios::Catalog& catalog, const DiffusionEngines& engines) {
  const auto images = predict_all(measurements.images_2025, catalog, engines);
  const auto videos = predict_all(measurements.videos_2025, catalog, engines);
  const auto images_out = images_left_out(measurements, catalog);
  const auto videos_out = videos_left_out(measurements, catalog, engines);
  std::vector<DiffusionEngineEntry> entries = {
      entry_of("xdit-2025-h100", "Diffusers and xDiT (2025) on H100", engines.at(h100)),
      entry_of("xdit-2025-b200", "Diffusers and xDiT (2025) on B200", engines.at(b200))};
  for (auto& entry : entries) {
    entry.source = "least-squares fit to rows of ML.ENERGY benchmark v3 (ml-energy/leaderboard@0cd52dab)";
    note_errors(entry, "image", measurements.images_2025, images, images_out);
    note_errors(entry, "video", measurements.videos_2025, videos, videos_out);
  }
  return entries;
}

std::vector<DiffusionEngineEntry> entries_2024(const DiffusionMeasurements& measurements,
                                               const scenarios::Catalog& catalog,
                                               const models::DiffusionEngine& fitted_2025) {
  const auto& rows = measurements.images_2024;
  const auto engines = fit_2024(rows, catalog, fitted_2025);
  const auto predictions = predict_all(rows, catalog, engines);
  std::vector<DiffusionEngineEntry> entries = {
      entry_of("diffusers-2024-h100", "Diffusers (2024) on H100", engines.at(h100)),
      entry_of("diffusers-2024-a100", "Diffusers (2024) on A100", engines.at(a100))};
  for (auto& entry : entries) {
    const DiffusionErrors errors = diffusion_errors(rows, predictions, entry.accelerator);
    entry.source = fmt::format(
        "xdit-2025-h100 with GPU work, its joules and the start fitted to {} rows of Stable Diffusion 3 Medium in "
        "ML.ENERGY benchmark v2 (ml-energy/leaderboard-v2@c3af7f31); median/90th percentile error in %: latency {}, "
        "energy {}",
        errors.latency.rows, in_percent(errors.latency), in_percent(errors.energy));
    note_largest_batch(entry, rows);
  }
  entries.back().figures["image"] = {sim::Basis::modelled,
                                     "resident power and decoding time set, at 0.6 and about 2.5 of H100's"};
  return entries;
}

std::string entry_text(const DiffusionEngineEntry& engine) {
  const std::string table = fmt::format("diffusion_engine.{}", engine.id);
  std::string text = fmt::format("[{}]\n", table);
  text += line("title", fmt::format("\"{}\"", engine.title));
  text += line("accelerator", fmt::format("\"{}\"", engine.accelerator));
  text += line("largest_batch", fmt::format("{:.0f}", engine.largest_batch));
  text += line("source", fmt::format("\"{}\"", engine.source));
  text += line("basis", fmt::format("\"{}\"", basis_name(engine.basis)));
  text += figures_text(table, engine.figures);
  text += fmt::format("[{}.host]\n{}", table, lines(models::diffusion_host_terms, engine.host));
  for (const auto& [key, constants] : {std::pair{"image", engine.image}, std::pair{"video", engine.video}}) {
    if (!constants) continue;
    text += fmt::format("[{}.{}]\n{}{}", table, key, lines(models::diffusion_time_terms, *constants),
                        lines(models::diffusion_power_terms, *constants));
  }
  return text;
}

}  // namespace

std::vector<BatchPrediction> images_left_out(const DiffusionMeasurements& measurements,
                                             const scenarios::Catalog& catalog) {
  return predict_left_out(measurements.images_2025, catalog,
                          [&](const DiffusionRows& rows) { return fit_images(rows, catalog); });
}

std::vector<BatchPrediction> videos_left_out(const DiffusionMeasurements& measurements,
                                             const scenarios::Catalog& catalog, const DiffusionEngines& engines) {
  return predict_left_out(measurements.videos_2025, catalog,
                          [&](const DiffusionRows& rows) { return fit_videos(rows, catalog, engines); });
}

std::vector<DiffusionEngineEntry> fit_diffusion_catalogue(const DiffusionMeasurements& measurements,
                                                          const scenarios::Catalog& catalog) {
  const auto engines = fit_videos(measurements.videos_2025, catalog, fit_images(measurements.images_2025, catalog));
  auto entries = entries_2025(measurements, catalog, engines);
  std::ranges::move(entries_2024(measurements, catalog, engines.at(h100)), std::back_inserter(entries));
  return entries;
}

std::string diffusion_catalogue_text(const std::vector<DiffusionEngineEntry>& engines) {
  std::string text =
      "# Engines for images and videos: constants of one kind of accelerator and one generation of software, for the "
      "form in\n# models/diffusion/batch_cost.hpp. Times in microseconds; `_factor` multiplies an ideal time at the "
      "data sheet's peak rate;\n# `_w` are joules of one GPU an (ideal) second.\n"
      "#\n# Written by `./dev calibrate` from measurements: do not edit, fit again. Errors of the fits stand in "
      "`figures`.\n";
  for (const auto& engine : engines) text += "\n" + entry_text(engine);
  return text;
}

}  // namespace fleetwatt::analysis
