// fleetwatt explain MODEL ACCELERATOR: why a model takes the time and the power that it does: language models as they
// are served, diffusion models as they make images and videos.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "analysis/cli/command_line.hpp"
#include "analysis/cli/json_text.hpp"
#include "analysis/cli/serving_options.hpp"
#include "analysis/explain/explain_media.hpp"
#include "analysis/explain/explain_service.hpp"
#include "analysis/explain/explain_text.hpp"
#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/loader/diffusion_plan.hpp"
#include "scenarios/loader/load_scenario.hpp"
#include "scenarios/loader/service_plan.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

/// Options of diffusion models, as written.
struct MediaArguments {
  std::string steps;
  std::string width;
  std::string height;
  std::string frames;
  std::string ulysses;
  std::string ring;
};

struct ExplainArguments {
  std::string model;
  std::string accelerator;
  std::string precision;  ///< empty: as the model is published
  std::string tensor_parallel;
  std::string pipeline_parallel = "1";
  std::string data_parallel = "1";
  std::string engine;
  std::string prompt;
  std::string output;
  std::vector<std::string> batches;
  std::string catalog;
  bool json = false;
  MediaArguments media;
};

struct WrittenOption {
  const char* name;
  bool is_written;
};

std::vector<WrittenOption> language_options(const ExplainArguments& a) {
  return {{"--precision", !a.precision.empty()},
          {"--tensor-parallel", !a.tensor_parallel.empty()},
          {"--pipeline-parallel", a.pipeline_parallel != "1"},
          {"--data-parallel", a.data_parallel != "1"},
          {"--prompt", !a.prompt.empty()},
          {"--output", !a.output.empty()}};
}

std::vector<WrittenOption> media_options(const ExplainArguments& a) {
  return {{"--steps", !a.media.steps.empty()},     {"--width", !a.media.width.empty()},
          {"--height", !a.media.height.empty()},   {"--frames", !a.media.frames.empty()},
          {"--ulysses", !a.media.ulysses.empty()}, {"--ring", !a.media.ring.empty()}};
}

/// Turns the words of the command line into a question; collects all that is wrong with them.
class Reader : private ServingOptions {
 public:
  Reader(const ExplainArguments& arguments, const scenarios::Catalog& catalog)
      : arguments_(arguments), catalog_(catalog) {}

  /// What is asked of a diffusion model of the catalogue, and for which batches.
  std::pair<models::DiffusionDeployment, std::vector<int>> media_question() {
    scenarios::ServiceSpec spec;
    spec.model = arguments_.model;
    spec.engine = arguments_.engine;
    spec.diffusion = diffusion();
    auto sizes = batches();
    refuse_options(language_options(arguments_), "a language model");
    const bool has_model = known("diffusion model", catalog_.diffusion_model, arguments_.model);
    if (known("accelerator", catalog_.accelerator, arguments_.accelerator) && has_model)
      check_media(spec, scenarios::accelerator_from(catalog_, arguments_.accelerator));
    require_none();
    const auto accelerator = scenarios::accelerator_from(catalog_, arguments_.accelerator);
    return {scenarios::diffusion_deployment(catalog_, spec, accelerator), std::move(sizes)};
  }

  ServiceQuestion question() {
    ServiceQuestion question;
    scenarios::ServiceSpec spec = service();
    read_tokens(question);
    question.batches = batches();
    if (in_wrong_order()) {
      fault(fmt::format("{} is an accelerator and {} a model", arguments_.model, arguments_.accelerator),
            fmt::format("the model comes first: fleetwatt explain {} {}", arguments_.accelerator, arguments_.model));
      require_none();
    }
    if (arguments_.model.ends_with(".toml")) {
      fault(fmt::format("explain takes a model, and {} looks like a file", arguments_.model),
            fmt::format("fleetwatt explain MODEL ACCELERATOR --catalog {}", arguments_.model));
      require_none();
    }
    const bool has_model = known("model", catalog_.model, arguments_.model);
    refuse_options(media_options(arguments_), "a diffusion model");
    const bool has_accelerator = known("accelerator", catalog_.accelerator, arguments_.accelerator);
    if (!arguments_.engine.empty()) known("engine", catalog_.engine, arguments_.engine);
    if (has_model) question.model = scenarios::model_from(catalog_, arguments_.model);
    if (has_accelerator) question.accelerator = scenarios::accelerator_from(catalog_, arguments_.accelerator);
    if (has_model) check_context_limit(question);
    if (has_accelerator) check_precision(spec, question.accelerator);
    if (has_accelerator && scenarios::engine_name(spec, question.accelerator).empty())
      fault(fmt::format("no engine was calibrated on {}", question.accelerator.title),
            fmt::format("name one that is near enough, --engine {}; or fit your own with fleetwatt calibrate",
                        fmt::join(scenarios::names_of(catalog_.engine), ", ")));
    require_none();
    const std::string engine = scenarios::engine_name(spec, question.accelerator);
    question.engine = catalog_.engine.at(engine);
    static_cast<models::EngineConstants&>(question.engine) =
        scenarios::engine_for(catalog_, spec, question.accelerator);  // as it stands on this accelerator
    question.deployment = scenarios::deployment_of(spec, question.model, question.accelerator, question.engine);
    return question;
  }

 private:
  [[nodiscard]] bool in_wrong_order() const {
    return !catalog_.model.contains(arguments_.model) && catalog_.model.contains(arguments_.accelerator) &&
           catalog_.accelerator.contains(arguments_.model);
  }

  void refuse_options(const std::vector<WrittenOption>& options, const char* of_what) {
    for (const auto& option : options) {
      if (option.is_written)
        fault(fmt::format("{} is an option of {}, and {} is none", option.name, of_what, arguments_.model),
              "leave it out");
    }
  }

  std::vector<int> batches() {
    std::vector<int> read;
    for (const auto& text : arguments_.batches) {
      if (const auto batch = whole_number("--batch", text.empty() ? "nothing" : text, {1, 16384}))
        read.push_back(*batch);
    }
    return read;
  }

  scenarios::DiffusionSpec diffusion() {
    scenarios::DiffusionSpec spec;
    const auto number = [&](const char* option, const std::string& text, int most) {
      return text.empty() ? std::nullopt : whole_number(option, text, {1, most});
    };
    const MediaArguments& media = arguments_.media;
    spec.steps = number("--steps", media.steps, 10000);
    spec.width_px = number("--width", media.width, 65536);
    spec.height_px = number("--height", media.height, 65536);
    spec.frames = number("--frames", media.frames, 100000);
    spec.ulysses_parallel = number("--ulysses", media.ulysses, 256).value_or(1);
    spec.ring_parallel = number("--ring", media.ring, 256).value_or(1);
    return spec;
  }

  void check_media(const scenarios::ServiceSpec& spec, const models::Accelerator& accelerator) {
    const auto model = scenarios::diffusion_model_from(catalog_, spec.model);
    if (const auto wrong = models::size_fault(model, scenarios::media_size(*spec.diffusion, model)))
      fault(wrong->message, wrong->mend);
    const int heads = model.hidden / model.head_dim;
    if (heads % spec.diffusion->ulysses_parallel != 0)
      fault(fmt::format("{} GPUs cannot share {} heads evenly", spec.diffusion->ulysses_parallel, heads),
            "a divisor of the heads; more GPUs with --ring");
    const std::string engine = scenarios::diffusion_engine_name(spec, accelerator);
    if (engine.empty() || !catalog_.diffusion_engine.contains(engine))
      fault(engine.empty() ? fmt::format("no engine for images or videos was calibrated on {}", accelerator.title)
                           : fmt::format("no diffusion engine `{}`", engine),
            fmt::format("--engine {}", fmt::join(scenarios::names_of(catalog_.diffusion_engine), ", ")));
  }

  scenarios::ServiceSpec service() {
    scenarios::ServiceSpec spec;
    spec.model = arguments_.model;
    spec.engine = arguments_.engine;
    spec.precision = precision(arguments_.precision, catalog_.model, arguments_.model);
    if (!arguments_.tensor_parallel.empty())
      spec.tensor_parallel = whole_number("--tensor-parallel", arguments_.tensor_parallel, {1, 1024});
    spec.pipeline_parallel = whole_number("--pipeline-parallel", arguments_.pipeline_parallel, {1, 64}).value_or(1);
    spec.data_parallel = whole_number("--data-parallel", arguments_.data_parallel, {1, 1024}).value_or(1);
    return spec;
  }

  void read_tokens(ServiceQuestion& question) {
    constexpr Range tokens{1, 10'000'000};
    if (!arguments_.prompt.empty())
      question.prompt_tokens = whole_number("--prompt", arguments_.prompt, tokens).value_or(question.prompt_tokens);
    if (!arguments_.output.empty())
      question.output_tokens = whole_number("--output", arguments_.output, tokens).value_or(question.output_tokens);
  }

  void check_context_limit(const ServiceQuestion& question) {
    const int limit = question.model.context_limit_tokens;
    const std::int64_t wanted = std::int64_t{question.prompt_tokens} + question.output_tokens;
    if (limit == 0 || wanted <= limit) return;
    fault(fmt::format("{} + {} tokens are more than the context of {}, {}", question.prompt_tokens,
                      question.output_tokens, question.model.title, limit),
          "a shorter --prompt or --output");
  }

  void check_precision(const scenarios::ServiceSpec& spec, const models::Accelerator& accelerator) {
    if (spec.precision == models::WeightPrecision::fp8 && accelerator.fp8_flop_per_s <= 0.0)
      fault(fmt::format("{} has no FP8", accelerator.title), "--precision bf16");
  }

  const ExplainArguments& arguments_;
  const scenarios::Catalog& catalog_;
};

ExitCode explain(const ExplainArguments& arguments, const Console& console) {
  const auto catalog = arguments.catalog.empty() ? scenarios::built_in_catalog()
                                                 : scenarios::load_scenario(arguments.catalog, {}).scenario.catalog;
  if (catalog.diffusion_model.contains(arguments.model)) {
    const auto [deployment, batches] = Reader(arguments, catalog).media_question();
    const auto media = explain_media(deployment, batches);
    console.out << (arguments.json ? json_text(media_json(media)) : media_text(media, console.screen));
    return ExitCode::ok;
  }
  const auto explained = explain_service(Reader(arguments, catalog).question());
  console.out << (arguments.json ? json_text(explanation_json(explained))
                                 : explanation_text(explained, console.screen));
  return ExitCode::ok;
}

}  // namespace

void add_explain(CLI::App& program, const Console& console, Action& chosen) {
  auto* command = program.add_subcommand("explain", "why a model on an accelerator takes its time and power");
  auto arguments = std::make_shared<ExplainArguments>();
  const ServiceQuestion usual;
  command
      ->add_option("MODEL", arguments->model,
                   "model of the catalogue, such as llama-3.1-8b or stable-diffusion-3-medium")
      ->required();
  command->add_option("ACCELERATOR", arguments->accelerator, "accelerator of the catalogue, such as h100-sxm")
      ->required();
  command->add_option("--precision", arguments->precision, "of the weights; default: as the model is published")
      ->type_name("{bf16,fp8,mxfp4,int4}");
  const auto number = [&](const char* name, std::string& value, const std::string& meaning) {
    command->add_option(name, value, meaning)->type_name("N");
  };
  number("--tensor-parallel", arguments->tensor_parallel,
         "GPUs over which each layer is split; default: the fewest, a power of two, that hold the weights and 10 %");
  number("--pipeline-parallel", arguments->pipeline_parallel, "stages over which the layers are dealt; default: 1");
  number("--data-parallel", arguments->data_parallel, "copies of all but the experts, in lock-step; default: 1");
  command
      ->add_option("--engine", arguments->engine,
                   "engine of the catalogue, with its constants; default: the accelerator's")
      ->type_name("NAME");
  number("--prompt", arguments->prompt, fmt::format("prompt tokens of a request; default: {}", usual.prompt_tokens));
  number("--output", arguments->output, fmt::format("output tokens of a request; default: {}", usual.output_tokens));
  command
      ->add_option("--batch", arguments->batches,
                   "sequences in flight, or images made together, with commas between; default: 1, 2, 4, ... up to "
                   "what the cache "
                   "holds, or to 8")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("A,B,...");
  number("--steps", arguments->media.steps, "images and videos: denoising steps; default: the model's");
  number("--width", arguments->media.width, "pixels; default: the model's");
  number("--height", arguments->media.height, "pixels; default: the model's");
  number("--frames", arguments->media.frames, "of a video; default: the model's");
  number("--ulysses", arguments->media.ulysses, "GPUs over which heads are dealt in attention; default: 1");
  number("--ring", arguments->media.ring, "GPUs round which keys and values go, times those; default: 1");
  command->add_option("--catalog", arguments->catalog, "scenario file (TOML) whose catalogue entries count, too");
  command->add_flag("--json", arguments->json, "print the figures as JSON, parts of all batches included");
  command->footer(
      "Example:\n  fleetwatt explain llama-3.1-8b h100-sxm\n"
      "  fleetwatt explain llama-3.1-405b h100-sxm --precision fp8 --batch 8,64,256\n"
      "  fleetwatt explain stable-diffusion-3-medium h100-sxm --steps 50 --batch 1,4");
  command->callback(
      [arguments, &console, &chosen] { chosen = [arguments, &console] { return explain(*arguments, console); }; });
}

}  // namespace fleetwatt::analysis
