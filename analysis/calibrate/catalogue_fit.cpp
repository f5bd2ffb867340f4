#include "analysis/calibrate/catalogue_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/calibrate/engine_text.hpp"
#include "analysis/calibrate/ml_energy_rows.hpp"
#include "analysis/calibrate/row_errors.hpp"
#include "scenarios/loader/file_text.hpp"

namespace fleetwatt::analysis {

namespace {

using scenarios::EngineEntry;

constexpr const char* h100 = "h100-sxm";
constexpr const char* b200 = "b200-sxm";
constexpr const char* a100_40 = "a100-40-sxm";
constexpr const char* a100_80 = "a100-80-sxm";

const FitPlan plan_2025{time_unknowns(), power_unknowns()};

EngineEntry entry_of(const std::string& id, const std::string& title, const models::EngineConstants& fitted) {
  EngineEntry entry;
  static_cast<models::EngineConstants&>(entry) = fitted;
  entry.id = id;
  entry.title = title;
  entry.basis = sim::Basis::calibrated;
  entry.figures["memory_fraction"] = {sim::Basis::assumed, "the engine's default"};
  entry.figures["activation_gb"] = {sim::Basis::assumed, "round figure"};
  return entry;
}

double largest_batch(const std::vector<ServingMeasurement>& rows, const std::string& accelerator) {
  double largest = 0.0;
  for (const auto& row : rows) {
    if (row.accelerator == accelerator && row.left_out.empty()) largest = std::max(largest, row.load.sequences);
  }
  return std::round(largest);
}

std::vector<models::SteadyState> predict_all(const std::vector<ServingMeasurement>& rows,
                                             const scenarios::Catalog& catalog, const EnginesByAccelerator& engines) {
  std::vector<models::SteadyState> predictions;
  for (const auto& row : rows) predictions.push_back(predict(row, catalog, engines));
  return predictions;
}

std::string class_key(ModelClass model_class) {
  return model_class == ModelClass::moe ? "moe" : std::string(name_of(model_class));
}

/// Errors of each class in the entry's `figures`.
void note_errors(EngineEntry& entry, const std::vector<ServingMeasurement>& rows,
                 const std::vector<models::SteadyState>& fitted, const std::vector<models::SteadyState>& left_out) {
  for (const auto model_class : {ModelClass::dense, ModelClass::moe, ModelClass::hybrid}) {
    const auto wanted = [&](const ServingMeasurement& row) {
      return row.accelerator == entry.accelerator && row.model_class == model_class;
    };
    const RowErrors in = row_errors(rows, fitted, wanted);
    const RowErrors out = row_errors(rows, left_out, wanted);
    if (in.throughput.rows == 0) continue;
    entry.figures[class_key(model_class)] = {
        sim::Basis::calibrated,
        fmt::format(
            "{} rows; median/90th percentile error in %, fitted -> model left out: gap {} -> {}, throughput {} -> {}, "
            "J a token {} -> {}",
            in.throughput.rows, in_percent(in.inter_token), in_percent(out.inter_token), in_percent(in.throughput),
            in_percent(out.throughput), in_percent(in.energy), in_percent(out.energy))};
  }
}

std::vector<EngineEntry> entries_2025(const Measurements& measurements, const scenarios::Catalog& catalog,
                                      const EnginesByAccelerator& engines) {
  const auto& rows = measurements.benchmark_2025;
  const auto fitted = predict_all(rows, catalog, engines);
  const auto left_out = predict_left_out(rows, catalog, plan_2025, engines_2025(), released_model);
  std::vector<EngineEntry> entries = {entry_of("vllm-2025-h100", "vLLM 0.11 (2025) on H100", engines.at(h100)),
                                      entry_of("vllm-2025-b200", "vLLM 0.11 (2025) on B200", engines.at(b200))};
  for (auto& entry : entries) {
    entry.source = "least-squares fit to rows of ML.ENERGY benchmark v3 (ml-energy/leaderboard@0cd52dab), text tasks";
    entry.largest_batch = largest_batch(rows, entry.accelerator);
    note_errors(entry, rows, fitted, left_out);
  }
  entries.back().figures["hybrid"] = {
      sim::Basis::modelled, "no rows: the host held up every hybrid on B200; launches as on H100, the rest by prior"};
  return entries;
}

/// A newer generation than any benchmark here: a run of vLLM 0.19 showed leaner scheduling and launches, the rest is as
/// in 2025.
EngineEntry entry_2026(const models::EngineConstants& fitted_2025) {
  constexpr double us = 1e-6;
  EngineEntry entry = entry_of("vllm-2026-h100", "vLLM 0.19 (2026), GPU work as of H100", fitted_2025);
  entry.host.sequence = 4 * us;
  entry.dense->time.layer = 60 * us;
  entry.basis = sim::Basis::assumed;
  entry.source =
      "vllm-2025-h100 with 0 to 8 us a sequence and 60 us a dense layer as one run of vLLM 0.19 suggests; not fitted";
  return entry;
}

/// The GPU's own work as the 2025 fit has it; launches and host are for the fit of the older generation. Power scales
/// with the TDP where the part is another.
models::EngineConstants older(const models::EngineConstants& fitted_2025, const std::string& accelerator,
                              double power_factor) {
  models::EngineConstants engine = fitted_2025;
  engine.accelerator = accelerator;
  engine.host = {};
  engine.idles_in_host_time = true;
  engine.hybrid = engine.moe_mxfp4 = engine.moe_latent = engine.moe_chunked = std::nullopt;
  for (auto* family : {&engine.dense, &engine.moe}) {
    for (const auto& term : models::power_terms) (**family).power.*term.member *= power_factor;
  }
  return engine;
}

std::vector<EngineEntry> entries_2024(const Measurements& measurements, const scenarios::Catalog& catalog,
                                      const EnginesByAccelerator& fitted_2025) {
  const auto& rows = measurements.benchmark_2024;
  EnginesByAccelerator engines = {{h100, older(fitted_2025.at(h100), h100, 1.0)},
                                  {a100_40, older(fitted_2025.at(h100), a100_40, 400.0 / 700.0)}};
  engines = fit_engines_2024(rows, catalog, engines);
  std::vector<EngineEntry> entries = {entry_of("vllm-2024-h100", "vLLM 0.5 (2024) on H100", engines.at(h100)),
                                      entry_of("vllm-2024-a100", "vLLM 0.5 (2024) on A100", engines.at(a100_40))};
  for (auto& entry : entries) {
    std::vector<double> time, power;
    for (const auto& row : rows) {
      if (row.accelerator != entry.accelerator) continue;
      const auto predicted = predict(row, catalog, engines);
      time.push_back(predicted.mean_step_s / row.mean_step_s() - 1.0);
      power.push_back(predicted.power_w / row.power_w - 1.0);
    }
    entry.largest_batch = largest_batch(rows, entry.accelerator);
    entry.source = fmt::format(
        "host, launches and power fitted to {} rows of ML.ENERGY benchmark v2 (ml-energy/leaderboard-v2@c3af7f31), the "
        "rest as in "
        "2025; median/90th percentile error in %: batch over throughput {}, power {}",
        time.size(), in_percent(summarise(time)), in_percent(summarise(power)));
  }
  return entries;
}

std::vector<EngineEntry> entries_2023(const Measurements& measurements, const scenarios::Catalog& catalog,
                                      const EnginesByAccelerator& fitted_2025) {
  EnginesByAccelerator engines = {{h100, older(fitted_2025.at(h100), h100, 1.0)},
                                  {a100_80, older(fitted_2025.at(h100), a100_80, 400.0 / 700.0)}};
  for (auto& [accelerator, engine] : engines) engine.moe.reset();
  engines = fit_engines_2023(measurements.phases_2023, catalog, engines);
  std::vector<EngineEntry> entries = {entry_of("vllm-2023-h100", "vLLM of 2023 on H100", engines.at(h100)),
                                      entry_of("vllm-2023-a100", "vLLM of 2023 on A100", engines.at(a100_80))};
  for (auto& entry : entries) {
    std::vector<double> prompt, token;
    for (const auto& row : measurements.phases_2023) {
      if (row.accelerator != entry.accelerator) continue;
      const auto predicted = predict_phases(row, catalog, engines);
      prompt.push_back(predicted.prompt_s / row.prompt_s - 1.0);
      token.push_back(predicted.token_s / row.token_s - 1.0);
      entry.largest_batch = std::max<double>(entry.largest_batch, row.batch);
    }
    entry.source = fmt::format(
        "times fitted to {} configurations of Llama 2 70B (Mutinifni/splitwise-sim@8f99e7dc); median/90th percentile "
        "error in %: "
        "prompt {}, token {}",
        prompt.size(), in_percent(summarise(prompt)), in_percent(summarise(token)));
    entry.figures["dense"] = {sim::Basis::modelled, "power as in 2025 on H100, scaled by the TDP"};
  }
  return entries;
}

}  // namespace

Measurements read_measurements(const std::string& folder) {
  const auto read = [&](const std::string& name) {
    return scenarios::read_file(folder + "/inference-measurements/" + name);
  };
  return {read_ml_energy(read("ml-energy-llm.csv"), "ml-energy-llm.csv"),
          read_ml_energy_2024(read("ml-energy-v2-llm.csv"), "ml-energy-v2-llm.csv"),
          read_phases(read("splitwise-llama2-70b.csv"), "splitwise-llama2-70b.csv")};
}

EnginesByAccelerator engines_2025() {
  EnginesByAccelerator engines;
  for (const char* accelerator : {h100, b200}) engines[accelerator].accelerator = accelerator;
  return engines;
}

std::vector<EngineEntry> fit_catalogue(const Measurements& measurements, const scenarios::Catalog& catalog) {
  const auto fitted = fit_engines(measurements.benchmark_2025, catalog, plan_2025, engines_2025());
  auto entries = entries_2025(measurements, catalog, fitted);
  entries.push_back(entry_2026(fitted.at(h100)));
  std::ranges::move(entries_2024(measurements, catalog, fitted), std::back_inserter(entries));
  std::ranges::move(entries_2023(measurements, catalog, fitted), std::back_inserter(entries));
  return entries;
}

std::string catalogue_text(const std::vector<EngineEntry>& engines) {
  std::string text =
      "# Serving engines: constants of one kind of accelerator and one generation of software, for the form in\n"
      "# models/serving/iteration_work.hpp. Times in microseconds; `_factor` multiplies an ideal time at the data "
      "sheet's peak "
      "rate; `_w`\n# are joules of one GPU an (ideal) second.\n"
      "#\n# Written by `./dev calibrate` from measurements: do not edit, fit again. Errors of the fits stand in "
      "`figures`.\n";
  for (const auto& engine : engines) text += "\n" + engine_text(engine, "");
  return text;
}

}  // namespace fleetwatt::analysis
