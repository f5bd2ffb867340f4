#include "analysis/calibrate/diffusion_rows.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "analysis/calibrate/measurement_table.hpp"
#include "models/workload/text_lines.hpp"
#include "scenarios/loader/file_text.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> catalogue_names = {{
    {"SANA1.5_1.6B", "sana-1.5-1.6b"},
    {"SANA1.5_4.8B", "sana-1.5-4.8b"},
    {"HunyuanDiT", "hunyuan-dit"},
    {"stable-diffusion-3-medium", "stable-diffusion-3-medium"},
    {"stable-diffusion-3.5-medium", "stable-diffusion-3.5-medium"},
    {"stable-diffusion-3.5-large", "stable-diffusion-3.5-large"},
    {"Wan2.1", "wan-2.1-14b"},
    {"HunyuanVideo", "hunyuan-video"},
    {"CogVideoX-2b", "cogvideox-2b"},
    {"CogVideoX1.5-5B", "cogvideox-1.5-5b"},
}};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string accelerator_of(const std::string& gpu) {
  if (contains(gpu, "H100")) return "h100-sxm";
  return contains(gpu, "B200") ? "b200-sxm" : "a100-40-sxm";
}

class Reader {
 public:
  Reader(const std::string& text, const std::string& file_name, const std::vector<std::string>& columns)
      : table_(text, file_name, columns), file_name_(file_name) {}

  [[nodiscard]] std::size_t size() const { return table_.size(); }
  [[nodiscard]] const std::string& text(std::size_t row, const char* column) const { return table_.text(row, column); }
  [[nodiscard]] double number(std::size_t row, const char* column) const { return table_.number(row, column); }
  [[nodiscard]] int count(std::size_t row, const char* column) const { return static_cast<int>(number(row, column)); }

  /// What all files have under the same names, but for the GPU's column.
  [[nodiscard]] DiffusionMeasurement measurement(std::size_t index, const char* gpu_column) const {
    DiffusionMeasurement row;
    row.released_name = text(index, "model");
    row.model = catalogue_name(index);
    row.accelerator = accelerator_of(text(index, gpu_column));
    row.batch = number(index, "batch_size");
    row.latency_s = number(index, "batch_latency_s");
    return row;
  }

 private:
  [[nodiscard]] std::string catalogue_name(std::size_t index) const {
    const std::string& released = text(index, "model");
    for (const auto& [part, name] : catalogue_names) {
      if (contains(released, part)) return std::string(name);
    }
    models::FaultList faults(file_name_);
    faults.add(table_.line(index), fmt::format("the catalogue has no shape for '{}'", released), "");
    faults.require_none();
    return "";
  }

  MeasurementTable table_;
  std::string file_name_;
};

DiffusionMeasurement measurement_2025(const Reader& reader, std::size_t index) {
  DiffusionMeasurement row = reader.measurement(index, "gpu_model");
  row.layout = {reader.count(index, "ulysses_degree"), reader.count(index, "ring_degree")};
  row.size.steps = reader.count(index, "inference_steps");
  row.power_w = reader.number(index, "avg_power_watts");
  return row;
}

}  // namespace

std::vector<DiffusionMeasurement> read_ml_energy_images(const std::string& text, const std::string& file_name) {
  const Reader reader(text, file_name,
                      {"model", "gpu_model", "ulysses_degree", "ring_degree", "batch_size", "inference_steps",
                       "image_height", "image_width", "batch_latency_s", "avg_power_watts"});
  std::vector<DiffusionMeasurement> rows;
  for (std::size_t i = 0; i < reader.size(); ++i) {
    rows.push_back(measurement_2025(reader, i));
    rows.back().size.width_px = reader.count(i, "image_width");
    rows.back().size.height_px = reader.count(i, "image_height");
  }
  return rows;
}

std::vector<DiffusionMeasurement> read_ml_energy_videos(const std::string& text, const std::string& file_name) {
  const Reader reader(text, file_name,
                      {"model", "gpu_model", "ulysses_degree", "ring_degree", "batch_size", "inference_steps",
                       "num_frames", "video_height", "video_width", "batch_latency_s", "avg_power_watts"});
  std::vector<DiffusionMeasurement> rows;
  for (std::size_t i = 0; i < reader.size(); ++i) {
    rows.push_back(measurement_2025(reader, i));
    rows.back().size.width_px = reader.count(i, "video_width");
    rows.back().size.height_px = reader.count(i, "video_height");
    rows.back().size.frames = reader.count(i, "num_frames");
  }
  return rows;
}

std::vector<DiffusionMeasurement> read_ml_energy_images_2024(const std::string& text, const std::string& file_name) {
  const Reader reader(text, file_name,
                      {"model", "gpu", "batch_size", "denoising_steps", "batch_latency_s", "mean_gpu_power_w"});
  std::vector<DiffusionMeasurement> rows;
  for (std::size_t i = 0; i < reader.size(); ++i) {
    if (!contains(reader.text(i, "model"), "stable-diffusion-3-medium")) continue;
    rows.push_back(reader.measurement(i, "gpu"));  // 1024 x 1024 all of them
    rows.back().size.steps = reader.count(i, "denoising_steps");
    rows.back().power_w = reader.number(i, "mean_gpu_power_w");
  }
  return rows;
}

DiffusionMeasurements read_diffusion_measurements(const std::string& folder) {
  const auto read = [&](const std::string& name) {
    return scenarios::read_file(folder + "/inference-measurements/" + name);
  };
  return {read_ml_energy_images(read("ml-energy-image.csv"), "ml-energy-image.csv"),
          read_ml_energy_videos(read("ml-energy-video.csv"), "ml-energy-video.csv"),
          read_ml_energy_images_2024(read("ml-energy-v2-diffusion.csv"), "ml-energy-v2-diffusion.csv")};
}

}  // namespace fleetwatt::analysis
