// Descriptions of demand: rates, traces, lengths; and of batch jobs.
#include "models/workload/demand_curve.hpp"
#include "models/workload/job_generator.hpp"
#include "scenarios/schema/scenario.hpp"
#include "scenarios/schema/tables.hpp"

namespace fleetwatt::scenarios {

namespace {

const TableSpec& lognormal_table() {
  using P = LogNormalSpec;
  static const TableSpec table{
      "log-normal",
      {field("median", &P::median, {.unit = units::tokens, .range = {1, 1e7}, .meaning = "half are longer"}),
       field("sigma", &P::sigma, {.range = {0, 5}, .meaning = "standard deviation of the logarithm"}),
       field("max", &P::max, {.unit = units::tokens, .range = {1, 1e7}, .meaning = "longer ones are cut to it"})}};
  return table;
}

const TableSpec& length_table() {
  using P = LengthSpec;
  static const TableSpec table{
      "a law for lengths in tokens: one of the three",
      {field(
           "fixed", &P::fixed,
           {.unit = units::tokens, .range = {1, 1e7}, .meaning = "all alike", .replaces = {"lognormal", "quantiles"}}),
       table_of("lognormal", &P::lognormal, lognormal_table(),
                {.meaning = "log-normal", .replaces = {"fixed", "quantiles"}}),
       field("quantiles", &P::quantiles,
             {.meaning = "pairs [probability, tokens], linear between them", .replaces = {"fixed", "lognormal"}})}};
  return table;
}

const TableSpec& lengths_table() {
  static const TableSpec table{
      "how long requests are",
      {table_of("prompt", &LengthsSpec::prompt, length_table(), {.meaning = "prompt tokens"}),
       table_of("output", &LengthsSpec::output, length_table(), {.meaning = "generated tokens"})}};
  return table;
}

const TableSpec& attachments_table() {
  using P = AttachmentsSpec;
  static const TableSpec table{
      "images or videos that come with requests to a language model",
      {field("request_fraction", &P::fraction,
             {.unit = units::fraction, .range = {0, 1}, .meaning = "of requests that have some"}),
       field("tokens", &P::tokens,
             {.unit = units::tokens, .range = {1, 1e6}, .meaning = "that they add to the prompt of each"}),
       field("encoder_ms", &P::encoder_s,
             {.unit = units::millisecond,
              .range = {0, 1e6},
              .meaning = "preparing and encoding those of one request; an image: 20 to 30 in published image chat"})}};
  return table;
}

const TableSpec& requests_table() {
  using P = RequestsSpec;
  static const TableSpec table{
      "replay of a recorded trace, its clock advancing with the demand's shape",
      {field("trace", &P::trace, {.meaning = "CSV with TIMESTAMP, ContextTokens, GeneratedTokens", .required = true}),
       field("scale", &P::scale,
             {.range = {1, 100000}, .meaning = "superposed copies, each from a seeded offset of its own"}),
       field("repeat", &P::repeat, {.meaning = "begin again at the trace's end"})}};
  return table;
}

const TableSpec& synthetic_jobs_table() {
  using P = models::SyntheticJobs;
  static const TableSpec table{
      "seeded synthetic jobs; sizes never exceed the cluster",
      {field("mean_interarrival_s", &P::mean_interarrival_s,
             {.unit = units::second, .range = {1, 1e7}, .meaning = "between submissions"}),
       field("interarrival_shape", &P::interarrival_shape,
             {.range = {0.1, 10}, .meaning = "of the Weibull law; below 1: bursts"}),
       field("doubling_probability", &P::doubling_probability,
             {.range = {0, 0.99}, .meaning = "a job of 2^k GPUs is of 2^(k+1) or more with this probability"}),
       field("median_run_s", &P::median_run_s,
             {.unit = units::second, .range = {1, 1e8}, .meaning = "half run longer"}),
       field("run_sigma", &P::run_sigma,
             {.range = {0, 5}, .meaning = "standard deviation of the run time's logarithm"}),
       field("max_run_s", &P::max_run_s, {.unit = units::second, .range = {1, 1e8}, .meaning = "longest run"}),
       field("max_estimate_factor", &P::max_estimate_factor,
             {.range = {1, 100}, .meaning = "estimate over run time is uniform from 1 to this"})}};
  return table;
}

struct NamedProcessor {
  std::string_view name;
  std::string_view meaning;
  Processor value;
};
constexpr std::array processors = {
    NamedProcessor{"gpu", "one processor of the log is one GPU", Processor::gpu},
    NamedProcessor{"node", "one processor of the log is one whole server", Processor::node}};

}  // namespace

const TableSpec& demand_table() {
  using P = DemandSpec;
  static const TableSpec table{
      "what users ask of a service",
      {field("mean_requests_per_s", &P::mean_requests_per_s,
             {.unit = units::per_s,
              .range = {0, most_requests_per_s},
              .meaning = "mean over the week; Poisson arrivals",
              .replaces = {"requests"}}),
       table_of(
           "requests", &P::requests, requests_table(),
           {.meaning = "a recorded trace in place of a mean rate", .replaces = {"mean_requests_per_s", "lengths"}}),
       table_of("attachments", &P::attachments, attachments_table(),
                {.meaning = "images or videos that come with prompts"}),
       choice("shape", &P::shape, models::demand_shapes, [](const models::DemandShapeEntry& e) { return e.shape; },
              {.meaning = "curve over the day and the week"}),
       field("time_zone", &P::time_zone,
             {.meaning = "of the users: an IANA name; absent: the sites' own, where they have one"}),
       table_of("lengths", &P::lengths, lengths_table(), {.meaning = "of Poisson requests; a trace has its own"})}};
  return table;
}

const TableSpec& jobs_table() {
  using P = JobsSpec;
  static const TableSpec table{
      "batch jobs: from a log, or synthetic",
      {field("log", &P::log, {.meaning = "file in the Standard Workload Format", .replaces = {"synthetic"}}),
       choice("processor", &P::processor, processors, [](const NamedProcessor& p) { return p.value; },
              {.meaning = "what a processor of the log stands for"}),
       field("from", &P::from,
             {.range = {0, 3.1536e8},
              .meaning = "moment of the log that is the run's start; earlier jobs are not there, but for the warm-up"}),
       field(
           "warm_up", &P::warm_up,
           {.range = {0, 3.1536e7},
            .meaning = "whole hours that the cluster runs before the run's start, excluded from every figure: it then "
                       "starts with jobs that run and wait"}),
       table_of("synthetic", &P::synthetic, synthetic_jobs_table(),
                {.meaning = "seeded jobs in place of a log", .replaces = {"log", "processor", "from"}})}};
  return table;
}

}  // namespace fleetwatt::scenarios
