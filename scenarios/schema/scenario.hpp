// A scenario as plain data: what its author wrote, with defaults filled in. Building a fleet of it is another matter
// (scenarios/loader/build_fleet.hpp). Each struct is described, key by key, in the file of its domain beside this one.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/diffusion/diffusion_engine.hpp"
#include "models/facility/cooling_plant.hpp"
#include "models/facility/power_delivery.hpp"
#include "models/grid/region.hpp"
#include "models/hardware/server.hpp"
#include "models/serving/context_limit.hpp"
#include "models/serving/engine_constants.hpp"
#include "models/serving/iteration_model.hpp"
#include "models/serving/language_model.hpp"
#include "models/serving/request_router.hpp"
#include "models/training/queue_discipline.hpp"
#include "models/workload/demand_curve.hpp"
#include "models/workload/job_generator.hpp"
#include "models/workload/token_lengths.hpp"
#include "sim/calendar.hpp"
#include "sim/sim_time.hpp"

namespace fleetwatt::scenarios {

// --- the catalogue
// --------------------------------------------------------------------------------------------------------------

/// Where a figure comes from and how far it may be trusted.
struct FigureSource {
  sim::Basis basis = sim::Basis::assumed;
  std::string source;
};

/// What every catalogue entry carries.
struct Provenance {
  std::string extends;  ///< another entry of the same kind, of which this one changes something
  std::string source;
  std::map<std::string, FigureSource> figures;  ///< those that differ from the entry
};

struct AcceleratorEntry : models::Accelerator, Provenance {};
struct ServerEntry : models::Server, Provenance {};
struct ModelEntry : models::LanguageModel, Provenance {
  models::WeightPrecision published_precision = models::WeightPrecision::bf16;
};
/// CSV files of measured times of a layer, in place of the engine's constants; see loader/engine_tables.hpp.
struct EngineTablesSpec {
  std::string dense_operators;
  std::string decode_attention;
  std::string prefill_attention;
  std::string collectives;
};

struct EngineEntry : models::EngineConstants, Provenance {
  std::optional<EngineTablesSpec> tables;
};

struct DiffusionModelEntry : models::DiffusionModel, Provenance {};
struct DiffusionEngineEntry : models::DiffusionEngine, Provenance {};

struct RegionEntry : Provenance {
  std::string title;
  std::string country;
  std::string time_zone;
  std::vector<std::string> aliases;
  std::string climate;  ///< of a site that names none
  double carbon_intensity_direct_g_per_kwh = 0.0;
  double carbon_intensity_life_cycle_g_per_kwh = 0.0;
  double price_usd_per_mwh = 0.0;
  std::string price_source;
  sim::Basis basis = sim::Basis::assumed;
};

struct ClimateEntry : Provenance {
  std::string title;
  std::string country;
  double latitude = 0.0;
  double longitude = 0.0;
  double elevation_m = 0.0;
  std::string time_zone;
  std::string ashrae_zone;
  std::vector<double> dry_bulb_mean_c;
  std::vector<double> daily_range_k;
  std::vector<double> dew_point_mean_c;
  std::vector<double> daily_mean_sd_k;
  std::vector<double> daily_mean_lag1;
  std::vector<double> pressure_pa;
  sim::Basis basis = sim::Basis::assumed;
};

struct Catalog {
  std::map<std::string, AcceleratorEntry> accelerator;
  std::map<std::string, ServerEntry> server;
  std::map<std::string, ModelEntry> model;
  std::map<std::string, EngineEntry> engine;
  std::map<std::string, DiffusionModelEntry> diffusion_model;
  std::map<std::string, DiffusionEngineEntry> diffusion_engine;
  std::map<std::string, RegionEntry> region;
  std::map<std::string, ClimateEntry> climate;
};

// --- the fleet
// ------------------------------------------------------------------------------------------------------------------

struct Header {
  std::string title;
  sim::UtcSeconds start = sim::utc_from_civil({.year = 2024, .month = 7, .day = 15});
  sim::Duration duration = sim::one_day * 3;
  std::uint64_t seed = 1;
  sim::Duration tick = sim::Duration::from_whole_s(300);
  sim::Duration peak_interval = sim::Duration::from_whole_s(900);
};

/// What a series does about an hour that it lacks.
enum class GapFill { refuse, interpolate };

struct GapFillEntry {
  std::string_view name;
  std::string_view meaning;
  GapFill fill;
};
inline constexpr std::array gap_fills = {
    GapFillEntry{"refuse", "a missing hour is an error", GapFill::refuse},
    GapFillEntry{"interpolate", "a missing hour is filled from its neighbours, and flagged", GapFill::interpolate}};

struct WeatherFile {
  std::string file;
  std::string time_column = "time";
  std::string dry_bulb_column = "temperature_2m";
  std::string relative_humidity_column = "relative_humidity_2m";
  std::optional<sim::Duration> utc_offset;  ///< of the times in the file; else its own word for it, else they must say
  std::optional<double> elevation_m;
  GapFill fill = GapFill::refuse;
};

/// A column of an hourly file.
struct SeriesFile {
  std::string file;
  std::string column;
  std::string time_column;
  sim::Duration time_shift;  ///< added to each time of the file
  GapFill fill = GapFill::refuse;
};

struct RegionSpec {
  std::optional<models::CarbonBasis> carbon_basis;  ///< absent: direct of the catalogue, unstated of a given value
  std::optional<double> carbon_intensity_g_per_kwh;
  std::optional<double> price_usd_per_mwh;
  std::optional<SeriesFile> carbon;
  std::optional<SeriesFile> price;
};

enum class Processor { gpu, node };

struct JobsSpec {
  std::string log;  ///< a file in the Standard Workload Format
  Processor processor = Processor::gpu;
  sim::Duration from;
  sim::Duration warm_up;  ///< a whole number of hours
  std::optional<models::SyntheticJobs> synthetic;
};

struct ClusterSpec {
  std::string server = "dgx-h100";
  int nodes = 1;
  models::AnyQueueDiscipline scheduler = models::EasyBackfill{};
  std::optional<JobsSpec> jobs;
};

struct SiteSpec {
  std::map<std::string, double> region;  ///< share of the load by region; one name alone has all
  std::string climate;
  std::optional<WeatherFile> weather;
  std::optional<double> it_capacity_w;
  models::AnyCooling cooling;
  models::PowerDeliveryParameters power;
  std::map<std::string, ClusterSpec> cluster;
};

struct LogNormalSpec {
  double median = 1.0;
  double sigma = 0.0;
  double max = 32768.0;
};

/// One of the three.
struct LengthSpec {
  std::optional<double> fixed;
  std::optional<LogNormalSpec> lognormal;
  std::vector<sim::QuantilePoint> quantiles;
};

struct LengthsSpec {
  LengthSpec prompt{.fixed = {}, .lognormal = LogNormalSpec{.median = 1000.0, .sigma = 0.8}, .quantiles = {}};
  LengthSpec output{.fixed = {}, .lognormal = LogNormalSpec{.median = 200.0, .sigma = 1.0}, .quantiles = {}};
};

struct RequestsSpec {
  std::string trace;
  int scale = 1;
  bool repeat = false;
};

/// Images or videos that come with requests to a language model.
struct AttachmentsSpec {
  double fraction = 1.0;
  int tokens = 700;
  double encoder_s = 0.025;
};

inline constexpr double most_requests_per_s = 1e7;

struct DemandSpec {
  std::optional<AttachmentsSpec> attachments;
  std::optional<double> mean_requests_per_s;
  std::optional<RequestsSpec> requests;
  models::DemandShape shape = models::DemandShape::flat;
  std::string time_zone = "UTC";  ///< loading fills in the sites' own
  LengthsSpec lengths;
};

/// Sites from a CSV file; see loader/site_tables.hpp.
struct SiteTableSpec {
  std::string file;
  std::string template_name;
};

struct SloSpec {
  std::optional<double> ttft_p99_s;
  std::optional<double> tpot_p99_s;
  std::optional<double> latency_p99_s;
};

/// The region that carries most of a site (the first by name among equals); empty where none is given.
[[nodiscard]] std::string main_region(const SiteSpec& site);

struct WeightPrecisionEntry {
  std::string_view name;
  std::string_view meaning;
  models::WeightPrecision precision;
};
inline constexpr std::array weight_precisions = {
    WeightPrecisionEntry{"bf16", "16-bit weights", models::WeightPrecision::bf16},
    WeightPrecisionEntry{"fp8", "8-bit weights", models::WeightPrecision::fp8},
    WeightPrecisionEntry{"mxfp4", "4-bit floating-point experts; dense models: all weights",
                         models::WeightPrecision::mxfp4},
    WeightPrecisionEntry{"int4", "4-bit integer weights, 16-bit arithmetic (AWQ, GPTQ)",
                         models::WeightPrecision::int4}};

/// What a service of images or videos makes; the model's own where it is not said.
struct DiffusionSpec {
  std::optional<int> steps;
  std::optional<int> width_px;
  std::optional<int> height_px;
  std::optional<int> frames;
  int ulysses_parallel = 1;
  int ring_parallel = 1;
};

struct ServiceSpec {
  std::string model;
  std::optional<DiffusionSpec> diffusion;
  models::WeightPrecision precision = models::WeightPrecision::bf16;  ///< loading fills in how the model is published
  std::vector<std::string> runs_on;
  std::optional<int> tensor_parallel;
  int pipeline_parallel = 1;
  int data_parallel = 1;
  std::optional<bool> expert_parallel;
  std::optional<int> replicas;
  std::optional<int> batch_limit;
  int prefill_tokens_per_iteration = 2048;
  std::optional<double> kv_cache_tokens;
  std::optional<double> kv_cache_blocks;
  int kv_block_tokens = 16;
  std::string engine;
  std::optional<int> context_limit_tokens;
  models::OverLength over_length = models::OverLength::truncate;
  models::RouterPolicy router = models::RouterPolicy::round_robin;
  SloSpec slo;
  DemandSpec demand;
};

enum class RoutingPolicy { fixed_shares };

struct RoutingSpec {
  RoutingPolicy policy = RoutingPolicy::fixed_shares;
  std::map<std::string, double> shares;  ///< by site; empty = in proportion to replicas
};

/// A published figure beside the run's: a value that it should meet within a tolerance, or bounds.
struct Expectation {
  std::string claim;     ///< number of the claim in a list of them
  std::string says;      ///< the claim in words
  std::string quantity;  ///< a quantity, or arithmetic over some
  std::string unit;      ///< of arithmetic; a quantity has its own
  std::optional<double> value;
  std::string tolerance;  ///< empty: 1 %, or what the bounds say
  std::optional<double> at_least;
  std::optional<double> at_most;
  std::string source;
};

struct Scenario {
  Header scenario;
  std::map<std::string, SiteSpec> site;
  std::map<std::string, SiteTableSpec> site_table;
  std::map<std::string, SiteSpec> site_template;
  std::map<std::string, ServiceSpec> service;
  RoutingSpec routing;
  std::map<std::string, RegionSpec> region;
  std::vector<Expectation> expect;
  Catalog catalog;
};

}  // namespace fleetwatt::scenarios
