#include "analysis/explain/explain_media.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/results/figures.hpp"

namespace fleetwatt::analysis {

namespace {

struct Part {
  const char* name;
  double models::BatchParts::*member;
  const char* meaning;
};
constexpr std::array parts = {
    Part{"start", &models::BatchParts::start_s, "text encoder and set-up"},
    Part{"weights", &models::BatchParts::linear_s, "arithmetic of weights on tokens"},
    Part{"attention", &models::BatchParts::attention_s, "arithmetic of tokens on tokens"},
    Part{"element-wise", &models::BatchParts::memory_s, "normalisation, gates and the like: memory traffic"},
    Part{"exchange", &models::BatchParts::network_s, "between the GPUs that share an item"},
    Part{"launches", &models::BatchParts::host_s, "on the host, as far as the GPU waits for them"},
    Part{"decoding", &models::BatchParts::decode_s, "the autoencoder, on one GPU"},
    Part{"power", &models::BatchParts::stretched_s, "stretched to stay at the TDP"}};

/// The GPU's work and the host's launches go on side by side, and a step takes the longer, its corner rounded: each
/// part of the time gets its share of that, so that parts add up (models/diffusion/batch_cost.hpp).
models::BatchParts attributed(const models::BatchCost& cost) {
  models::BatchParts p = cost.parts;
  const double gpu_s = p.linear_s + p.attention_s + p.memory_s + p.network_s;
  const double together_s = cost.time_s - p.start_s - p.decode_s - p.stretched_s;
  const double cubes = std::pow(gpu_s, 3) + std::pow(p.host_s, 3);
  if (cubes <= 0.0) return p;
  const double gpu_share_s = together_s * std::pow(gpu_s, 3) / cubes;
  const double a_gpu_s = gpu_s > 0.0 ? gpu_share_s / gpu_s : 0.0;
  p.linear_s *= a_gpu_s;
  p.attention_s *= a_gpu_s;
  p.memory_s *= a_gpu_s;
  p.network_s *= a_gpu_s;
  p.host_s = together_s - gpu_share_s;
  return p;
}

/// The largest part.
const char* limit_of(const models::BatchParts& p) {
  return std::ranges::max_element(parts, {}, [&](const Part& part) { return p.*part.member; })->name;
}

std::string heading(const ExplainedMedia& explained) {
  const auto& d = explained.deployment;
  const int gpus = models::gpus(d.layout);
  std::string layout = fmt::format("{} x {}", gpus, d.accelerator.title);
  if (gpus > 1) layout += fmt::format(" (ulysses {}, ring {})", d.layout.ulysses_parallel, d.layout.ring_parallel);
  std::string size = fmt::format("{} x {} px", d.size.width_px, d.size.height_px);
  if (d.model.media == models::Media::video) size += fmt::format(", {} frames", d.size.frames);
  return fmt::format("{} ({}) on {}, {} ({})\n{}, {} steps: {} tokens of picture and {} of text, {} pass{} a step\n\n",
                     d.model.title, name_of(d.model.media), layout, d.engine.title, explained.engine_basis, size,
                     d.size.steps, count(models::latent_tokens(d.model, d.size)), d.model.text_tokens,
                     d.model.guidance_passes, d.model.guidance_passes == 1 ? "" : "es");
}

std::string batches_text(const ExplainedMedia& explained, const Screen& screen) {
  const double tdp_w = models::gpus(explained.deployment.layout) * explained.deployment.accelerator.tdp_w;
  std::vector<std::vector<std::string>> rows;
  for (const auto& batch : explained.batches)
    rows.push_back({count(batch.items), figure(batch.cost.time_s), figure(batch.cost.time_s / batch.items),
                    figure(batch.power_w), percent(batch.power_w / tdp_w), figure(batch.cost.energy_j / batch.items),
                    limit_of(batch.cost.parts)});
  const char* item = explained.deployment.model.media == models::Media::image ? "an image" : "a video";
  return table({{"batch"},
                {"s a batch"},
                {std::string("s ") + item},
                {"power W"},
                {"of TDP"},
                {std::string("J ") + item},
                {"limit", Align::left}},
               rows, screen) +
         "GPUs only, at work; the prompt makes no difference\n"
         "parts: GPU and launches go side by side; each has its share of the longer, so they add up\n\n";
}

std::string parts_text(const ExplainedMedia& explained, const Screen& screen) {
  const ExplainedBatch& first = explained.batches.front();
  const ExplainedBatch& last = explained.batches.back();
  std::vector<std::vector<std::string>> rows;
  for (const auto& part : parts)
    rows.push_back(
        {part.name, figure(first.cost.parts.*part.member), figure(last.cost.parts.*part.member), part.meaning});
  rows.push_back({"= batch", figure(first.cost.time_s), figure(last.cost.time_s), ""});
  return table({{"s of a batch", Align::left},
                {fmt::format("of {}", first.items)},
                {fmt::format("of {}", last.items)},
                {"", Align::left}},
               rows, screen);
}

}  // namespace

ExplainedMedia explain_media(const models::DiffusionDeployment& d, std::vector<int> batches) {
  if (batches.empty()) batches = {1, 2, 4, 8};
  ExplainedMedia explained{.deployment = d,
                           .engine_basis = std::string(sim::basis_names[static_cast<std::size_t>(d.engine.basis)]),
                           .batches = {},
                           .notes = {}};
  explained.deployment.batch_limit = *std::ranges::max_element(batches);
  for (const int items : batches) {
    const auto cost = models::batch_cost(d.model, d.accelerator, d.engine, d.layout, d.size, items);
    explained.batches.push_back({items, cost, cost.energy_j / cost.time_s});
    explained.batches.back().cost.parts = attributed(cost);
  }
  explained.notes = models::beyond_calibration(explained.deployment);
  return explained;
}

std::string media_text(const ExplainedMedia& explained, const Screen& screen) {
  std::string text = heading(explained) + batches_text(explained, screen) + parts_text(explained, screen);
  for (const auto& note : explained.notes) text += "\nnote: " + note + "\n";
  return wrapped(text, screen);
}

nlohmann::ordered_json media_json(const ExplainedMedia& explained) {
  const auto& d = explained.deployment;
  nlohmann::ordered_json json = {{"model", d.model.id},
                                 {"media", name_of(d.model.media)},
                                 {"accelerator", d.accelerator.id},
                                 {"engine", d.engine.id},
                                 {"gpus", models::gpus(d.layout)},
                                 {"steps", d.size.steps},
                                 {"width_px", d.size.width_px},
                                 {"height_px", d.size.height_px},
                                 {"frames", d.size.frames},
                                 {"latent_tokens", models::latent_tokens(d.model, d.size)},
                                 {"notes", explained.notes}};
  json["batches"] = nlohmann::ordered_json::array();
  for (const auto& batch : explained.batches) {
    nlohmann::ordered_json entry = {{"batch", batch.items},
                                    {"time_s", batch.cost.time_s},
                                    {"power_w", batch.power_w},
                                    {"j_per_item", batch.cost.energy_j / batch.items},
                                    {"limit", limit_of(batch.cost.parts)}};
    for (const auto& part : parts) entry["parts_s"][part.name] = batch.cost.parts.*part.member;
    json["batches"].push_back(std::move(entry));
  }
  return json;
}

}  // namespace fleetwatt::analysis
