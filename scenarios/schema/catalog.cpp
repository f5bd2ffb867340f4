// Descriptions of what the catalogue holds: hardware, models, engines, regions, climates.
#include "scenarios/schema/scenario.hpp"
#include "scenarios/schema/tables.hpp"

namespace fleetwatt::scenarios {

namespace {

struct NamedBasis {
  std::string_view name;
  std::string_view meaning;
  sim::Basis value;
};
constexpr std::array bases = {
    NamedBasis{"measured", "read in the source named: a reading or a printed rating", sim::Basis::measured},
    NamedBasis{"calibrated", "fitted to measurements", sim::Basis::calibrated},
    NamedBasis{"modelled", "computed", sim::Basis::modelled},
    NamedBasis{"assumed", "from memory, or carried over from a like thing", sim::Basis::assumed}};

template <class T, class B>
FieldSpec basis_field(sim::Basis B::*member) {
  return choice<T>("basis", member, bases, [](const NamedBasis& b) { return b.value; },
                   {.meaning = "how far the entry may be trusted"});
}

const TableSpec& figure_source_table() {
  static const TableSpec table{"where one figure comes from",
                               {basis_field<FigureSource>(&FigureSource::basis),
                                field("source", &FigureSource::source, {.meaning = "where the figure comes from"})}};
  return table;
}

/// The fields that every entry carries, then those of its own.
template <class Entry>
std::vector<FieldSpec> entry_fields(sim::Basis Entry::*basis, std::vector<FieldSpec> own) {
  std::vector<FieldSpec> fields = {
      field<Entry>("extends", &Entry::extends,
                   {.meaning = "another entry of this kind, of which this one changes something"}),
      field<Entry>("source", &Entry::source, {.meaning = "where the entry's figures come from"}),
      basis_field<Entry>(basis)};
  FieldSpec figures;
  figures.key = "figures";
  figures.kind = ValueKind::named_tables;
  figures.table = &figure_source_table();
  figures.options.meaning = "sources of single figures that differ from the entry";
  figures.read = [](const Node& node, void* object, ReadContext& context) {
    if (!node.is_table()) return wrong_type(node, "tables by name", context);
    for (const auto& [name, child] : node.table) {
      read_table(figure_source_table(), child, &static_cast<Entry*>(object)->figures[name], context);
    }
  };
  figures.visit_tables = [](const void* object, const FieldSpec::TableVisitor& visit) {
    for (const auto& [name, value] : static_cast<const Entry*>(object)->figures)
      visit(name, figure_source_table(), &value);
  };
  fields.push_back(std::move(figures));
  for (auto& one : own) fields.push_back(std::move(one));
  return fields;
}

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
                     .range = {1, 1e6},
                     .meaning = "peak, dense; absent where the part has no FP8"}),
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
           field<E>("engine", &E::engine, {.meaning = "set of serving constants; absent where none was calibrated"})})};
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
    NamedFamily{"moe", "mixture of experts", models::KernelFamily::moe}};

const TableSpec& catalog_root() {
  static const TableSpec table{
      "entries of the scenario's own, beside the built-in ones",
      {named_tables("accelerator", &Catalog::accelerator, accelerator_entry_table(), {.meaning = "accelerators"}),
       named_tables("server", &Catalog::server, server_entry_table(), {.meaning = "servers"}),
       named_tables("model", &Catalog::model, model_entry_table(), {.meaning = "language models"}),
       named_tables("engine", &Catalog::engine, engine_entry_table(), {.meaning = "serving engines"}),
       named_tables("region", &Catalog::region, region_entry_table(), {.meaning = "grid regions"}),
       named_tables("climate", &Catalog::climate, climate_entry_table(), {.meaning = "climates"})}};
  return table;
}

const TableSpec& kernel_constants_table() {
  using K = models::KernelConstants;
  const auto time = [](const char* key, double K::*member, const char* meaning) {
    return field(key, member, {.unit = units::microsecond, .range = {0, 1e5}, .meaning = meaning});
  };
  const auto factor = [](const char* key, double K::*member, const char* meaning) {
    return field(key, member, {.range = {0.1, 100}, .meaning = meaning});
  };
  const auto power = [](const char* key, double K::*member, const char* meaning) {
    return field(key, member, {.unit = units::watt, .range = {0, 1e5}, .meaning = meaning});
  };
  static const TableSpec table{
      "constants of one kernel family; the form is in models/serving/iteration_model.hpp",
      {time("layer_us", &K::layer_s, "each layer and iteration"),
       time("layer_sequence_us", &K::layer_sequence_s, "each layer and sequence"),
       time("parallel_layer_us", &K::parallel_layer_s, "each layer, with more than one GPU"),
       time("fp8_layer_us", &K::fp8_layer_s, "each layer with FP8 weights; experts: each layer and local expert"),
       time("prefill_layer_us", &K::prefill_layer_s, "each layer of an iteration with prompt tokens"),
       factor("dense_weight_factor", &K::dense_weight_factor, "time of reading dense weights over ideal"),
       factor("expert_weight_factor_bf16", &K::expert_weight_factor_bf16, "time of reading BF16 experts over ideal"),
       factor("expert_weight_factor_fp8", &K::expert_weight_factor_fp8, "time of reading FP8 experts over ideal"),
       factor("kv_cache_factor", &K::kv_cache_factor, "time of reading the cache over ideal"),
       factor("decode_compute_factor", &K::decode_compute_factor, "time of decode arithmetic over ideal"),
       factor("decode_expert_compute_factor", &K::decode_expert_compute_factor, "the same, experts"),
       factor("prefill_compute_factor", &K::prefill_compute_factor, "time of prefill arithmetic over ideal"),
       factor("prefill_expert_compute_factor", &K::prefill_expert_compute_factor, "the same, experts"),
       factor("network_factor", &K::network_factor, "time on the links over ideal"),
       power("static_w", &K::static_w, "a GPU with a resident kernel"),
       power("compute_w", &K::compute_w, "joules per ideal second of arithmetic"),
       power("weight_w", &K::weight_w, "joules per ideal second of reading weights"),
       power("kv_cache_w", &K::kv_cache_w, "joules per ideal second of reading the cache"),
       power("fp8_expert_w", &K::fp8_expert_w,
             "joules per second of layers x local experts microseconds, FP8 experts")}};
  return table;
}

}  // namespace

const TableSpec& catalog_table() {
  return catalog_root();
}

const TableSpec& model_entry_table() {
  using E = ModelEntry;
  const auto whole = [](const char* key, int models::LanguageModel::*member, const char* meaning) {
    return field<E>(key, member, {.range = {0, 1e6}, .meaning = meaning});
  };
  static const TableSpec table{
      "a language model with full attention",
      entry_fields<E>(
          &E::basis,
          {field<E>("title", &E::title, {.meaning = "as it reads on the screen"}),
           choice<E>("kernel_family", &E::kernel_family, kernel_families, [](const NamedFamily& f) { return f.value; },
                     {.meaning = "which constants of an engine apply"}),
           field<E>("parameters_billion", &E::parameters,
                    {.unit = units::billion, .range = {0.001, 1e5}, .meaning = "all parameters"}),
           field<E>("dense_read_billion", &E::dense_read,
                    {.unit = units::billion,
                     .range = {0.001, 1e5},
                     .meaning = "read in every iteration whatever the routing"}),
           field<E>("fp8_parameters_billion", &E::fp8_parameters,
                    {.unit = units::billion,
                     .range = {0, 1e5},
                     .meaning = "of a released FP8 checkpoint, how many are FP8; absent: all that is read"}),
           whole("layers", &E::layers, "transformer layers"),
           whole("hidden", &E::hidden, "width of the residual stream"), whole("heads", &E::heads, "attention heads"),
           whole("kv_heads", &E::kv_heads, "key-value heads"), whole("head_dim", &E::head_dim, "width of a head"),
           whole("experts", &E::experts, "in each mixture layer"),
           whole("experts_a_token", &E::experts_a_token, "chosen for a token"),
           whole("moe_layers", &E::moe_layers, "layers with experts"),
           field<E>("expert_parameters_million", &E::expert_parameters,
                    {.unit = units::million, .range = {0, 1e6}, .meaning = "of one expert in one layer"})})};
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
           field<E>("host_us", &E::host_s,
                    {.unit = units::microsecond, .range = {0, 1e6}, .meaning = "each iteration"}),
           field<E>("host_sequence_us", &E::host_sequence_s,
                    {.unit = units::microsecond, .range = {0, 1e5}, .meaning = "each sequence of an iteration"}),
           field<E>("memory_fraction", &E::memory_fraction,
                    {.unit = units::fraction, .range = {0.1, 1}, .meaning = "of GPU memory that the engine uses"}),
           field<E>("activation_gb", &E::activation_bytes,
                    {.unit = units::gigabyte, .range = {0, 1e3}, .meaning = "kept free on each GPU"}),
           table_of<E>("dense", &E::dense, kernel_constants_table(), {.meaning = "dense models"}),
           table_of<E>("moe", &E::moe, kernel_constants_table(), {.meaning = "mixtures of experts"})})};
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
           field("mix_year", &E::mix_year, {.range = {1990, 2100}, .meaning = "year of the mix"}),
           field("mix", &E::mix, {.range = {0, 1}, .meaning = "share of each source in what is consumed"}),
           field("carbon_intensity_direct_g_per_kwh", &E::carbon_intensity_direct_g_per_kwh,
                 {.unit = units::g_per_kwh, .range = intensity, .meaning = "annual average at the stacks"}),
           field("carbon_intensity_life_cycle_g_per_kwh", &E::carbon_intensity_life_cycle_g_per_kwh,
                 {.unit = units::g_per_kwh,
                  .range = intensity,
                  .meaning = "annual average with fuel supply and construction"}),
           field("carbon_intensity_marginal_g_per_kwh", &E::carbon_intensity_marginal_g_per_kwh,
                 {.unit = units::g_per_kwh, .range = intensity, .meaning = "annual mean of one more kWh"}),
           field("price_usd_per_mwh", &E::price_usd_per_mwh,
                 {.unit = units::usd_per_mwh, .range = {-1e5, 1e5}, .meaning = "annual price of industrial customers"}),
           field("price_source", &E::price_source, {.meaning = "where the price comes from"}),
           field("transmission_loss_fraction", &E::transmission_loss_fraction,
                 {.unit = units::fraction, .range = {0, 1}, .meaning = "between power plants and a mean customer"})})};
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
