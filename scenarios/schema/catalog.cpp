// Descriptions of what the catalogue holds: hardware, language models, their engines, regions, climates. Diffusion
// models and engines are in diffusion.cpp.
#include "scenarios/schema/catalog_entry.hpp"
#include "scenarios/schema/scenario.hpp"
#include "scenarios/schema/tables.hpp"

namespace fleetwatt::scenarios {

namespace {

const TableSpec& accelerator_entry_table() {
  using E = AcceleratorEntry;
  constexpr double max_w = 1e4;
  static const TableSpec table{
      "an accelerator",
      entry_fields<E>(
          &E::basis,
          {field<E>("title", &E::title, {.meaning = "as it reads on the screen"}),
           field<E>("tdp_w", &E::tdp_w, {.unit = units::watt, .range = {1, max_w}, .meaning = "thermal design power"}),
           field<E>("idle_w", &E::idle_w,
                    {.unit = units::watt, .range = {0.1, max_w}, .meaning = "powered, with nothing resident"}),
           field<E>("bf16_tflop_per_s", &E::bf16_flop_per_s,
                    {.unit = units::teraflop_per_s, .range = {1, 1e6}, .meaning = "peak, dense"}),
           field<E>("fp8_tflop_per_s", &E::fp8_flop_per_s,
                    {.unit = units::teraflop_per_s,
                     .range = {0, 1e6},
                     .meaning = "peak, dense; absent where the part has no FP8"}),
           field<E>("fp4_tflop_per_s", &E::fp4_flop_per_s,
                    {.unit = units::teraflop_per_s,
                     .range = {0, 1e6},
                     .meaning = "peak, dense; absent where the part has no 4-bit units"}),
           field<E>("memory_gb", &E::memory_bytes,
                    {.unit = units::gigabyte, .range = {1, 1e4}, .meaning = "usable memory"}),
           field<E>("memory_tb_per_s", &E::memory_bytes_per_s,
                    {.unit = units::terabyte_per_s, .range = {0.01, 1e3}, .meaning = "peak memory bandwidth"}),
           field<E>("link_gb_per_s", &E::link_bytes_per_s,
                    {.unit = units::gigabyte_per_s,
                     .range = {1, 1e5},
                     .meaning = "to its neighbours, both directions together"}),
           field<E>("training_power_fraction", &E::training_power_fraction,
                    {.unit = units::fraction,
                     .range = {0.01, 1},
                     .meaning = "power at work on a training or batch job over TDP"}),
           field<E>("engine", &E::engine, {.meaning = "set of serving constants; absent where none was calibrated"}),
           field<E>("diffusion_engine", &E::diffusion_engine,
                    {.meaning = "the same for images and videos; absent where none was calibrated"})})};
  return table;
}

const TableSpec& server_entry_table() {
  using E = ServerEntry;
  static const TableSpec table{
      "a server",
      entry_fields<E>(
          &E::basis,
          {field<E>("title", &E::title, {.meaning = "as it reads on the screen"}),
           field<E>("accelerator", &E::accelerator, {.meaning = "which accelerator it holds"}),
           field<E>("gpus", &E::gpus, {.range = {1, 1024}, .meaning = "accelerators in it"}),
           field<E>("rated_kw", &E::rated_w,
                    {.unit = units::kilowatt, .range = {0.01, 1e4}, .meaning = "nameplate of the whole server"}),
           field<E>(
               "host_idle_kw", &E::host_idle_w,
               {.unit = units::kilowatt, .range = {0, 1e3}, .meaning = "all but the accelerators, while those idle"}),
           field<E>("host_slope", &E::host_slope,
                    {.range = {0, 2}, .meaning = "host watts added for each watt of the accelerators above idle"})})};
  return table;
}

struct NamedFamily {
  std::string_view name;
  std::string_view meaning;
  models::KernelFamily value;
};
constexpr std::array kernel_families = {
    NamedFamily{"dense", "every weight is read for every token", models::KernelFamily::dense},
    NamedFamily{"moe", "mixture of experts", models::KernelFamily::moe},
    NamedFamily{"hybrid", "state-space and attention layers", models::KernelFamily::hybrid},
    NamedFamily{"moe_latent", "mixture of experts with latent attention", models::KernelFamily::moe_latent},
    NamedFamily{"moe_chunked", "mixture of experts with chunked attention", models::KernelFamily::moe_chunked}};

const TableSpec& catalog_root() {
  static const TableSpec table{
      "entries of the scenario's own, beside the built-in ones",
      {named_tables("accelerator", &Catalog::accelerator, accelerator_entry_table(), {.meaning = "accelerators"}),
       named_tables("server", &Catalog::server, server_entry_table(), {.meaning = "servers"}),
       named_tables("model", &Catalog::model, model_entry_table(), {.meaning = "language models"}),
       named_tables("engine", &Catalog::engine, engine_entry_table(), {.meaning = "serving engines"}),
       named_tables("diffusion_model", &Catalog::diffusion_model, diffusion_model_entry_table(),
                    {.meaning = "models that make images or videos"}),
       named_tables("diffusion_engine", &Catalog::diffusion_engine, diffusion_engine_entry_table(),
                    {.meaning = "engines that run those"}),
       named_tables("region", &Catalog::region, region_entry_table(), {.meaning = "grid regions"}),
       named_tables("climate", &Catalog::climate, climate_entry_table(), {.meaning = "climates"})}};
  return table;
}

const TableSpec& kernel_constants_table() {
  using K = models::KernelConstants;
  static const TableSpec table = [] {
    TableSpec described{"constants of one kernel family; the form is in models/serving/iteration_work.hpp", {}};
    add_terms(described.fields, models::kernel_terms, &K::time, units::none);
    add_terms(described.fields, models::power_terms, &K::power, units::watt);
    return described;
  }();
  return table;
}

const TableSpec& host_constants_table() {
  static const TableSpec table = [] {
    TableSpec described{"what the engine's process costs on the host", {}};
    add_terms(described.fields, models::host_terms, units::none);
    return described;
  }();
  return table;
}

}  // namespace

const TableSpec& catalog_table() {
  return catalog_root();
}

const TableSpec& model_entry_table() {
  using E = ModelEntry;
  const auto whole = [](const char* key, int models::LanguageModel::*member, const char* meaning) {
    return field<E>(key, member, {.range = {0, 1e8}, .meaning = meaning});
  };
  static const TableSpec table{
      "a language model",
      entry_fields<E>(
          &E::basis,
          {field<E>("title", &E::title, {.meaning = "as it reads on the screen"}),
           choice<E>("kernel_family", &E::kernel_family, kernel_families, [](const NamedFamily& f) { return f.value; },
                     {.meaning = "which constants of an engine apply"}),
           choice<E>("published_precision", &E::published_precision, weight_precisions,
                     [](const WeightPrecisionEntry& p) { return p.precision; },
                     {.meaning = "of the released weights: what a service has that names none"}),
           field<E>("parameters_billion", &E::parameters,
                    {.unit = units::billion, .range = {0.001, 1e5}, .meaning = "all parameters"}),
           field<E>("dense_read_billion", &E::dense_read,
                    {.unit = units::billion,
                     .range = {0.001, 1e5},
                     .meaning = "read in every iteration whatever the routing"}),
           field<E>(
               "fp8_dense_parameters_billion", &E::fp8_dense_parameters,
               {.unit = units::billion,
                .range = {0, 1e5},
                .meaning = "of a released FP8 checkpoint, how many outside the experts are FP8; absent: all but head "
                           "and embedding"}),
           whole("layers", &E::layers, "layers, of whatever kind"),
           whole("hidden", &E::hidden, "width of the residual stream"),
           whole("vocabulary", &E::vocabulary, "entries of the output head"),
           whole("heads", &E::heads, "attention heads"),
           whole("kv_heads", &E::kv_heads, "key-value heads"),
           whole("head_dim", &E::head_dim, "width of a head"),
           field<E>(
               "full_attention_layers", &E::full_attention_layers,
               {.range = {0, 1e4}, .meaning = "layers that attend to the whole context; absent: all but the window's"}),
           whole("window_layers", &E::window_layers, "layers that attend to the last window_tokens only"),
           whole("window_tokens", &E::window_tokens, "tokens of a window or chunk"),
           whole("latent_values", &E::latent_values, "latent attention: values a token and layer in the cache"),
           whole("state_layers", &E::state_layers, "state-space layers"),
           field<E>("state_per_sequence_mb", &E::state_bytes_a_sequence,
                    {.unit = units::megabyte, .range = {0, 1e5}, .meaning = "recurrent state over all such layers"}),
           whole("context_limit_tokens", &E::context_limit_tokens, "most tokens of prompt and output together"),
           whole("experts", &E::experts, "in each mixture layer"),
           whole("experts_a_token", &E::experts_a_token, "chosen for a token"),
           whole("moe_layers", &E::moe_layers, "layers with experts"),
           field<E>("expert_parameters_million", &E::expert_parameters,
                    {.unit = units::million, .range = {0, 1e6}, .meaning = "of one expert in one layer"})})};
  return table;
}

const TableSpec& engine_tables_table() {
  using T = EngineTablesSpec;
  static const TableSpec table{
      "measured times of one model's layer, milliseconds in column time_ms, in place of the kernels' constants: CSV "
      "files; interpolated linearly, level below the first point, the last slope beyond the last; a column "
      "tensor_parallel, where there is one, chooses the rows",
      {field("dense_operators", &T::dense_operators,
             {.meaning = "file by num_tokens (decoding sequences and prompt tokens of an iteration): all operators but "
                         "attention and collectives",
              .required = true}),
       field("decode_attention", &T::decode_attention,
             {.meaning = "file by batch and mean_context (tokens of a sequence in the cache), on a full grid",
              .required = true}),
       field("prefill_attention", &T::prefill_attention,
             {.meaning = "file by chunk (its tokens) and, optional, context (tokens of its prompt before it), on a "
                         "full grid",
              .required = true}),
       field("collectives", &T::collectives,
             {.meaning = "file by num_tokens: all collectives of a layer; needed where several GPUs share a layer"})}};
  return table;
}

const TableSpec& engine_entry_table() {
  using E = EngineEntry;
  static const TableSpec table{
      "a serving engine on one kind of accelerator",
      entry_fields<E>(
          &E::basis,
          {field<E>("title", &E::title, {.meaning = "as it reads on the screen"}),
           field<E>("accelerator", &E::accelerator, {.meaning = "on which it was calibrated"}),
           table_of<E>("host", &E::host, host_constants_table(), {.meaning = "of the engine's process"}),
           field<E>("idles_in_host_time", &E::idles_in_host_time,
                    {.meaning = "the GPU falls towards idle power while the host and launches hold it up"}),
           field<E>("largest_batch", &E::largest_batch,
                    {.range = {0, 1e6}, .meaning = "sequences in flight among the measurements behind the constants"}),
           field<E>("memory_fraction", &E::memory_fraction,
                    {.unit = units::fraction, .range = {0.1, 1}, .meaning = "of GPU memory that the engine uses"}),
           field<E>("activation_gb", &E::activation_bytes,
                    {.unit = units::gigabyte, .range = {0, 1e3}, .meaning = "kept free on each GPU"}),
           table_of<E>("dense", &E::dense, kernel_constants_table(), {.meaning = "dense models"}),
           table_of<E>("moe", &E::moe, kernel_constants_table(), {.meaning = "mixtures of experts"}),
           table_of<E>("hybrid", &E::hybrid, kernel_constants_table(), {.meaning = "state-space hybrids"}),
           table_of<E>("moe_mxfp4", &E::moe_mxfp4, kernel_constants_table(),
                       {.meaning = "mixtures with MXFP4 experts"}),
           table_of<E>("moe_latent", &E::moe_latent, kernel_constants_table(),
                       {.meaning = "mixtures with latent attention"}),
           table_of<E>("moe_chunked", &E::moe_chunked, kernel_constants_table(),
                       {.meaning = "mixtures with chunked attention"}),
           table_of<E>("tables", &E::tables, engine_tables_table(),
                       {.meaning = "measured times of a layer in place of the kernels' constants"})})};
  return table;
}

const TableSpec& region_entry_table() {
  using E = RegionEntry;
  const Range intensity{-5000, 5000};
  static const TableSpec table{
      "a grid region: annual means",
      entry_fields<E>(
          &E::basis,
          {field("title", &E::title, {.meaning = "as it reads on the screen"}),
           field("country", &E::country, {.meaning = "ISO code"}),
           field("time_zone", &E::time_zone, {.meaning = "IANA name"}),
           field("aliases", &E::aliases, {.meaning = "other names that resolve to it"}),
           field("climate", &E::climate, {.meaning = "of a site here that names none"}),
           field("carbon_intensity_direct_g_per_kwh", &E::carbon_intensity_direct_g_per_kwh,
                 {.unit = units::g_per_kwh, .range = intensity, .meaning = "annual average at the stacks"}),
           field("carbon_intensity_life_cycle_g_per_kwh", &E::carbon_intensity_life_cycle_g_per_kwh,
                 {.unit = units::g_per_kwh,
                  .range = intensity,
                  .meaning = "annual average with fuel supply and construction"}),
           field("price_usd_per_mwh", &E::price_usd_per_mwh,
                 {.unit = units::usd_per_mwh, .range = {-1e5, 1e5}, .meaning = "annual price of industrial customers"}),
           field("price_source", &E::price_source, {.meaning = "where the price comes from"})})};
  return table;
}

const TableSpec& climate_entry_table() {
  using E = ClimateEntry;
  static const TableSpec table{
      "a climate: twelve monthly values, January first",
      entry_fields<E>(
          &E::basis, {field("title", &E::title, {.meaning = "as it reads on the screen"}),
                      field("country", &E::country, {.meaning = "ISO code"}),
                      field("latitude", &E::latitude, {.range = {-90, 90}, .meaning = "degrees north"}),
                      field("longitude", &E::longitude, {.range = {-180, 180}, .meaning = "degrees east"}),
                      field("elevation_m", &E::elevation_m,
                            {.unit = units::metre, .range = {-500, 6000}, .meaning = "of the station"}),
                      field("time_zone", &E::time_zone, {.meaning = "IANA name"}),
                      field("ashrae_zone", &E::ashrae_zone, {.meaning = "ASHRAE 169 climate zone"}),
                      field("dry_bulb_mean_c", &E::dry_bulb_mean_c,
                            {.unit = units::celsius, .range = {-60, 60}, .meaning = "mean of the month"}),
                      field("daily_range_k", &E::daily_range_k,
                            {.unit = units::kelvin, .range = {0, 40}, .meaning = "mean of daily maximum less minimum"}),
                      field("dew_point_mean_c", &E::dew_point_mean_c,
                            {.unit = units::celsius, .range = {-60, 40}, .meaning = "mean of the month"}),
                      field("daily_mean_sd_k", &E::daily_mean_sd_k,
                            {.unit = units::kelvin, .range = {0, 30}, .meaning = "standard deviation of daily means"}),
                      field("daily_mean_lag1", &E::daily_mean_lag1,
                            {.range = {-1, 1}, .meaning = "correlation with the next day's"}),
                      field("pressure_pa", &E::pressure_pa,
                            {.unit = units::pascal,
                             .range = {4e4, 1.2e5},
                             .meaning = "mean station pressure; absent: from the elevation"})})};
  return table;
}

}  // namespace fleetwatt::scenarios
