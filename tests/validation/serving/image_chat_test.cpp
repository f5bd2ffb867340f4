// Images in prompts: extra tokens and an encoder, against the image-chat rows of ML.ENERGY v3 on H100, whose engines
// were fitted to text alone. One assumption for all models: an image is 700 tokens and 25 ms, beside 100 tokens of
// text.
#include <fmt/format.h>

#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "analysis/calibrate/error_summary.hpp"
#include "analysis/calibrate/measurement_table.hpp"
#include "models/serving/steady_state.hpp"
#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/loader/file_text.hpp"
#include "scenarios/loader/load_scenario.hpp"
#include "tests/examples/measured_data.hpp"

using namespace fleetwatt;

namespace {

constexpr double text_tokens = 100;
constexpr double image_tokens = 700;
constexpr double image_s = 0.025;

models::SteadyState predict(const analysis::MeasurementTable& table, std::size_t row,
                            const scenarios::Catalog& catalog) {
  const auto accelerator = scenarios::accelerator_from(catalog, "h100-sxm");
  auto engine = scenarios::engine_from(catalog, accelerator.engine);
  engine.host.attachment = image_s;
  models::Deployment deployment;
  deployment.tensor_parallel = static_cast<int>(table.number(row, "num_gpus"));
  deployment.expert_parallel = table.number(row, "expert_parallel") > 1;
  deployment.batch_limit = 1;  // the steady state needs no table of batches
  const models::IterationModel model(
      scenarios::model_from(catalog, analysis::catalogue_model(table.text(row, "model"))), accelerator, engine,
      deployment);
  return models::steady_state(model, {.sequences = table.number(row, "avg_batch_size"),
                                      .prompt_tokens = text_tokens + image_tokens,
                                      .output_tokens = table.number(row, "avg_output_len"),
                                      .generated_share = 0.7,
                                      .attachment_fraction = 1.0});
}

}  // namespace

TEST_CASE("chat about an image: throughput and energy of three models that were fitted to text", "[validation]") {
  const char* folder = tests::measured_data();
  if (folder == nullptr) return;
  const std::string file = std::string(folder) + "/inference-measurements/ml-energy-llm.csv";
  const analysis::MeasurementTable table(
      scenarios::read_file(file), "ml-energy-llm.csv",
      {"model", "task", "weight_precision", "gpu_model", "num_gpus", "expert_parallel", "avg_batch_size",
       "avg_output_len", "avg_power_watts", "output_throughput_tokens_per_sec"});
  const auto catalog = scenarios::built_in_catalog();
  static constexpr std::array asked = {"Qwen/Qwen3-VL-8B-Instruct", "Qwen/Qwen3-VL-32B-Instruct",
                                       "Qwen/Qwen3-VL-30B-A3B-Instruct"};
  std::vector<double> throughput, energy;
  for (std::size_t row = 0; row < table.size(); ++row) {
    if (table.text(row, "task") != "image-chat" || table.text(row, "gpu_model") != "H100") continue;
    if (std::ranges::find(asked, table.text(row, "model")) == asked.end()) continue;
    const double measured_tokens_per_s = table.number(row, "output_throughput_tokens_per_sec");
    const double measured_j = table.number(row, "avg_power_watts") / measured_tokens_per_s;
    const auto predicted = predict(table, row, catalog);
    throughput.push_back(predicted.tokens_per_s / measured_tokens_per_s - 1.0);
    energy.push_back(predicted.energy_j_per_token / measured_j - 1.0);
    fmt::print("  {:<32} batch {:5.1f}: {:5.0f} tokens/s ({:+.1f} %), {:.4f} J a token ({:+.1f} %)\n",
               table.text(row, "model"), table.number(row, "avg_batch_size"), predicted.tokens_per_s,
               100 * throughput.back(), predicted.energy_j_per_token, 100 * energy.back());
  }
  REQUIRE(throughput.size() >= 20);
  const auto t = analysis::summarise(throughput), e = analysis::summarise(energy);
  fmt::print("  throughput {} %, J a token {} % (median/90th percentile)\n", analysis::in_percent(t),
             analysis::in_percent(e));
  CHECK(t.median <= 0.05);
  CHECK(e.median <= 0.06);
}
