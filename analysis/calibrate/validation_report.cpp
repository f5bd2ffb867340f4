#include "analysis/calibrate/validation_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/calibrate/diffusion_report.hpp"
#include "analysis/calibrate/measured_run.hpp"
#include "models/hardware/server.hpp"
#include "scenarios/loader/catalog_lookup.hpp"

namespace fleetwatt::analysis {

namespace {

/// Median and 90th percentile that a class should reach with its model left out, in per cent; 0 = none was set.
struct Target {
  RowClass rows;
  double inter_token[2], throughput[2], energy[2];
};
const std::vector<Target> targets = {{{"h100-sxm", ModelClass::dense}, {5, 12}, {5, 11}, {6, 12}},
                                     {{"h100-sxm", ModelClass::moe}, {7, 14}, {4.5, 12}, {11, 28}},
                                     {{"b200-sxm", ModelClass::dense}, {4, 18}, {4, 20}, {6, 20}},
                                     {{"b200-sxm", ModelClass::moe}, {9, 22}, {8, 24}, {7, 20}}};

std::string target_text(const RowClass& rows, const double (Target::*member)[2]) {
  const auto found = std::ranges::find_if(targets, [&](const Target& target) {
    return target.rows.accelerator == rows.accelerator && target.rows.model_class == rows.model_class;
  });
  if (found == targets.end()) return "-";
  const double(&pair)[2] = (*found).*member;
  return fmt::format("{:g}/{:g}", pair[0], pair[1]);
}

std::string short_name(const std::string& accelerator) {
  if (accelerator.starts_with("h100")) return "H100";
  if (accelerator.starts_with("b200")) return "B200";
  return "A100";
}

std::string class_name(const RowClass& rows) {
  return fmt::format("{} {}", short_name(rows.accelerator), name_of(rows.model_class));
}

std::string benchmark_table(const std::vector<ServingMeasurement>& rows, const BenchmarkPredictions& predictions) {
  std::string text =
      "| rows | n | median gap | target | throughput | target | J a token | target | power "
      "|\n|---|---|---|---|---|---|---|---|---|\n";
  for (const auto& wanted : reported_classes) {
    const auto in_class = [&](const ServingMeasurement& row) { return belongs(row, wanted); };
    const RowErrors in = row_errors(rows, predictions.fitted, in_class);
    const RowErrors out = row_errors(rows, predictions.model_out, in_class);
    const auto both = [](const ErrorSummary& a, const ErrorSummary& b) {
      return fmt::format("{} -> **{}**", in_percent(a), in_percent(b));
    };
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", class_name(wanted), in.throughput.rows,
                        both(in.inter_token, out.inter_token), target_text(wanted, &Target::inter_token),
                        both(in.throughput, out.throughput), target_text(wanted, &Target::throughput),
                        both(in.energy, out.energy), target_text(wanted, &Target::energy), both(in.power, out.power));
  }
  return text;
}

std::string harder_table(const std::vector<ServingMeasurement>& rows, const BenchmarkPredictions& predictions) {
  std::string text =
      "| rows | whole backbone left out: gap | throughput | J a token | batch cap for its mean: gap | throughput | "
      "J a token |\n|---|---|---|---|---|---|---|\n";
  for (const auto& wanted : reported_classes) {
    const auto in_class = [&](const ServingMeasurement& row) { return belongs(row, wanted); };
    const RowErrors backbone = row_errors(rows, predictions.backbone_out, in_class);
    const RowErrors cap = row_errors(rows, predictions.at_the_cap, in_class);
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", class_name(wanted), in_percent(backbone.inter_token),
                        in_percent(backbone.throughput), in_percent(backbone.energy), in_percent(cap.inter_token),
                        in_percent(cap.throughput), in_percent(cap.energy));
  }
  return text;
}

/// Where the errors are: each model and task, signed medians.
std::string model_table(const std::vector<ServingMeasurement>& rows, const BenchmarkPredictions& predictions) {
  struct Errors {
    std::vector<double> throughput, energy;
  };
  std::map<std::string, Errors> models;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].left_out.empty()) continue;
    auto& errors = models[fmt::format("{} | {} x {} | {}", rows[i].released_name, models::gpus(rows[i].deployment),
                                      short_name(rows[i].accelerator), rows[i].task)];
    errors.throughput.push_back(predictions.model_out[i].tokens_per_s / rows[i].tokens_per_s - 1.0);
    errors.energy.push_back(predictions.model_out[i].energy_j_per_token / rows[i].energy_j_per_token() - 1.0);
  }
  const auto signed_median = [](std::vector<double> values) {
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    return 100.0 * (values.size() % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]));
  };
  std::string text = "| model | GPUs | task | rows | throughput % | J a token % |\n|---|---|---|---|---|---|\n";
  for (const auto& [name, errors] : models)
    text += fmt::format("| {} | {} | {:+.0f} | {:+.0f} |\n", name, errors.throughput.size(),
                        signed_median(errors.throughput), signed_median(errors.energy));
  return text;
}

std::string left_out_table(const std::vector<ServingMeasurement>& rows, const BenchmarkPredictions& predictions) {
  std::string text = "| why | rows | throughput, median/90th percentile % |\n|---|---|---|\n";
  for (const std::string why : {"starved", "data parallel"}) {
    std::vector<double> errors;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].left_out == why) errors.push_back(predictions.fitted[i].tokens_per_s / rows[i].tokens_per_s - 1.0);
    }
    text += fmt::format("| {} | {} | {} |\n", why, errors.size(), in_percent(summarise(errors)));
  }
  return text;
}

std::string older_tables(const Measurements& measurements, const scenarios::Catalog& catalog) {
  std::string text =
      "| 2024: Llama 3.1 8B and 405B, CodeLlama 70B, Mixtral 8x7B | rows | batch over throughput | power | target "
      "|\n|---|---|---|---|---|\n";
  for (const std::string accelerator : {"h100-sxm", "a100-40-sxm"}) {
    const auto errors = errors_2024(measurements.benchmark_2024, catalog, accelerator);
    text += fmt::format("| {} | {} | {} | {} | medians 10, 12 |\n", short_name(accelerator), errors.time.rows,
                        in_percent(errors.time), in_percent(errors.power));
  }
  text += "\n| 2023: Llama 2 70B | configurations | time a token | prompt time | target |\n|---|---|---|---|---|\n";
  for (const std::string accelerator : {"h100-sxm", "a100-80-sxm"}) {
    const auto errors = errors_2023(measurements.phases_2023, catalog, accelerator);
    text += fmt::format("| {} | {} | {} | {} | medians 8, 15 |\n", short_name(accelerator), errors.token.rows,
                        in_percent(errors.token), in_percent(errors.prompt));
  }
  return text;
}

struct LightLoad {
  const char* model;
  models::WeightPrecision precision;
  int gpus;
  double batch;
  double output_tokens;
  double measured_w;            ///< all GPUs; 0 = not measured
  double measured_j_per_token;  ///< likewise
};

/// H100, lm-arena-chat of the benchmark of 2025.
const std::vector<LightLoad> light_loads = {{"llama-3.1-8b", models::WeightPrecision::bf16, 1, 1, 389, 0, 0},
                                            {"llama-3.1-8b", models::WeightPrecision::bf16, 1, 8, 389, 486, 0.4548},
                                            {"llama-3.1-70b", models::WeightPrecision::bf16, 4, 1, 409, 0, 0},
                                            {"llama-3.1-70b", models::WeightPrecision::bf16, 4, 8, 409, 1787, 3.847},
                                            {"llama-3.1-405b", models::WeightPrecision::fp8, 8, 1, 366, 0, 0},
                                            {"llama-3.1-405b", models::WeightPrecision::fp8, 8, 8, 366, 3260, 13.975}};

std::string light_load_table(const scenarios::Catalog& catalog) {
  const auto engines = catalogue_engines(catalog, "2025");
  std::string text =
      "| H100, few sequences | batch | W a GPU | measured | J a token | measured |\n|---|---|---|---|---|---|\n";
  for (const auto& row : light_loads) {
    const models::IterationModel model(scenarios::model_from(catalog, row.model),
                                       scenarios::accelerator_from(catalog, "h100-sxm"), engines.at("h100-sxm"),
                                       {.precision = row.precision, .tensor_parallel = row.gpus, .batch_limit = 1});
    const auto state = models::steady_state(model, {row.batch, 200, row.output_tokens, 0.7});
    const auto measured = [](double value, int digits) {
      return value > 0 ? fmt::format("{:.{}f}", value, digits) : "-";
    };
    text += fmt::format("| {} x {} | {:g} | {:.0f} | {} | {:.3f} | {} |\n", catalog.model.at(row.model).title, row.gpus,
                        row.batch, state.power_w / row.gpus, measured(row.measured_w / row.gpus, 0),
                        state.energy_j_per_token, measured(row.measured_j_per_token, 3));
  }
  return text +
         fmt::format("| nothing resident | 0 | {:.0f} | 60 to 80 | | |\n", catalog.accelerator.at("h100-sxm").idle_w);
}

std::string server_table(const scenarios::Catalog& catalog) {
  const auto server = scenarios::server_from(catalog, "dgx-h100");
  const auto accelerator = scenarios::accelerator_from(catalog, server.accelerator);
  const auto whole_kw = [&](double gpu_w) {
    return 1e-3 * (8 * gpu_w + models::host_energy_j(server, accelerator, 8 * gpu_w, 1.0));
  };
  std::string text = "| eight-GPU server | GPU W | modelled kW | published |\n|---|---|---|---|\n";
  text += fmt::format("| idle | 70 | {:.2f} | 2.0 to 2.6 kW |\n", whole_kw(70));
  text += fmt::format("| at work, mean | 630 | {:.2f} | 7.75 kW = 0.76 of the rating (Newkirk et al. 2025) |\n",
                      whole_kw(630));
  text += fmt::format("| full load, peak | 700 | {:.2f} | 8.4 kW (Latif et al. 2025) |\n", whole_kw(700));
  // NVIDIA H200 x 8, tuned for efficiency: the mean at the wall. GPU power was not published; the host's formula says
  // what it was.
  const double measured_w = 5639.5;
  const double gpu_w =
      (measured_w - server.host_idle_w + server.host_slope * 8 * accelerator.idle_w) / (8 * (1.0 + server.host_slope));
  text += fmt::format(
      "| Llama 2 70B offline, power capped | implies {:.0f} | - | 5.64 kW at the wall (MLPerf inference 4.1) |\n",
      gpu_w);
  return text;
}

std::string measured_run_table(const MeasuredRun& run) {
  const auto& measured = run.fit.measured.mean;
  const auto row = [&](const char* what, const ProfileReplay& replayed) {
    const auto& mean = replayed.errors.mean;
    return fmt::format("| {} | {:+.1f} | {:+.1f} | {:+.1f} | {:.1f} |\n", what, 100 * mean.time_to_first_token_s,
                       100 * mean.time_per_output_token_s, 100 * mean.latency_s,
                       100 * replayed.replay.at_batch_limit_fraction);
  };
  return "| | mean TTFT % | mean TPOT % | mean latency % | time at the batch limit % |\n|---|---|---|---|---|\n" +
         fmt::format("| measured | {:.2f} s | {:.1f} ms | {:.1f} s | {:.1f} |\n", measured.time_to_first_token_s,
                     1e3 * measured.time_per_output_token_s, measured.latency_s,
                     100 * run.fit.measured.full_batch_fraction) +
         row("catalogue alone (asked: within 20)", run.fit.before) +
         row("two constants fitted to the run (asked: within 5)", run.fit.after) +
         "\nThe engine of that generation is an assumption (vllm-2026-h100): fewer microseconds a sequence and a layer "
         "than in 2025. "
         "A queue\nmultiplies an error of the rate.\n";
}

}  // namespace

bool belongs(const ServingMeasurement& row, const RowClass& wanted) {
  return row.accelerator == wanted.accelerator && row.model_class == wanted.model_class;
}

EnginesByAccelerator catalogue_engines(const scenarios::Catalog& catalog, const std::string& generation) {
  EnginesByAccelerator engines;
  for (const auto& [id, entry] : catalog.engine) {
    if (id.starts_with("vllm-" + generation)) engines[entry.accelerator] = scenarios::engine_from(catalog, id);
  }
  return engines;
}

BenchmarkPredictions predict_benchmark(const std::vector<ServingMeasurement>& rows, const scenarios::Catalog& catalog) {
  const FitPlan plan{time_unknowns(), power_unknowns()};
  const auto engines = catalogue_engines(catalog, "2025");
  BenchmarkPredictions predictions;
  for (auto row : rows) {
    predictions.fitted.push_back(predict(row, catalog, engines));
    row.load.sequences = row.batch_cap;
    predictions.at_the_cap.push_back(predict(row, catalog, engines));
  }
  predictions.model_out = predict_left_out(rows, catalog, plan, engines_2025(), released_model);
  predictions.backbone_out =
      predict_left_out(rows, catalog, plan, engines_2025(), [](const ServingMeasurement& row) { return row.model; });
  return predictions;
}

OlderErrors errors_2024(const std::vector<ServingMeasurement>& rows, const scenarios::Catalog& catalog,
                        const std::string& accelerator) {
  const auto engines = catalogue_engines(catalog, "2024");
  std::vector<double> time, power;
  for (const auto& row : rows) {
    if (row.accelerator != accelerator) continue;
    const auto predicted = predict(row, catalog, engines);
    time.push_back(predicted.mean_step_s / row.mean_step_s() - 1.0);
    power.push_back(predicted.power_w / row.power_w - 1.0);
  }
  return {summarise(time), summarise(power)};
}

PhaseErrors errors_2023(const std::vector<PhaseMeasurement>& rows, const scenarios::Catalog& catalog,
                        const std::string& accelerator) {
  const auto engines = catalogue_engines(catalog, "2023");
  std::vector<double> prompt, token;
  for (const auto& row : rows) {
    if (row.accelerator != accelerator) continue;
    const auto predicted = predict_phases(row, catalog, engines);
    prompt.push_back(predicted.prompt_s / row.prompt_s - 1.0);
    token.push_back(predicted.token_s / row.token_s - 1.0);
  }
  return {summarise(prompt), summarise(token)};
}

std::string validation_page(const Measurements& measurements, const scenarios::Catalog& catalog,
                            const std::string& folder) {
  const auto& rows = measurements.benchmark_2025;
  const auto predictions = predict_benchmark(rows, catalog);
  std::string page = "# Predicted against measured\n\nLanguage models first, then images and videos, then servers.\n\n";
  page +=
      "Written by `./dev validate`. Errors are the median / 90th percentile of |predicted / measured - 1| in per cent. "
      "What is "
      "predicted\nfollows from a model's architecture, the accelerator's data sheet, the layout on GPUs, the mean "
      "batch in flight, "
      "the mean output\nlength and one prompt length a task; constants belong to an accelerator and an engine's "
      "generation, at "
      "most to a kernel family, none\nto a model. `fitted -> left out`: the constants of the catalogue, and a fit that "
      "saw no row of "
      "the model. The form and the priors of\nthe fit were chosen with all rows in view, so the second number is a "
      "little kind; the "
      "same configuration measured twice differs by 3 to\n6 % in time and 15 % in power.\n\n";
  page += "## The benchmark of 2025 (ML.ENERGY v3, vLLM 0.11)\n\n" + benchmark_table(rows, predictions) + "\n";
  page += "![predicted against measured](predicted-measured.svg)\n\n![errors by batch](errors-by-batch.svg)\n\n";
  page +=
      "Harder questions: a whole backbone unseen, siblings included; and the batch's cap put in for the mean in "
      "flight.\n\n" +
      harder_table(rows, predictions) + "\n";
  page += "Model by model, each left out of the fit; the signed median over its batches.\n\n" +
          model_table(rows, predictions) + "\n";
  page +=
      "Rows that are left out, by a rule that was written down before fitting (analysis/calibrate/ml_energy_rows.hpp), "
      "and what the "
      "catalogue\nsays of them: on one B200 the host held the GPU up in most runs, and data-parallel ranks wait for "
      "each other's "
      "prompts. The model has\nneither, and such a service is flagged.\n\n" +
      left_out_table(rows, predictions) + "\n";
  page += "## Earlier engines\n\n" + older_tables(measurements, catalog) + "\n";
  page += "## A measured run, replayed request by request (vLLM 0.19, Llama 3.1 8B on an RTX PRO 6000)\n\n" +
          measured_run_table(replay_measured_run(folder, catalog)) + "\n";
  page += diffusion_section(read_diffusion_measurements(folder), catalog) + "\n";
  page += "## Light load and idle\n\n" + light_load_table(catalog) + "\n";
  page += "## The rest of the server\n\n" + server_table(catalog) + "\n";
  page +=
      "Metrics as the serving community has them: time per output token (TPOT) = (last - first token) / (tokens - 1), "
      "undefined for "
      "one\ntoken; gaps (ITL) over all gaps; requests that fail or are rejected count apart and in no latency.\n";
  return page;
}

std::string validation_rows(const Measurements& measurements, const scenarios::Catalog& catalog) {
  const auto& rows = measurements.benchmark_2025;
  const auto predictions = predict_benchmark(rows, catalog);
  std::string text =
      "class,model,task,gpus,batch,left_out,quantity,unit,measured,predicted,error_percent,model_left_out_error_"
      "percent\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    const auto add = [&](const char* quantity, const char* unit, double measured, double fitted, double out) {
      text += fmt::format("{},{},{},{},{:g},{},{},{},{:.6g},{:.6g},{:.2f},{:.2f}\n",
                          class_name({row.accelerator, row.model_class}), row.released_name, row.task,
                          models::gpus(row.deployment), row.load.sequences, row.left_out, quantity, unit, measured,
                          fitted, 100 * (fitted / measured - 1), 100 * (out / measured - 1));
    };
    const auto& in = predictions.fitted[i];
    const auto& out = predictions.model_out[i];
    if (row.median_is_decode)
      add("median gap", "ms", 1e3 * row.inter_token_s, 1e3 * in.inter_token_s, 1e3 * out.inter_token_s);
    add("throughput", "tokens/s", row.tokens_per_s, in.tokens_per_s, out.tokens_per_s);
    add("power", "W", row.power_w, in.power_w, out.power_w);
    add("energy a token", "J", row.energy_j_per_token(), in.energy_j_per_token, out.energy_j_per_token);
  }
  return text;
}

}  // namespace fleetwatt::analysis
