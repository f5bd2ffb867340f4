#include "models/serving/calibrated_range.hpp"

#include <fmt/format.h>

namespace fleetwatt::models {

namespace {

constexpr int most_gpus_measured = 8;  // of one stage, in the measurements behind the catalogue's engines

}  // namespace

bool has_unmeasured_weights(const LanguageModel& model, WeightPrecision precision) {
  return precision == WeightPrecision::int4 || (precision == WeightPrecision::mxfp4 && !is_mixture(model));
}

std::vector<std::string> beyond_calibration(const LanguageModel& model, const Deployment& deployment,
                                            const Accelerator& accelerator, const EngineConstants& engine) {
  std::vector<std::string> sentences;
  if (engine.accelerator != accelerator.id)
    sentences.push_back(
        fmt::format("{} serves with constants calibrated on {}", accelerator.title, engine.accelerator));
  if (!constants_for(engine, kernel_family(model, deployment.precision)))
    sentences.push_back(
        fmt::format("{} is of a kind that {} was not calibrated for: the nearest kind's constants stand in",
                    model.title, engine.id));
  if (has_unmeasured_weights(model, deployment.precision))
    sentences.push_back("4-bit weights outside experts were not measured: their bytes and rates are the data sheet's");
  if (engine.largest_batch > 0.0 && deployment.batch_limit > engine.largest_batch)
    sentences.push_back(fmt::format("batch limit {} is above the {:.0f} that {} was calibrated with",
                                    deployment.batch_limit, engine.largest_batch, engine.id));
  if (deployment.data_parallel > 1)
    sentences.push_back("data-parallel serving was measured 2 to 8 times slower than this model has it");
  if (deployment.tensor_parallel > most_gpus_measured)
    sentences.push_back(fmt::format("tensor parallel over {} GPUs, {} were the most measured",
                                    deployment.tensor_parallel, most_gpus_measured));
  return sentences;
}

std::vector<std::string> beyond_a_server(const Deployment& deployment, int gpus_a_server) {
  if (deployment.tensor_parallel <= gpus_a_server) return {};
  return {
      fmt::format("tensor parallel over {} GPUs, and a server has {}: links between servers count as those within "
                  "one, which are several times faster",
                  deployment.tensor_parallel, gpus_a_server)};
}

}  // namespace fleetwatt::models
