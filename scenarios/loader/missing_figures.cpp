#include "scenarios/loader/missing_figures.hpp"

namespace fleetwatt::scenarios {

namespace {

struct Needed {
  const char* key;
  bool is_there;
};

std::vector<std::string> lacking(const std::vector<Needed>& needed) {
  std::vector<std::string> keys;
  for (const auto& one : needed) {
    if (!one.is_there) keys.emplace_back(one.key);
  }
  return keys;
}

}  // namespace

std::vector<std::string> missing_figures(const ServerEntry& entry) {
  return lacking({{"accelerator", !entry.accelerator.empty()}, {"rated_kw", entry.rated_w > 0.0}});
}

std::vector<std::string> missing_figures(const AcceleratorEntry& entry) {
  return lacking({{"tdp_w", entry.tdp_w > 0.0},
                  {"idle_w", entry.idle_w > 0.0},
                  {"bf16_tflop_per_s", entry.bf16_flop_per_s > 0.0},
                  {"memory_gb", entry.memory_bytes > 0.0},
                  {"memory_tb_per_s", entry.memory_bytes_per_s > 0.0},
                  {"link_gb_per_s", entry.link_bytes_per_s > 0.0}});
}

std::vector<std::string> missing_figures(const ModelEntry& entry) {
  const bool dense =
      entry.kernel_family == models::KernelFamily::dense || entry.kernel_family == models::KernelFamily::hybrid;
  return lacking({{"parameters_billion", entry.parameters > 0.0},
                  {"dense_read_billion", entry.dense_read > 0.0},
                  {"layers", entry.layers > 0},
                  {"hidden", entry.hidden > 0},
                  {"window_tokens", entry.window_layers == 0 || entry.window_tokens > 0},
                  {"heads", entry.heads > 0},
                  {"kv_heads", entry.kv_heads > 0},
                  {"head_dim", entry.head_dim > 0},
                  {"experts", dense || entry.experts > 0},
                  {"experts_a_token", dense || entry.experts_a_token > 0},
                  {"moe_layers", dense || entry.moe_layers > 0},
                  {"expert_parameters_million", dense || entry.expert_parameters > 0.0}});
}

std::vector<std::string> missing_figures(const DiffusionModelEntry& entry) {
  return lacking({{"token_weights_billion", entry.token_weights > 0.0},
                  {"layers", entry.layers > 0},
                  {"hidden", entry.hidden > 0},
                  {"head_dim", entry.head_dim > 0}});
}

std::vector<std::string> missing_figures(const ClimateEntry& entry) {
  const auto has_months = [](const std::vector<double>& values) { return values.size() == 12; };
  return lacking({{"dry_bulb_mean_c", has_months(entry.dry_bulb_mean_c)},
                  {"daily_range_k", has_months(entry.daily_range_k)},
                  {"dew_point_mean_c", has_months(entry.dew_point_mean_c)},
                  {"daily_mean_sd_k", has_months(entry.daily_mean_sd_k)},
                  {"daily_mean_lag1", has_months(entry.daily_mean_lag1)},
                  {"pressure_pa", entry.pressure_pa.empty() || has_months(entry.pressure_pa)}});
}

}  // namespace fleetwatt::scenarios
