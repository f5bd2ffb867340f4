#include "models/diffusion/diffusion_model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/units.hpp"

namespace fleetwatt::models {

namespace {

/// "992 or 1008"
std::string neighbours(int value, int multiple, int offset) {
  const int below = (value - offset) / multiple * multiple + offset;
  if (below < 1) return fmt::format("{}", multiple + offset);
  return fmt::format("{} or {}", below, below + multiple);
}

std::optional<SizeFault> side_fault(const DiffusionModel& model, const char* key, int value_px) {
  if (value_px > 0 && value_px % model.patch_px == 0) return std::nullopt;
  return SizeFault{
      key,
      fmt::format("{} px is no multiple of {} px, the side of a patch of {}", value_px, model.patch_px, model.title),
      fmt::format("{} = {}", key, neighbours(value_px, model.patch_px, 0))};
}

std::optional<SizeFault> frames_fault(const DiffusionModel& model, int frames) {
  if (model.media == Media::image) {
    if (frames == 1) return std::nullopt;
    return SizeFault{"frames", fmt::format("{} frames of {}, which makes single images", frames, model.title),
                     "leave `frames` out, or name a text-to-video model"};
  }
  if (frames >= 1 && (frames - 1) % model.frames_a_latent == 0) return std::nullopt;
  return SizeFault{
      "frames",
      fmt::format("{} frames: {} makes one frame and then {} at a time", frames, model.title, model.frames_a_latent),
      fmt::format("frames = {}", neighbours(frames, model.frames_a_latent, 1))};
}

}  // namespace

std::string_view name_of(Media media) {
  return media == Media::image ? "text to image" : "text to video";
}

double latent_tokens(const DiffusionModel& model, const MediaSize& size) {
  const int latent_frames = (size.frames - 1) / model.frames_a_latent + 1;
  const int in_time = (latent_frames + model.latent_frames_a_token - 1) / model.latent_frames_a_token;
  const int across = size.width_px / model.patch_px;
  const int down = size.height_px / model.patch_px;
  return static_cast<double>(across) * down * in_time;
}

double megapixels(const MediaSize& size) {
  return static_cast<double>(size.width_px) * size.height_px * size.frames * 1e-6;
}

std::optional<SizeFault> size_fault(const DiffusionModel& model, const MediaSize& size) {
  if (auto fault = side_fault(model, "width_px", size.width_px)) return fault;
  if (auto fault = side_fault(model, "height_px", size.height_px)) return fault;
  return frames_fault(model, size.frames);
}

}  // namespace fleetwatt::models
