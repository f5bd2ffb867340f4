// The scenario as a whole: header, sites, services, routing, regions, expectations.
#include "scenarios/schema/scenario.hpp"

#include "models/fleet/routing_policy.hpp"
#include "scenarios/schema/tables.hpp"

namespace fleetwatt::scenarios {

namespace {

const TableSpec& header_table() {
  using P = Header;
  static const TableSpec table{
      "the run",
      {field("title", &P::title, {.meaning = "as it reads on the screen"}),
       field("start", &P::start, {.meaning = "whole hour, with Z or an offset"}),
       field("duration", &P::duration, {.range = {3600, 3.1536e8}, .meaning = "whole hours"}),
       field("seed", &P::seed, {.range = {0, 9e18}, .meaning = "of all random streams"}),
       field("tick", &P::tick,
             {.range = {1, 3600}, .meaning = "at which pools and sites meet; an hour is a whole number of them"}),
       field("peak_interval", &P::peak_interval,
             {.range = {1, 86400}, .meaning = "a peak is the highest mean over this long; a whole number of ticks"})}};
  return table;
}

const TableSpec& cluster_table() {
  using P = ClusterSpec;
  static const TableSpec table{
      "servers of one kind",
      {field("server", &P::server, {.meaning = "catalogue entry"}),
       field("nodes", &P::nodes, {.range = {1, 1000000}, .meaning = "servers"}),
       choice("scheduler", &P::scheduler, models::queue_disciplines,
              [](const models::QueueDisciplineEntry& e) { return e.discipline; },
              {.meaning = "which waiting jobs start"}),
       table_of("jobs", &P::jobs, jobs_table(), {.meaning = "what the cluster runs, unless a service does"})}};
  return table;
}

std::vector<Alternative> cooling_alternatives() {
  const std::vector<const TableSpec*> tables = {&tower_economizer_table(), &static_pue_table()};
  std::vector<Alternative> alternatives;
  for (std::size_t i = 0; i < models::cooling_families.size(); ++i) {
    const auto& family = models::cooling_families[i];
    alternatives.push_back({{std::string(family.name), std::string(family.meaning)}, tables[i]});
  }
  return alternatives;
}

struct NamedOverLength {
  std::string_view name;
  std::string_view meaning;
  models::OverLength value;
};
constexpr std::array over_lengths = {
    NamedOverLength{"truncate", "generate fewer tokens; refuse prompts that alone exceed the limit",
                    models::OverLength::truncate},
    NamedOverLength{"reject", "refuse the request", models::OverLength::reject}};

const TableSpec& slo_table() {
  using P = SloSpec;
  static const TableSpec table{
      "latency that a request should keep",
      {field("ttft_p99_s", &P::ttft_p99_s,
             {.unit = units::second, .range = {0, 1e5}, .meaning = "time to first token"}),
       field("tpot_p99_ms", &P::tpot_p99_s,
             {.unit = units::millisecond, .range = {0, 1e6}, .meaning = "time per output token"}),
       field("latency_p99_s", &P::latency_p99_s,
             {.unit = units::second, .range = {0, 1e7}, .meaning = "arrival to the finished answer, image or video"})}};
  return table;
}

struct NamedRouting {
  std::string_view name;
  std::string_view meaning;
  RoutingPolicy value;
};
constexpr std::array routings = {
    NamedRouting{models::routing_policies[0].name, models::routing_policies[0].meaning, RoutingPolicy::fixed_shares}};
static_assert(routings.size() == models::routing_policies.size());

const TableSpec& routing_table() {
  static const TableSpec table{
      "how demand is split over sites",
      {choice("policy", &RoutingSpec::policy, routings, [](const NamedRouting& r) { return r.value; },
              {.meaning = "what decides"}),
       field("shares", &RoutingSpec::shares,
             {.range = {0, 1e9}, .meaning = "by site, relative; absent: in proportion to replicas"})}};
  return table;
}

const TableSpec& series_file_table() {
  using P = SeriesFile;
  static const TableSpec table{
      "a column of an hourly CSV file",
      {field("file", &P::file, {.meaning = "path; relative to the file that names it", .required = true}),
       field("column", &P::column,
             {.meaning = "header of the column; for carbon also `direct` or `life-cycle` of an Electricity Maps file"}),
       field("time_column", &P::time_column, {.meaning = "header of the column of times; absent: the first"}),
       field("time_shift", &P::time_shift,
             {.range = {-864000, 864000}, .meaning = "added to every time, such as \"-7h\""}),
       choice("fill", &P::fill, gap_fills, [](const GapFillEntry& f) { return f.fill; },
              {.meaning = "what to do about a missing hour"})}};
  return table;
}

struct NamedCarbonBasis {
  std::string_view name;
  std::string_view meaning;
  models::CarbonBasis value;
};
constexpr std::array carbon_bases = {
    NamedCarbonBasis{"direct", "at the stacks", models::CarbonBasis::direct},
    NamedCarbonBasis{"life-cycle", "with fuel supply and construction", models::CarbonBasis::life_cycle}};

const TableSpec& expectation_table() {
  using P = Expectation;
  static const TableSpec table{
      "a published figure that `run --check` compares with the run",
      {field("claim", &P::claim, {.meaning = "its number in a list of claims"}),
       field("says", &P::says, {.meaning = "the claim in words"}),
       field("quantity", &P::quantity,
             {.meaning = "as `run --json` names it: site.dallas.pue; or arithmetic over such names, with blanks around "
                         "a minus",
              .required = true}),
       field("unit", &P::unit, {.meaning = "of arithmetic; a quantity has its own"}),
       field("value", &P::value, {.meaning = "published"}),
       field("tolerance", &P::tolerance,
             {.meaning =
                  "\"10 %\" of the value, \"0.05\" in its unit, or \"none\": printed beside, not judged; absent: 1 "
                  "%, or the bounds"}),
       field("at_least", &P::at_least, {.meaning = "in place of a tolerance"}),
       field("at_most", &P::at_most, {.meaning = "in place of a tolerance"}),
       field("source", &P::source, {.meaning = "who published it, where", .required = true})}};
  return table;
}

}  // namespace

std::string main_region(const SiteSpec& site) {
  const auto most = std::ranges::max_element(site.region, {}, [](const auto& share) { return share.second; });
  return most == site.region.end() ? std::string() : most->first;
}

const TableSpec& site_table() {
  using P = SiteSpec;
  static const TableSpec table{
      "a data center",
      {names_with_shares(
           "region", &P::region,
           {.meaning = "of the grid: a catalogue entry, an alias of one, or a [region.NAME] of the scenario",
            .required = true}),
       field("climate", &P::climate, {.meaning = "catalogue entry; absent: the region's"}),
       table_of("weather", &P::weather, weather_file_table(), {.meaning = "measured weather in place of a climate"}),
       field("it_capacity_mw", &P::it_capacity_w,
             {.unit = units::megawatt,
              .range = {1e-4, 1e5},
              .meaning = "for which power and cooling are built; absent: the servers' ratings"}),
       family("cooling", &P::cooling, cooling_alternatives(), {.meaning = "cooling plant"}),
       table_of("power", &P::power, power_table(), {.meaning = "power chain"}),
       named_tables("cluster", &P::cluster, cluster_table(), {.meaning = "servers"})}};
  return table;
}

const TableSpec& service_table() {
  using P = ServiceSpec;
  static const TableSpec table{
      "inference: a model that users call; with `diffusion`, one that makes images or videos",
      {field("model", &P::model, {.meaning = "catalogue entry", .required = true}),
       table_of("diffusion", &P::diffusion, diffusion_table(),
                {.meaning = "makes it a service of images or videos; may be empty"}),
       choice("precision", &P::precision, weight_precisions, [](const WeightPrecisionEntry& p) { return p.precision; },
              {.meaning = "of the weights; absent: as the model is published"}),
       field("runs_on", &P::runs_on, {.meaning = "clusters, as SITE.CLUSTER", .required = true}),
       field("tensor_parallel", &P::tensor_parallel,
             {.range = {1, 1024},
              .meaning = "GPUs of a replica; absent: the fewest, a power of two, that hold the weights and 10 %"}),
       field("pipeline_parallel", &P::pipeline_parallel,
             {.range = {1, 64},
              .meaning = "stages over which the layers are dealt; a batch goes through in as many parts"}),
       field(
           "data_parallel", &P::data_parallel,
           {.range = {1, 1024}, .meaning = "copies of all but the experts, in lock-step; experts are dealt over all"}),
       field("expert_parallel", &P::expert_parallel,
             {.meaning =
                  "mixtures: whole experts dealt over the GPUs (true) or each split over all; absent: true but for "
                  "MXFP4"}),
       field("replicas", &P::replicas, {.range = {1, 1000000}, .meaning = "on each cluster; absent: as many as fit"}),
       field("batch_limit", &P::batch_limit,
             {.range = {1, 16384},
              .meaning = "sequences in flight a replica, absent: 256; images or videos made together, absent: 1"}),
       field("prefill_tokens_per_iteration", &P::prefill_tokens_per_iteration,
             {.unit = units::tokens, .range = {16, 1e6}, .meaning = "decoding sequences count against it"}),
       field("kv_cache_tokens", &P::kv_cache_tokens,
             {.unit = units::tokens,
              .range = {16, 1e10},
              .meaning = "of a replica; absent: what memory leaves",
              .replaces = {"kv_cache_blocks", "kv_block_tokens"}}),
       field("kv_cache_blocks", &P::kv_cache_blocks,
             {.range = {1, 1e9},
              .meaning = "the same as the engine prints it, in blocks of kv_block_tokens",
              .replaces = {"kv_cache_tokens"}}),
       field("kv_block_tokens", &P::kv_block_tokens, {.range = {1, 1024}, .meaning = "tokens of a block"}),
       field("engine", &P::engine, {.meaning = "set of serving constants; absent: the accelerator's"}),
       field("context_limit_tokens", &P::context_limit_tokens,
             {.unit = units::tokens, .range = {2, 1e8}, .meaning = "prompt and output together; absent: the model's"}),
       choice("over_length", &P::over_length, over_lengths, [](const NamedOverLength& o) { return o.value; },
              {.meaning = "what becomes of a request beyond the context limit"}),
       choice("router", &P::router, models::router_policies, [](const models::RouterEntry& e) { return e.policy; },
              {.meaning = "which replica serves a request"}),
       table_of("slo", &P::slo, slo_table(), {.meaning = "latency target"}),
       table_of("demand", &P::demand, demand_table(), {.meaning = "what users ask", .required = true})}};
  return table;
}

const TableSpec& region_table() {
  using P = RegionSpec;
  static const TableSpec table{
      "a grid region: without files, the catalogue's annual values",
      {choice("carbon_basis", &P::carbon_basis, carbon_bases, [](const NamedCarbonBasis& b) { return b.value; },
              {.meaning =
                   "which of the catalogue's intensities, absent: direct; or what a given value is, absent: unstated"}),
       field("carbon_intensity_g_per_kwh", &P::carbon_intensity_g_per_kwh,
             {.unit = units::g_per_kwh,
              .range = {-5000, 5000},
              .meaning = "one value for all hours",
              .replaces = {"carbon"}}),
       field("price_usd_per_mwh", &P::price_usd_per_mwh,
             {.unit = units::usd_per_mwh,
              .range = {-1e5, 1e5},
              .meaning = "one value for all hours",
              .replaces = {"price"}}),
       table_of("carbon", &P::carbon, series_file_table(),
                {.meaning = "hourly intensity, g/kWh", .replaces = {"carbon_intensity_g_per_kwh"}}),
       table_of("price", &P::price, series_file_table(),
                {.meaning = "hourly price, USD/MWh", .replaces = {"price_usd_per_mwh"}})}};
  return table;
}

namespace {

const TableSpec& site_table_table() {
  using P = SiteTableSpec;
  static const TableSpec table{
      "many sites from one file",
      {field("file", &P::file,
             {.meaning = "CSV whose header cells are key paths of a site, and `name`", .required = true}),
       field("template", &P::template_name, {.meaning = "the [template.NAME] that holds what the rows do not say"})}};
  return table;
}

/// A site of which any part may be missing.
const TableSpec& template_table() {
  static const TableSpec table = [] {
    TableSpec described = site_table();
    described.meaning = "what the sites of a table have in common";
    for (auto& one : described.fields) one.options.required = false;
    return described;
  }();
  return table;
}

}  // namespace

const TableSpec& scenario_table() {
  using P = Scenario;
  static const TableSpec table{
      "a scenario",
      {table_of("scenario", &P::scenario, header_table(), {.meaning = "the run"}),
       named_tables("site", &P::site, site_table(), {.meaning = "data centers"}),
       named_tables("site_table", &P::site_table, site_table_table(), {.meaning = "data centers from CSV files"}),
       named_tables("template", &P::site_template, template_table(),
                    {.meaning = "what the sites of a table have in common"}),
       named_tables("service", &P::service, service_table(), {.meaning = "inference services"}),
       table_of("routing", &P::routing, routing_table(), {.meaning = "demand over sites"}),
       named_tables("region", &P::region, region_table(), {.meaning = "grid regions"}),
       table_list("expect", &P::expect, expectation_table(), {.meaning = "published figures"}),
       table_of("catalog", &P::catalog, catalog_table(), {.meaning = "catalogue entries of the scenario's own"})}};
  return table;
}

namespace {

/// The descriptions that a key of `field` may belong to, one level down.
std::vector<const TableSpec*> tables_below(const FieldSpec& field) {
  if (field.table != nullptr) return {field.table};
  std::vector<const TableSpec*> tables;
  for (const auto& alternative : field.alternatives) tables.push_back(alternative.table);
  return tables;
}

const FieldSpec* find_in(const std::vector<const TableSpec*>& tables, const std::string& key) {
  for (const TableSpec* table : tables) {
    if (const FieldSpec* found = table->find(key)) return found;
  }
  return nullptr;
}

/// `expect[2]` is the third of the list `expect`.
std::string without_index(const std::string& key) {
  return key.substr(0, element_of(key) ? key.find('[') : key.size());
}

}  // namespace

PathLookup find_field(std::string_view path) {
  std::vector<const TableSpec*> tables = {&scenario_table()};
  PathLookup lookup;
  const auto keys = split_path(path);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const FieldSpec* parent = lookup.field;
    const std::string name = without_index(keys[i]);
    lookup.field =
        parent != nullptr && parent->kind == ValueKind::family && keys[i] == "family" ? parent : find_in(tables, name);
    if (name != keys[i] && lookup.field != nullptr && lookup.field->kind != ValueKind::table_list)
      lookup.field = nullptr;
    if (lookup.field == nullptr) {
      lookup.wrong = keys[i];
      for (const TableSpec* table : tables) {
        for (const auto& key : table->keys()) lookup.known.push_back(key);
      }
      if (parent != nullptr && parent->kind == ValueKind::family) lookup.known.emplace_back("family");
      return lookup;
    }
    if (lookup.field->kind == ValueKind::named_numbers || lookup.field->kind == ValueKind::name_or_shares)
      return lookup;
    if (lookup.field->kind == ValueKind::named_tables && i + 1 < keys.size()) ++i;  // the name is free
    tables = tables_below(*lookup.field);
  }
  return lookup;
}

}  // namespace fleetwatt::scenarios
