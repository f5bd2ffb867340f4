#include "analysis/calibrate/measured_run.hpp"

#include "analysis/calibrate/measurement_table.hpp"
#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/loader/file_text.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr int batch_limit = 128;

double share_at_limit(const std::string& text) {
  const MeasurementTable seconds(text, "timeseries.csv", {"t", "running"});
  double at_limit = 0.0;
  for (std::size_t i = 0; i < seconds.size(); ++i)
    at_limit += seconds.number(i, "running") >= batch_limit - 1 ? 1.0 : 0.0;
  return at_limit / static_cast<double>(seconds.size());
}

}  // namespace

MeasuredRun replay_measured_run(const std::string& folder, const scenarios::Catalog& catalog) {
  const std::string run = folder + "/serving-runs/vllm-0.19-rtxpro6000-llama-3.1-8b/";
  ProfileTask task;
  task.model = scenarios::model_from(catalog, "llama-3.1-8b");
  task.accelerator = scenarios::accelerator_from(catalog, "rtx-pro-6000");
  task.engine = catalog.engine.at(task.accelerator.engine);
  task.engine.id = task.accelerator.engine;
  task.calibrated_on = scenarios::accelerator_from(catalog, task.engine.accelerator);
  task.deployment.batch_limit = batch_limit;
  task.deployment.prefill_tokens_per_iteration = 2048;
  task.log_name = "requests.jsonl";
  task.log = read_serving_log(scenarios::read_file(run + task.log_name), task.log_name, {});
  return {fit_profile(task), share_at_limit(scenarios::read_file(run + "timeseries.csv"))};
}

}  // namespace fleetwatt::analysis
