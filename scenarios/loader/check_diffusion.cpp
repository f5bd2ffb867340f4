#include "scenarios/loader/check_diffusion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/loader/diffusion_plan.hpp"
#include "scenarios/loader/missing_figures.hpp"
#include "scenarios/schema/field.hpp"
#include "scenarios/schema/nearest.hpp"

namespace fleetwatt::scenarios {

namespace {

class Reporter {
 public:
  Reporter(LoadedScenario& loaded, const std::string& name) : loaded_(loaded), path_(join_path("service", name)) {}

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] bool is_written(const std::string& key) const {
    return loaded_.document.find(path_ + "." + key) != nullptr;
  }
  void error(const std::string& key, std::string message, std::string mend) {
    loaded_.diagnostics.error(loaded_.origin_of(path_ + "." + key), std::move(message), std::move(mend));
  }

 private:
  LoadedScenario& loaded_;
  std::string path_;
};

std::string kind_of(const Catalog& catalog, const std::string& model) {
  const bool is_diffusion = catalog.diffusion_model.contains(model);
  return is_diffusion ? fmt::format("a diffusion model ({})", name_of(catalog.diffusion_model.at(model).media))
                      : "a language model";
}

}  // namespace

bool check_model_kind(LoadedScenario& loaded, const std::string& name, const ServiceSpec& service) {
  const Catalog& catalog = loaded.scenario.catalog;
  const bool wants_diffusion = service.diffusion.has_value();
  const bool is_language = catalog.model.contains(service.model);
  const bool is_diffusion = catalog.diffusion_model.contains(service.model);
  if (service.model.empty() || (wants_diffusion ? is_diffusion : is_language)) return !service.model.empty();
  Reporter report(loaded, name);
  if (!is_language && !is_diffusion) {
    auto known = wants_diffusion ? names_of(catalog.diffusion_model) : names_of(catalog.model);
    report.error("model", fmt::format("no model `{}` in the catalogue", service.model),
                 suggestion(service.model, known));
  } else if (wants_diffusion) {
    report.error("model",
                 fmt::format("`{}` is {}, and [{}] makes images or videos", service.model,
                             kind_of(catalog, service.model), report.path()),
                 "take its `diffusion` away, or name a diffusion model such as stable-diffusion-3-medium");
  } else {
    report.error("model",
                 fmt::format("`{}` is {}, and [{}] is a service of a language model", service.model,
                             kind_of(catalog, service.model), report.path()),
                 fmt::format("give it a [{}.diffusion], which may be empty, or name a language model", report.path()));
  }
  return false;
}

void check_diffusion_service(LoadedScenario& loaded, const std::string& name, const ServiceSpec& service) {
  Reporter report(loaded, name);
  const DiffusionModelEntry& entry = loaded.scenario.catalog.diffusion_model.at(service.model);
  for (const char* key : language_keys) {
    if (report.is_written(key))
      report.error(key, fmt::format("`{}` means nothing to {}, a diffusion model", key, service.model),
                   "leave it out; what such a service has of its own stands in its `diffusion` table");
  }
  if (const auto missing = missing_figures(entry); !missing.empty()) {
    report.error("model", fmt::format("the diffusion model `{}` has no {}", service.model, fmt::join(missing, ", ")),
                 "write them, or let it extend an entry that has them: extends = \"NAME\"");
    return;
  }
  const auto model = diffusion_model_from(loaded.scenario.catalog, service.model);
  if (const auto fault = models::size_fault(model, media_size(*service.diffusion, model)))
    report.error("diffusion." + fault->key, fault->message, fault->mend);
  const int heads = model.hidden / model.head_dim;
  if (heads % service.diffusion->ulysses_parallel != 0)
    report.error("diffusion.ulysses_parallel",
                 fmt::format("{} GPUs cannot share the {} heads of {} evenly", service.diffusion->ulysses_parallel,
                             heads, model.title),
                 "a divisor of the heads; more GPUs with ring_parallel");
}

void check_diffusion_on(LoadedScenario& loaded, const std::string& name, const ServiceSpec& service,
                        const std::string& cluster, const models::Accelerator& accelerator) {
  Reporter report(loaded, name);
  const Catalog& catalog = loaded.scenario.catalog;
  const std::string engine = diffusion_engine_name(service, accelerator);
  const std::string key = service.engine.empty() ? "runs_on" : "engine";
  if (engine.empty()) {
    report.error(key,
                 fmt::format("no constants for images or videos on {} of cluster `{}`", accelerator.title, cluster),
                 "name an `engine` that is near enough, such as xdit-2025-h100");
    return;
  }
  if (!catalog.diffusion_engine.contains(engine)) {
    const bool serves_language = catalog.engine.contains(engine);
    report.error(key,
                 serves_language ? fmt::format("engine `{}` serves language models, not images or videos", engine)
                                 : fmt::format("no diffusion engine `{}`", engine),
                 suggestion(engine, names_of(catalog.diffusion_engine)));
    return;
  }
  const auto deployment = diffusion_deployment(catalog, service, accelerator);
  const auto& constants = models::constants_for(deployment.engine, deployment.model.media);
  if (!constants) {
    report.error(key, fmt::format("engine `{}` has no constants for {}", engine, name_of(deployment.model.media)),
                 "name another engine, or give it the table that is missing");
  } else if (constants->resident_w >= accelerator.tdp_w) {
    report.error(key,
                 fmt::format("engine `{}` draws {:.0f} W with a kernel resident, and {} may draw {:.0f} W", engine,
                             constants->resident_w, accelerator.title, accelerator.tdp_w),
                 "name another engine");
  } else if (constants->resident_w < accelerator.idle_w) {
    report.error(
        key,
        fmt::format("engine `{}` draws {:.4g} W with a kernel resident, less than the {:.4g} W that {} idles at",
                    engine, constants->resident_w, accelerator.idle_w, accelerator.title),
        "name another engine, or give the accelerator a smaller idle_w");
  }
  const double weights_bytes = 2.0 * deployment.model.parameters;
  if (weights_bytes > accelerator.memory_bytes)
    report.error("runs_on",
                 fmt::format("{} needs {:.1f} GB of weights on each GPU, and {} has {:.0f} GB", deployment.model.title,
                             weights_bytes * 1e-9, accelerator.title, accelerator.memory_bytes * 1e-9),
                 "an accelerator with more memory");
}

}  // namespace fleetwatt::scenarios
