// fleetwatt calibrate LOG: a measured serving run, replayed and fitted; writes a profile that scenarios can name.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <ostream>

#include "analysis/calibrate/fit_profile.hpp"
#include "analysis/calibrate/profile_text.hpp"
#include "analysis/cli/command_line.hpp"
#include "analysis/cli/serving_options.hpp"
#include "analysis/results/atomic_file.hpp"
#include "analysis/results/output_path.hpp"
#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/loader/file_text.hpp"
#include "scenarios/loader/load_scenario.hpp"
#include "scenarios/loader/service_plan.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

struct CalibrateArguments {
  std::string log;
  std::string power_log;
  std::string model;
  std::string accelerator;
  std::string engine;
  std::string precision;  ///< empty: as the model is published
  std::string tensor_parallel;
  std::string pipeline_parallel = "1";
  std::string data_parallel = "1";
  std::string batch_limit;
  std::string prefill_tokens;
  std::string kv_blocks;
  std::string kv_block_tokens;
  std::string kv_tokens;
  std::vector<std::string> fit;
  std::vector<std::string> columns;
  std::string catalog;
  std::string output;
  std::string name;
  bool force = false;
};

struct Columns {
  ServingLogColumns requests;
  PowerLogColumns power;
};

struct ColumnField {
  std::string_view name;
  std::string& (*of)(Columns& columns);
};
constexpr std::array column_fields = {
    ColumnField{"arrival", [](Columns& c) -> std::string& { return c.requests.arrival; }},
    ColumnField{"prompt_tokens", [](Columns& c) -> std::string& { return c.requests.prompt_tokens; }},
    ColumnField{"output_tokens", [](Columns& c) -> std::string& { return c.requests.output_tokens; }},
    ColumnField{"first_token", [](Columns& c) -> std::string& { return c.requests.first_token; }},
    ColumnField{"time_to_first_token", [](Columns& c) -> std::string& { return c.requests.time_to_first_token; }},
    ColumnField{"end", [](Columns& c) -> std::string& { return c.requests.end; }},
    ColumnField{"latency", [](Columns& c) -> std::string& { return c.requests.latency; }},
    ColumnField{"queued", [](Columns& c) -> std::string& { return c.requests.queued; }},
    ColumnField{"status", [](Columns& c) -> std::string& { return c.requests.status; }},
    ColumnField{"power_time", [](Columns& c) -> std::string& { return c.power.time; }},
    ColumnField{"power", [](Columns& c) -> std::string& { return c.power.power; }}};

std::string file_name(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

[[noreturn]] void refuse(const std::string& where, std::string message, std::string mend) {
  throw sim::InputError(sim::Diagnostic{{where, 0, 0}, std::move(message), "", 1, std::move(mend)});
}

/// Turns the words of the command line into a task, its logs aside; collects all that is wrong with them.
class Reader : private ServingOptions {
 public:
  Reader(const CalibrateArguments& arguments, const scenarios::Catalog& catalog)
      : arguments_(arguments), catalog_(catalog) {}

  ProfileTask task() {
    const scenarios::ServiceSpec spec = service();
    known("model", catalog_.model, arguments_.model);
    const bool has_accelerator = known("accelerator", catalog_.accelerator, arguments_.accelerator);
    if (!arguments_.engine.empty()) known("engine", catalog_.engine, arguments_.engine);
    if (has_accelerator) check_accelerator(spec);
    check_name();
    require_none();

    ProfileTask task;
    task.model = scenarios::model_from(catalog_, arguments_.model);
    task.accelerator = scenarios::accelerator_from(catalog_, arguments_.accelerator);
    const std::string engine = scenarios::engine_name(spec, task.accelerator);
    task.engine = catalog_.engine.at(engine);
    task.engine.id = engine;
    task.calibrated_on = task.accelerator;
    if (catalog_.accelerator.contains(task.engine.accelerator))
      task.calibrated_on = scenarios::accelerator_from(catalog_, task.engine.accelerator);
    task.deployment = scenarios::deployment_of(spec, task.model, task.accelerator, task.engine);
    check_engine(task);
    require_none();
    task.fit = arguments_.fit;
    return task;
  }

  Columns columns() {
    Columns columns;
    std::vector<std::string> names;
    for (const auto& field : column_fields) names.emplace_back(field.name);
    for (const auto& text : arguments_.columns) {
      const std::size_t equals = text.find('=');
      const std::string name = text.substr(0, equals);
      const auto* field = std::ranges::find(column_fields, name, &ColumnField::name);
      if (equals == std::string::npos || equals + 1 == text.size())
        fault(fmt::format("--column {}: not FIELD=NAME", text), "such as --column arrival=t_start");
      else if (field == column_fields.end())
        fault(fmt::format("--column {}: no field `{}`", text, name), one_of(name, names));
      else
        field->of(columns) = text.substr(equals + 1);
    }
    require_none();
    return columns;
  }

  std::string id(const ProfileTask& task) const {
    return arguments_.name.empty() ? task.engine.id + "-fitted" : arguments_.name;
  }

 private:
  scenarios::ServiceSpec service() {
    scenarios::ServiceSpec spec;
    spec.model = arguments_.model;
    spec.engine = arguments_.engine;
    spec.precision = precision(arguments_.precision, catalog_.model, arguments_.model);
    spec.tensor_parallel = whole_number("--tensor-parallel", arguments_.tensor_parallel, {1, 1024});
    spec.pipeline_parallel = whole_number("--pipeline-parallel", arguments_.pipeline_parallel, {1, 64}).value_or(1);
    spec.data_parallel = whole_number("--data-parallel", arguments_.data_parallel, {1, 1024}).value_or(1);
    spec.batch_limit = whole_number("--batch-limit", arguments_.batch_limit, {1, 16384});
    spec.prefill_tokens_per_iteration = whole_number("--prefill-tokens", arguments_.prefill_tokens, {16, 1'000'000})
                                            .value_or(spec.prefill_tokens_per_iteration);
    spec.kv_block_tokens =
        whole_number("--kv-block-tokens", arguments_.kv_block_tokens, {1, 1024}).value_or(spec.kv_block_tokens);
    if (const auto blocks = whole_number("--kv-blocks", arguments_.kv_blocks, {1, 1'000'000'000}))
      spec.kv_cache_blocks = *blocks;
    if (const auto tokens = whole_number("--kv-tokens", arguments_.kv_tokens, {16, 2'000'000'000}))
      spec.kv_cache_tokens = *tokens;
    if (!arguments_.kv_blocks.empty() && !arguments_.kv_tokens.empty())
      fault("--kv-blocks and --kv-tokens are both given for one capacity", "leave one of the two out");
    return spec;
  }

  void check_accelerator(const scenarios::ServiceSpec& spec) {
    const auto accelerator = scenarios::accelerator_from(catalog_, arguments_.accelerator);
    if (spec.precision == models::WeightPrecision::fp8 && accelerator.fp8_flop_per_s <= 0.0)
      fault(fmt::format("{} has no FP8", accelerator.title), "--precision bf16");
    if (scenarios::engine_name(spec, accelerator).empty())
      fault(fmt::format("no engine was calibrated on {}, and a fit begins with one", accelerator.title),
            fmt::format("name one that is near enough, --engine {}",
                        fmt::join(scenarios::names_of(catalog_.engine), ", ")));
  }

  void check_engine(const ProfileTask& task) {
    if (task.engine.tables)
      fault(fmt::format("engine {} has measured tables in place of constants, and a fit would not change them",
                        task.engine.id),
            "begin with an --engine of constants");
    try {
      static_cast<void>(
          models::nearest_constants(task.engine, models::kernel_family(task.model, task.deployment.precision)));
    } catch (const sim::OutOfRange& error) {
      fault(error.what(),
            fmt::format("another --engine, one of: {}", fmt::join(scenarios::names_of(catalog_.engine), ", ")));
    }
  }

  void check_name() {
    const auto& name = arguments_.name;
    const auto is_plain = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    if (!std::ranges::all_of(name, is_plain))
      fault(fmt::format("--name {}: not a plain name", name), "letters, digits, `-` and `_`");
    if (catalog_.engine.contains(name))
      fault(fmt::format("--name {}: the catalogue has an engine of that name, which the profile would change", name),
            "another name");
  }

  const CalibrateArguments& arguments_;
  const scenarios::Catalog& catalog_;
};

std::string log_text(const std::string& path, const char* what) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) refuse(path, "there is no such file", what);
  return scenarios::read_file(path);
}

/// A scenario, or any other file that is no profile, is not to be lost.
void check_output(const CalibrateArguments& arguments) {
  refuse_input_as_output(arguments.output, {arguments.log, arguments.power_log, arguments.catalog});
  if (arguments.force) return;
  refuse_foreign_output(arguments.output,
                        {.is_own = [](std::string_view text) { return text.starts_with(profile_heading); },
                         .name = "profile that `fleetwatt calibrate` wrote",
                         .option = "-o"});
}

ExitCode calibrate(const CalibrateArguments& arguments, const Console& console) {
  const auto catalog = arguments.catalog.empty() ? scenarios::built_in_catalog()
                                                 : scenarios::load_scenario(arguments.catalog, {}).scenario.catalog;
  Reader reader(arguments, catalog);
  ProfileTask task = reader.task();
  const Columns columns = reader.columns();
  check_output(arguments);
  ProfileOrigin origin{reader.id(task), file_name(arguments.log), {}, file_name(arguments.power_log), {}};
  origin.log_text = log_text(arguments.log, "name the log of a serving engine's requests, CSV or JSON lines");
  task.log_name = arguments.log;
  task.log = read_serving_log(origin.log_text, arguments.log, columns.requests);
  if (!arguments.power_log.empty()) {
    origin.power_log_text = log_text(arguments.power_log, "name a log of power over time, CSV or JSON lines");
    task.power_log_name = arguments.power_log;
    task.power_log = read_power_log(origin.power_log_text, arguments.power_log, columns.power);
  }
  const ProfileFit fit = fit_profile(task);
  if (!arguments.output.empty()) write_atomically(arguments.output, profile_text(task, fit, origin));
  console.out << profile_report(task, fit, console.screen);
  if (!arguments.output.empty()) {
    const auto line =
        fmt::format("wrote {}: engine {}; in a scenario: extends = \"{}\", and engine = \"{}\" in a service\n",
                    arguments.output, origin.id, file_name(arguments.output), origin.id);
    console.out << wrapped(line, console.screen);
  }
  return ExitCode::ok;
}

}  // namespace

void add_calibrate(CLI::App& program, const Console& console, Action& chosen) {
  auto* command = program.add_subcommand(
      "calibrate", "fit a serving engine's constants to a run of your own, and write them as a profile");
  auto arguments = std::make_shared<CalibrateArguments>();
  const auto text = [&](const char* name, std::string& value, const char* type, const std::string& meaning) {
    return command->add_option(name, value, meaning)->type_name(type);
  };
  command
      ->add_option("LOG", arguments->log,
                   "file with a request a row (CSV or JSON lines): arrival, tokens, first-token and end times")
      ->required();
  text("--model", arguments->model, "NAME", "language model of the catalogue that was served")->required();
  text("--accelerator", arguments->accelerator, "NAME", "accelerator of the catalogue that it ran on")->required();
  text("--engine", arguments->engine, "NAME",
       "engine of the catalogue that the fit begins with; default: the accelerator's");
  text("--precision", arguments->precision, "{bf16,fp8,mxfp4,int4}",
       "of the weights; default: as the model is published");
  text("--tensor-parallel", arguments->tensor_parallel, "N",
       "GPUs over which each layer was split; default: the fewest, a power of two, that hold the weights and 10 %");
  text("--pipeline-parallel", arguments->pipeline_parallel, "N", "stages; default: 1");
  text("--data-parallel", arguments->data_parallel, "N", "copies of all but the experts, in lock-step; default: 1");
  const scenarios::ServiceSpec usual;
  text("--batch-limit", arguments->batch_limit, "N",
       fmt::format("most sequences in flight (max_num_seqs); default: {}", models::Deployment{}.batch_limit));
  text("--prefill-tokens", arguments->prefill_tokens, "N",
       fmt::format("most tokens of an iteration (max_num_batched_tokens); default: {}",
                   usual.prefill_tokens_per_iteration));
  text("--kv-blocks", arguments->kv_blocks, "N", "blocks of the cache, as the engine prints them");
  text("--kv-block-tokens", arguments->kv_block_tokens, "N",
       fmt::format("tokens of a block; default: {}", usual.kv_block_tokens));
  text("--kv-tokens", arguments->kv_tokens, "N", "tokens of the cache; default: what memory leaves");
  command
      ->add_option("--fit", arguments->fit,
                   "constant to fit: memory, prefill, power, or a key of the catalogue such as dense.layer_us; may be "
                   "repeated; default: memory and prefill, and power with a power log")
      ->type_name("KEY[,KEY]")
      ->delimiter(',')
      ->allow_extra_args(false);
  text("--power-log", arguments->power_log, "FILE",
       "file with the power of all GPUs of the replica over time, on the clock of the arrivals");
  std::vector<std::string_view> fields;
  for (const auto& field : column_fields) fields.push_back(field.name);
  command
      ->add_option("--column", arguments->columns,
                   fmt::format("FIELD=NAME: which column or key of a log has what, where its name is not recognised; "
                               "fields: {}; may be repeated",
                               fmt::join(fields, ", ")))
      ->type_name("FIELD=NAME")
      ->allow_extra_args(false);
  text("--catalog", arguments->catalog, "FILE", "scenario file (TOML) whose catalogue entries count, too");
  text("-o,--output", arguments->output, "FILE", "profile to write (TOML); default: none");
  text("--name", arguments->name, "ID", "of the engine in the profile; default: the engine's with -fitted");
  command->add_flag("--force", arguments->force, "replace whatever the profile's file was");
  command->footer(
      "Example:\n  fleetwatt calibrate requests.jsonl --model llama-3.1-8b --accelerator rtx-pro-6000 --batch-limit "
      "128 "
      "-o profile.toml --name our-engine\n"
      "A scenario then has extends = \"profile.toml\", and engine = \"our-engine\" in a service.");
  command->callback(
      [arguments, &console, &chosen] { chosen = [arguments, &console] { return calibrate(*arguments, console); }; });
}

}  // namespace fleetwatt::analysis
