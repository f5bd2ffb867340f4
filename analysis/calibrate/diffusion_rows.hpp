// Rows of the ML.ENERGY benchmark that made images and videos: the third version (2025: Diffusers and xDiT on H100 and
// B200), all rows, and of the second (2024: Diffusers on H100 and A100 40 GB) those of Stable Diffusion 3 Medium, the
// one model there that is a transformer and makes images.
#pragma once

#include <string>
#include <vector>

#include "models/diffusion/denoising_work.hpp"

namespace fleetwatt::analysis {

struct DiffusionMeasurement {
  std::string released_name;
  std::string model;  ///< the catalogue's entry
  std::string accelerator;
  models::DiffusionLayout layout;
  models::MediaSize size;
  double batch = 1.0;
  double latency_s = 0.0;  ///< of the batch
  double power_w = 0.0;    ///< mean of all GPUs together

  [[nodiscard]] double energy_j() const { return power_w * latency_s; }
};

struct DiffusionMeasurements {
  std::vector<DiffusionMeasurement> images_2025;
  std::vector<DiffusionMeasurement> videos_2025;
  std::vector<DiffusionMeasurement> images_2024;
};

/// `text` is the file's. They throw InputError naming lines and columns at fault, and models that the catalogue lacks.
[[nodiscard]] std::vector<DiffusionMeasurement> read_ml_energy_images(const std::string& text,
                                                                      const std::string& file_name);
[[nodiscard]] std::vector<DiffusionMeasurement> read_ml_energy_videos(const std::string& text,
                                                                      const std::string& file_name);
[[nodiscard]] std::vector<DiffusionMeasurement> read_ml_energy_images_2024(const std::string& text,
                                                                           const std::string& file_name);

/// From a folder that holds `inference-measurements/`.
[[nodiscard]] DiffusionMeasurements read_diffusion_measurements(const std::string& folder);

}  // namespace fleetwatt::analysis
