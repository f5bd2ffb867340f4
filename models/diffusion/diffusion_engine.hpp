// Constants of a diffusion engine on one kind of accelerator; the form that they stand in is in batch_cost.hpp, the
// figures in scenarios/catalog/diffusion_engines.toml, where the calibration puts them (analysis/calibrate).
#pragma once

#include <array>
#include <optional>
#include <string>

#include "models/diffusion/diffusion_model.hpp"
#include "models/hardware/accelerator.hpp"
#include "models/serving/term.hpp"

namespace fleetwatt::models {

/// Of images or of videos. Factors multiply ideal times; watts are of one GPU, or joules an ideal second.
struct DiffusionConstants {
  double linear = 1.0;
  double attention = 1.0;
  double memory = 0.0;
  double ulysses = 1.0;
  double ring = 1.0;
  double megapixel_s = 0.0;  ///< decoding a million pixels of a frame, on one GPU
  double resident_w = 0.0;   ///< whatever the kernels do
  double arithmetic_w = 0.0;
  double memory_w = 0.0;
  double network_w = 0.0;
  double decode_w = 0.0;  ///< joules a second of decoding
};

/// Seconds each.
struct DiffusionHostTerms {
  double start = 0.0;
  double block = 0.0;
  double parallel_block = 0.0;
  double ring_block = 0.0;
};

struct DiffusionEngine {
  std::string id;
  std::string title;
  std::string accelerator;  ///< on which the constants were calibrated
  DiffusionHostTerms host;
  std::optional<DiffusionConstants> image = {};
  std::optional<DiffusionConstants> video = {};
  double largest_batch = 0.0;  ///< items at once among the measurements; 0 = not said
  sim::Basis basis = sim::Basis::assumed;
};

[[nodiscard]] inline const std::optional<DiffusionConstants>& constants_for(const DiffusionEngine& engine,
                                                                            Media media) {
  return media == Media::image ? engine.image : engine.video;
}

/// The constants of an engine calibrated on `from`, for `to`: what a kernel draws whatever it does goes with the TDP;
/// the joules of an operation and of a byte stay (as in models/serving/carried_power.hpp).
[[nodiscard]] DiffusionEngine with_carried_power(DiffusionEngine engine, const Accelerator& from,
                                                 const Accelerator& to);

inline constexpr std::array diffusion_host_terms = {
    Term<DiffusionHostTerms>{"start_us", &DiffusionHostTerms::start, true, "each batch: text encoder and set-up"},
    Term<DiffusionHostTerms>{"block_us", &DiffusionHostTerms::block, true, "each attention block and step"},
    Term<DiffusionHostTerms>{"parallel_block_us", &DiffusionHostTerms::parallel_block, true,
                             "and on more than one GPU"},
    Term<DiffusionHostTerms>{"ring_block_us", &DiffusionHostTerms::ring_block, true, "and each hop of the ring"}};

inline constexpr std::array diffusion_time_terms = {
    Term<DiffusionConstants>{"linear_factor", &DiffusionConstants::linear, false, "weights on tokens"},
    Term<DiffusionConstants>{"attention_factor", &DiffusionConstants::attention, false, "attention"},
    Term<DiffusionConstants>{"memory_factor", &DiffusionConstants::memory, false, "element-wise kernels"},
    Term<DiffusionConstants>{"ulysses_factor", &DiffusionConstants::ulysses, false, "exchanging heads"},
    Term<DiffusionConstants>{"ring_factor", &DiffusionConstants::ring, false, "passing keys and values round"},
    Term<DiffusionConstants>{"megapixel_us", &DiffusionConstants::megapixel_s, true,
                             "decoding a million pixels of a frame, on one GPU"}};

inline constexpr std::array diffusion_power_terms = {
    Term<DiffusionConstants>{"resident_w", &DiffusionConstants::resident_w, false,
                             "with a resident kernel, whatever it does"},
    Term<DiffusionConstants>{"arithmetic_w", &DiffusionConstants::arithmetic_w, false,
                             "joules an ideal second of weights and attention"},
    Term<DiffusionConstants>{"memory_w", &DiffusionConstants::memory_w, false,
                             "joules an ideal second of element-wise kernels"},
    Term<DiffusionConstants>{"network_w", &DiffusionConstants::network_w, false, "joules an ideal second of exchange"},
    Term<DiffusionConstants>{"decode_w", &DiffusionConstants::decode_w, false, "joules a second of decoding"}};

}  // namespace fleetwatt::models
