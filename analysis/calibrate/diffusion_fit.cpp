#include "analysis/calibrate/diffusion_fit.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "analysis/calibrate/log_fit.hpp"
#include "models/diffusion/batch_cost.hpp"
#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/loader/diffusion_plan.hpp"

namespace fleetwatt::analysis {

namespace {

using models::DiffusionConstants;
using models::DiffusionEngine;
using models::DiffusionHostTerms;
using models::Media;

constexpr const char* h100 = "h100-sxm";
constexpr const char* b200 = "b200-sxm";
constexpr const char* a100 = "a100-40-sxm";

struct HostPrior {
  double DiffusionHostTerms::*term;
  Guess guess;
};

/// Of H100, and B200's over it; without a ratio both parts have the same.
struct ConstantPrior {
  double DiffusionConstants::*term;
  Guess on_h100;
  std::optional<Guess> b200_ratio = {};
};

struct Priors {
  std::vector<HostPrior> host;
  std::vector<ConstantPrior> time;
  std::vector<ConstantPrior> energy;  ///< decode_w: joules a megapixel, the same on both parts
};

/// What is known without these rows: seconds, factors, watts. Kernels reach a half of peak rates, less on the newer
/// part; joules of operations and bytes as language models have them.
const Priors& priors_of(Media media) {
  using K = DiffusionConstants;
  using H = DiffusionHostTerms;
  static const Priors image = {.host = {{&H::start, {0.1, 0.7}},
                                        {&H::block, {1.2e-3, 0.5}},
                                        {&H::parallel_block, {1.0e-3, 0.7}},
                                        {&H::ring_block, {0.15e-3, 0.7}}},
                               .time = {{&K::linear, {1.8, 0.25}, Guess{1.2, 0.2}},
                                        {&K::attention, {2.5, 0.3}, Guess{1.5, 0.3}},
                                        {&K::memory, {1.8, 0.3}, Guess{1.3, 0.25}},
                                        {&K::ulysses, {2.0, 0.7}},
                                        {&K::ring, {2.5, 0.7}},
                                        {&K::megapixel_s, {0.12, 0.5}, Guess{0.7, 0.3}}},
                               .energy = {{&K::resident_w, {200, 0.3}, Guess{1.4, 0.1}},
                                          {&K::arithmetic_w, {700, 0.4}, Guess{1.4, 0.3}},
                                          {&K::memory_w, {500, 0.4}, Guess{1.6, 0.3}},
                                          {&K::network_w, {500, 0.7}, Guess{1.6, 0.3}},
                                          {&K::decode_w, {40, 0.7}}}};
  static const Priors video = {.host = {},
                               .time = {{&K::linear, {2.5, 0.3}, Guess{1.4, 0.2}},
                                        {&K::attention, {2.5, 0.3}, Guess{1.6, 0.3}},
                                        {&K::ulysses, {2.0, 0.7}},
                                        {&K::ring, {2.5, 0.7}},
                                        {&K::megapixel_s, {0.3, 0.5}, Guess{0.7, 0.2}}},
                               .energy = {{&K::resident_w, {170, 0.15}, Guess{1.4, 0.1}},
                                          {&K::arithmetic_w, {1200, 0.4}, Guess{2.0, 0.2}},
                                          {&K::network_w, {1000, 0.5}, Guess{1.8, 0.3}},
                                          {&K::decode_w, {40, 0.7}}}};
  return media == Media::image ? image : video;
}

/// Of the 2024 engines: start in seconds, and factors on what 2025 has.
constexpr Guess start_2024{0.15, 0.7};
constexpr Guess h100_work{1.05, 0.3};
constexpr Guess a100_work{0.9, 0.3};
constexpr Guess h100_joules{1.1, 0.3};
constexpr Guess a100_joules{0.6, 0.4};
// Batches of one model do not tell these of A100 from the rest, so they are set: about what its TDP and its memory's
// rate make of H100's.
constexpr double a100_resident_fraction = 0.6;
constexpr double a100_megapixel_s = 0.28;

/// A row with its catalogue entries looked up, once a fit.
struct Case {
  const DiffusionMeasurement* measured;
  models::DiffusionModel model;
  models::Accelerator accelerator;
};

std::vector<Case> cases_of(const DiffusionRows& rows, const scenarios::Catalog& catalog) {
  std::vector<Case> cases;
  for (const auto& row : rows)
    cases.push_back({&row, scenarios::diffusion_model_from(catalog, row.model),
                     scenarios::accelerator_from(catalog, row.accelerator)});
  return cases;
}

BatchPrediction predict(const Case& row, const DiffusionEngines& engines) {
  const auto cost = models::batch_cost(row.model, row.accelerator, engines.at(row.accelerator.id), row.measured->layout,
                                       row.measured->size, row.measured->batch);
  return {cost.time_s, cost.energy_j};
}

/// A model measured more often on a part counts for more, but for less than its rows; twenty rows count for twenty.
Eigen::VectorXd weights_of(const DiffusionRows& rows) {
  constexpr double usual_rows = 20.0;
  constexpr double share = 0.7;
  std::map<std::pair<std::string, std::string>, double> counts;
  for (const auto& row : rows) counts[{row.model, row.accelerator}] += 1.0;
  Eigen::VectorXd weights(static_cast<Eigen::Index>(rows.size()));
  for (Eigen::Index i = 0; i < weights.size(); ++i) {
    const auto& row = rows[static_cast<std::size_t>(i)];
    weights[i] = std::pow(usual_rows / counts.at({row.model, row.accelerator}), share);
  }
  return weights;
}

using EnginesFrom = std::function<DiffusionEngines(const std::vector<double>& constants)>;
using LogError = double (*)(const Case& row, const DiffusionEngines& engines);

double log_time_error(const Case& row, const DiffusionEngines& engines) {
  return std::log(predict(row, engines).time_s / row.measured->latency_s);
}

double log_energy_error(const Case& row, const DiffusionEngines& engines) {
  return std::log(predict(row, engines).energy_j / row.measured->energy_j());
}

std::vector<double> fitted(const std::vector<Case>& cases, const Eigen::VectorXd& weights,
                           const std::vector<Guess>& guesses, const EnginesFrom& engines_from, LogError log_error) {
  const LogErrors log_errors = [&](const std::vector<double>& constants) {
    const DiffusionEngines engines = engines_from(constants);
    Eigen::VectorXd errors(static_cast<Eigen::Index>(cases.size()));
    for (Eigen::Index i = 0; i < errors.size(); ++i) errors[i] = log_error(cases[static_cast<std::size_t>(i)], engines);
    return errors;
  };
  return most_likely(guesses, weights, log_errors);
}

std::vector<Guess> guesses_of(const std::vector<HostPrior>& host, const std::vector<ConstantPrior>& constants) {
  std::vector<Guess> guesses;
  for (const auto& prior : host) guesses.push_back(prior.guess);
  for (const auto& prior : constants) {
    guesses.push_back(prior.on_h100);
    if (prior.b200_ratio) guesses.push_back(*prior.b200_ratio);
  }
  return guesses;
}

std::optional<DiffusionConstants>& constants_of(DiffusionEngine& engine, Media media) {
  return media == Media::image ? engine.image : engine.video;
}

/// `values` in the order of `guesses_of`.
DiffusionEngines engines_with(DiffusionEngines engines, Media media, const std::vector<HostPrior>& host,
                              const std::vector<ConstantPrior>& constants, const std::vector<double>& values) {
  auto next = values.begin();
  for (const auto& prior : host) {
    const double value = *next++;
    for (auto& [accelerator, engine] : engines) engine.host.*prior.term = value;
  }
  for (const auto& prior : constants) {
    const double value = *next++;
    const double ratio = prior.b200_ratio ? *next++ : 1.0;
    (*constants_of(engines.at(h100), media)).*prior.term = value;
    (*constants_of(engines.at(b200), media)).*prior.term = value * ratio;
  }
  return engines;
}

/// From joules a megapixel to joules a second of decoding.
void spread_decoding(DiffusionEngines& engines, Media media) {
  for (auto& [accelerator, engine] : engines) {
    auto& constants = *constants_of(engine, media);
    constants.decode_w /= constants.megapixel_s;
  }
}

DiffusionEngines fit_media(const DiffusionRows& rows, const scenarios::Catalog& catalog, Media media,
                           DiffusionEngines engines) {
  const Priors& priors = priors_of(media);
  const auto cases = cases_of(rows, catalog);
  const auto weights = weights_of(rows);
  const auto with_times = [&](const std::vector<double>& values) {
    return engines_with(engines, media, priors.host, priors.time, values);
  };
  const auto with_energies = [&](const std::vector<double>& values) {
    auto with_energy = engines_with(engines, media, {}, priors.energy, values);
    spread_decoding(with_energy, media);
    return with_energy;
  };
  for (auto& [accelerator, engine] : engines) constants_of(engine, media).emplace();
  engines = with_times(fitted(cases, weights, guesses_of(priors.host, priors.time), with_times, log_time_error));
  return with_energies(fitted(cases, weights, guesses_of({}, priors.energy), with_energies, log_energy_error));
}

DiffusionEngine engine_on(const std::string& accelerator) {
  DiffusionEngine engine;
  engine.accelerator = accelerator;
  engine.basis = sim::Basis::calibrated;
  return engine;
}

/// One GPU, images: what 2024 takes from 2025.
DiffusionEngine older(const DiffusionEngine& fitted_2025, const std::string& accelerator) {
  DiffusionEngine engine = engine_on(accelerator);
  engine.host.block = fitted_2025.host.block;
  engine.image = fitted_2025.image;
  engine.image->ulysses = engine.image->ring = engine.image->network_w = 0.0;
  return engine;
}

DiffusionEngine older_on_a100(const DiffusionEngine& fitted_2025) {
  DiffusionEngine engine = older(fitted_2025, a100);
  DiffusionConstants& image = *engine.image;
  const double megapixel_j = image.decode_w * image.megapixel_s;
  image.resident_w *= a100_resident_fraction;
  image.megapixel_s = a100_megapixel_s;
  image.decode_w = megapixel_j / a100_megapixel_s;
  return engine;
}

/// What the engine would take if nothing reached the TDP.
DiffusionEngines without_watts(DiffusionEngines engines) {
  for (auto& [accelerator, engine] : engines) {
    for (const auto& term : models::diffusion_power_terms) (*engine.image).*term.member = 0.0;
  }
  return engines;
}

void scale(DiffusionEngine& engine, const std::vector<double DiffusionConstants::*>& terms, double factor) {
  for (const auto term : terms) (*engine.image).*term *= factor;
}

/// The start, and factors of H100 and A100.
DiffusionEngines with_times(DiffusionEngines engines, const std::vector<double>& values) {
  static const std::vector work = {&DiffusionConstants::linear, &DiffusionConstants::attention,
                                   &DiffusionConstants::memory};
  for (auto& [accelerator, engine] : engines) engine.host.start = values[0];
  scale(engines.at(h100), work, values[1]);
  scale(engines.at(a100), work, values[2]);
  return engines;
}

/// Factors of H100 and A100.
DiffusionEngines with_joules(DiffusionEngines engines, const std::vector<double>& values) {
  static const std::vector joules = {&DiffusionConstants::arithmetic_w, &DiffusionConstants::memory_w};
  scale(engines.at(h100), joules, values[0]);
  scale(engines.at(a100), joules, values[1]);
  return engines;
}

}  // namespace

DiffusionEngines fit_images(const DiffusionRows& rows, const scenarios::Catalog& catalog) {
  return fit_media(rows, catalog, Media::image, {{h100, engine_on(h100)}, {b200, engine_on(b200)}});
}

DiffusionEngines fit_videos(const DiffusionRows& rows, const scenarios::Catalog& catalog, DiffusionEngines with_host) {
  return fit_media(rows, catalog, Media::video, std::move(with_host));
}

DiffusionEngines fit_2024(const DiffusionRows& rows, const scenarios::Catalog& catalog,
                          const DiffusionEngine& fitted_2025) {
  const auto cases = cases_of(rows, catalog);
  const Eigen::VectorXd weights = Eigen::VectorXd::Ones(static_cast<Eigen::Index>(rows.size()));
  DiffusionEngines engines = {{h100, older(fitted_2025, h100)}, {a100, older_on_a100(fitted_2025)}};
  const auto unlimited = without_watts(engines);
  engines = with_times(engines, fitted(
                                    cases, weights, {start_2024, h100_work, a100_work},
                                    [&](const auto& values) { return with_times(unlimited, values); }, log_time_error));
  return with_joules(engines, fitted(
                                  cases, weights, {h100_joules, a100_joules},
                                  [&](const auto& values) { return with_joules(engines, values); }, log_energy_error));
}

BatchPrediction predict(const DiffusionMeasurement& row, const scenarios::Catalog& catalog,
                        const DiffusionEngines& engines) {
  return predict_all({row}, catalog, engines).front();
}

std::vector<BatchPrediction> predict_all(const DiffusionRows& rows, const scenarios::Catalog& catalog,
                                         const DiffusionEngines& engines) {
  std::vector<BatchPrediction> predictions;
  for (const auto& row : cases_of(rows, catalog)) predictions.push_back(predict(row, engines));
  return predictions;
}

std::vector<BatchPrediction> predict_left_out(const DiffusionRows& rows, const scenarios::Catalog& catalog,
                                              const DiffusionFit& fit) {
  std::set<std::string> models;
  for (const auto& row : rows) models.insert(row.model);
  std::vector<BatchPrediction> predictions(rows.size());
  for (const auto& model : models) {
    DiffusionRows others;
    std::ranges::copy_if(rows, std::back_inserter(others), [&](const auto& row) { return row.model != model; });
    const DiffusionEngines engines = fit(others);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].model == model) predictions[i] = predict(rows[i], catalog, engines);
    }
  }
  return predictions;
}

DiffusionErrors diffusion_errors(const DiffusionRows& rows, const std::vector<BatchPrediction>& predictions,
                                 const std::string& accelerator) {
  std::vector<double> latency, power, energy;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].accelerator != accelerator) continue;
    latency.push_back(predictions[i].time_s / rows[i].latency_s - 1.0);
    power.push_back(predictions[i].power_w() / rows[i].power_w - 1.0);
    energy.push_back(predictions[i].energy_j / rows[i].energy_j() - 1.0);
  }
  return {summarise(latency), summarise(power), summarise(energy)};
}

}  // namespace fleetwatt::analysis
