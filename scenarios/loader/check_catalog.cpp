#include "scenarios/loader/check_catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/schema/field.hpp"

namespace fleetwatt::scenarios {

namespace {

/// A figure as its key says it.
struct Figure {
  const char* key;
  double value;
};

/// One entry's faults, each at the key that is too large.
class EntryChecker {
 public:
  EntryChecker(LoadedScenario& loaded, std::string kind, std::string name)
      : loaded_(loaded), kind_(std::move(kind)), name_(std::move(name)) {}

  void error(const char* key, std::string message, std::string mend) {
    const std::string path = join_path(join_path("catalog." + kind_, name_), key);
    loaded_.diagnostics.error(loaded_.origin_of(path), fmt::format("{} `{}`: {}", kind_, name_, std::move(message)),
                              std::move(mend));
  }

  /// Where both are there.
  void at_most(const Figure& small, const Figure& large, const char* why) {
    if (small.value <= 0.0 || large.value <= 0.0 || small.value <= large.value) return;
    error(small.key,
          fmt::format("{} = {:.6g} is more than {} = {:.6g}: {}", small.key, small.value, large.key, large.value, why),
          fmt::format("{} = {:.6g} or less, or a larger {}", small.key, large.value, large.key));
  }

 private:
  LoadedScenario& loaded_;
  std::string kind_;
  std::string name_;
};

constexpr double billion = 1e9;

void check_accelerator(EntryChecker& entry, const AcceleratorEntry& e) {
  entry.at_most({"idle_w", e.idle_w}, {"tdp_w", e.tdp_w}, "nothing draws more idle than at its limit");
  const double training_w = models::training_power_w(e);
  if (e.tdp_w > 0.0 && e.idle_w <= e.tdp_w && training_w < e.idle_w)
    entry.error(
        "training_power_fraction",
        fmt::format("training_power_fraction = {:.4g} of tdp_w = {:.6g} is {:.6g} W, less than idle_w = {:.6g}: "
                    "work does not draw less than idling",
                    e.training_power_fraction, e.tdp_w, training_w, e.idle_w),
        fmt::format("training_power_fraction = {:.4g} or more, or a smaller idle_w", e.idle_w / e.tdp_w));
}

double full_load_w(const models::Server& server, const models::Accelerator& accelerator) {
  const double gpus_w = server.gpus * accelerator.tdp_w;
  return gpus_w + models::host_energy_j(server, accelerator, gpus_w, 1.0);
}

void check_server(EntryChecker& entry, const ServerEntry& e, const Catalog& catalog) {
  const auto accelerator = catalog.accelerator.find(e.accelerator);
  if (accelerator == catalog.accelerator.end() || e.rated_w <= 0.0) return;
  const double full_w = full_load_w(e, accelerator->second);
  if (full_w <= most_over_capacity * e.rated_w) return;
  entry.error(
      "rated_kw",
      fmt::format("rated_kw = {:.6g}, and with {} accelerators at tdp_w = {:.6g} it draws {:.6g} kW, more than "
                  "{:g} times that",
                  e.rated_w * 1e-3, e.gpus, accelerator->second.tdp_w, full_w * 1e-3, most_over_capacity),
      fmt::format("rated_kw = {:.4g} or more, or smaller gpus, tdp_w, host_idle_kw or host_slope", full_w * 1e-3));
}

void check_layers(EntryChecker& entry, const ModelEntry& e) {
  const int kinds = e.full_attention_layers.value_or(0) + e.window_layers + e.state_layers;
  if (e.layers > 0 && kinds > e.layers)
    entry.error("layers",
                fmt::format("full_attention_layers, window_layers and state_layers are {} together, and layers = {}",
                            kinds, e.layers),
                "as many layers, or fewer of those kinds");
  entry.at_most({"moe_layers", 1.0 * e.moe_layers}, {"layers", 1.0 * e.layers}, "each is one of the layers");
}

/// Released models have 1 to 3 values over all heads for one of the residual stream.
void check_heads(EntryChecker& entry, const ModelEntry& e) {
  constexpr double most_times = 8.0;
  entry.at_most({"kv_heads", 1.0 * e.kv_heads}, {"heads", 1.0 * e.heads},
                "a key-value head serves one head or several");
  const double values = 1.0 * e.heads * e.head_dim;
  if (values <= 0.0 || e.hidden <= 0 || (values <= most_times * e.hidden && values * most_times >= e.hidden)) return;
  entry.error("head_dim",
              fmt::format("heads = {} of head_dim = {} make {:.6g} values, and hidden = {}: more than {:g} times apart",
                          e.heads, e.head_dim, values, e.hidden, most_times),
              "heads and head_dim whose product is near hidden");
}

/// A mixture has all of its figures, any other model none.
void check_mixture(EntryChecker& entry, const ModelEntry& e) {
  const std::array figures = {Figure{"experts", 1.0 * e.experts}, Figure{"experts_a_token", 1.0 * e.experts_a_token},
                              Figure{"moe_layers", 1.0 * e.moe_layers},
                              Figure{"expert_parameters_million", e.expert_parameters * 1e-6}};
  const auto is_there = [](const Figure& figure) { return figure.value > 0.0; };
  const auto given = std::ranges::find_if(figures, is_there);
  const auto lacking = std::ranges::find_if_not(figures, is_there);
  if (given == figures.end() || lacking == figures.end()) return;
  entry.error(given->key,
              fmt::format("{} = {:.6g}, and {} is 0: a mixture has both", given->key, given->value, lacking->key),
              fmt::format("give {}, or leave {} out", lacking->key, given->key));
}

void check_model(EntryChecker& entry, const ModelEntry& e) {
  check_mixture(entry, e);
  check_layers(entry, e);
  check_heads(entry, e);
  const Figure all{"parameters_billion", e.parameters / billion};
  entry.at_most({"dense_read_billion", e.dense_read / billion}, all, "those are some of them");
  entry.at_most({"fp8_dense_parameters_billion", e.fp8_dense_parameters.value_or(0.0) / billion}, all,
                "those are some of them");
  entry.at_most({"experts_a_token", 1.0 * e.experts_a_token}, {"experts", 1.0 * e.experts},
                "a token passes each expert once at most");
  const double experts = e.expert_parameters * e.experts * e.moe_layers;
  if (e.parameters > 0.0 && experts > e.parameters * (1.0 + 1e-9))
    entry.error("expert_parameters_million",
                fmt::format("{} experts in {} layers of expert_parameters_million = {:.6g} make {:.6g} billion, and "
                            "parameters_billion = {:.6g} are all",
                            e.experts, e.moe_layers, e.expert_parameters * 1e-6, experts / billion, all.value),
                "fewer or smaller experts, or more parameters_billion");
}

void check_diffusion_model(EntryChecker& entry, const DiffusionModelEntry& e) {
  entry.at_most({"token_weights_billion", e.token_weights / billion}, {"parameters_billion", e.parameters / billion},
                "those are some of them");
  if (e.head_dim > 0 && e.hidden > 0 && e.hidden % e.head_dim != 0)
    entry.error("head_dim",
                fmt::format("hidden = {} is no whole number of heads of head_dim = {}", e.hidden, e.head_dim),
                "a divisor of hidden");
}

}  // namespace

double full_load_w(const Catalog& catalog, const ClusterSpec& cluster) {
  const ServerEntry& server = catalog.server.at(cluster.server);
  return cluster.nodes * full_load_w(server, catalog.accelerator.at(server.accelerator));
}

void check_catalog(LoadedScenario& loaded) {
  const Catalog& catalog = loaded.scenario.catalog;
  const auto each = [&](const char* kind, const auto& entries, auto check) {
    for (const auto& [name, entry] : entries) {
      EntryChecker checker(loaded, kind, name);
      check(checker, entry);
    }
  };
  each("accelerator", catalog.accelerator, check_accelerator);
  each("server", catalog.server,
       [&](EntryChecker& checker, const ServerEntry& entry) { check_server(checker, entry, catalog); });
  each("model", catalog.model, check_model);
  each("diffusion_model", catalog.diffusion_model, check_diffusion_model);
}

}  // namespace fleetwatt::scenarios
