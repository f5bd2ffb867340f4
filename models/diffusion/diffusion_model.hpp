// The shape of a diffusion transformer that makes images or videos: what its time and energy follow from. The network
// sees a latent picture, cut into patches that are its tokens, beside tokens of the text. Full attention over all
// tokens, or linear attention. Leaves out convolutional networks (Stable Diffusion 1 to XL), adapters, and cascades of
// models.
#pragma once

#include <optional>
#include <string>

#include "sim/provenance.hpp"

namespace fleetwatt::models {

enum class Media { image, video };
enum class DiffusionAttention { full, linear };

struct DiffusionModel {
  std::string id;
  std::string title;
  Media media = Media::image;
  double parameters = 0.0;     ///< of the denoising network
  double token_weights = 0.0;  ///< parameters that one token passes: about 12 * layers * hidden^2
  int layers = 0;
  int hidden = 0;
  int head_dim = 0;
  int attention_blocks = 0;  ///< 0 = one a layer
  DiffusionAttention attention = DiffusionAttention::full;
  bool text_joins_attention = false;
  /// Text that passes the network whole on every GPU; where only its keys and values are computed (cross-attention), as
  /// many tokens as cost the same. Prompts are padded to it, so their length changes nothing.
  int text_tokens = 0;
  int guidance_passes = 2;        ///< passes a step: two with classifier-free guidance
  double element_bytes = 0.0;     ///< memory traffic of element-wise kernels a layer, token and hidden value
  int patch_px = 16;              ///< a token's side in pixels
  int frames_a_latent = 1;        ///< frames after the first that one latent frame holds
  int latent_frames_a_token = 1;  ///< latent frames that one token spans
  int steps = 50;                 ///< released default, and what was measured
  int width_px = 1024;            ///< likewise
  int height_px = 1024;           ///< likewise
  int frames = 1;                 ///< likewise
  double frames_per_s = 0.0;      ///< of a video as it is played
  sim::Basis basis = sim::Basis::assumed;
};

/// What is asked for. Nothing about the prompt: it has no influence on time or energy.
struct MediaSize {
  int steps = 1;
  int width_px = 1024;
  int height_px = 1024;
  int frames = 1;
};

[[nodiscard]] std::string_view name_of(Media media);

[[nodiscard]] inline int attention_blocks(const DiffusionModel& model) {
  return model.attention_blocks > 0 ? model.attention_blocks : model.layers;
}

/// Tokens of one picture or video, without text: width/patch * height/patch * tokens in time. The first frame has a
/// latent frame of its own.
[[nodiscard]] double latent_tokens(const DiffusionModel& model, const MediaSize& size);

/// Million pixels over all frames.
[[nodiscard]] double megapixels(const MediaSize& size);

/// What in the size the model cannot make, and the nearest that it can.
struct SizeFault {
  std::string key;  ///< width_px, height_px, frames
  std::string message;
  std::string mend;
};
[[nodiscard]] std::optional<SizeFault> size_fault(const DiffusionModel& model, const MediaSize& size);

}  // namespace fleetwatt::models
