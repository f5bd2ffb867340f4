// What can be wrong with a service of images or videos.
#include "scenarios/loader/check_diffusion.hpp"

#include <catch2/catch.hpp>

#include "scenarios/loader/diffusion_plan.hpp"
#include "scenarios/loader/show_scenario.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

std::string images() {
  return R"([scenario]
duration = "2h"
[site.a]
region = "CISO"
[site.a.cluster.serving]
nodes = 1
[service.image]
model     = "stable-diffusion-3-medium"
runs_on   = ["a.serving"]
diffusion = { steps = 25 }
demand    = { mean_requests_per_s = 1 }
)";
}

std::string fault(const std::string& override_text) {
  return faults_of(images(), {override_text});
}

}  // namespace

TEST_CASE("an image service loads, with the model's own size where none is said", "[loader]") {
  const auto loaded = loaded_from(images());
  const auto& spec = loaded.scenario.service.at("image");
  REQUIRE(spec.diffusion);
  const auto size =
      scenarios::media_size(*spec.diffusion, scenarios::diffusion_model_from(loaded.scenario.catalog, spec.model));
  CHECK(size.steps == 25);
  CHECK(size.width_px == 1024);
  CHECK(size.frames == 1);
}

TEST_CASE("a model of the other kind is told, both ways", "[loader]") {
  const std::string without = [] {
    std::string text = images();
    const std::string key = "diffusion = { steps = 25 }\n";
    return text.erase(text.find(key), key.size());
  }();
  CHECK_THAT(faults_of(without), Contains("`stable-diffusion-3-medium` is a diffusion model (text to image), and "
                                          "[service.image] is a service of a language model") &&
                                     Contains("give it a [service.image.diffusion]"));
  CHECK_THAT(faults_of(tiny_scenario(), {"service.chat.model=cogvideox-2b"}),
             Contains("`cogvideox-2b` is a diffusion model (text to video)"));
  CHECK_THAT(fault("service.image.model=llama-3.1-8b"),
             Contains("`llama-3.1-8b` is a language model, and [service.image] makes images or videos"));
  CHECK_THAT(fault("service.image.model=stable-diffusion-3-medum"),
             Contains("no model `stable-diffusion-3-medum`") && Contains("did you mean `stable-diffusion-3-medium`?"));
}

TEST_CASE("sizes that make no picture", "[loader]") {
  CHECK_THAT(fault("service.image.diffusion.steps=0"), Contains("`service.image.diffusion.steps` = 0 is out of range"));
  CHECK_THAT(fault("service.image.diffusion.width_px=0"), Contains("out of range"));
  CHECK_THAT(fault("service.image.diffusion.frames=0"), Contains("out of range"));
  CHECK_THAT(fault("service.image.diffusion.height_px=1000"),
             Contains("1000 px is no multiple of 16 px") && Contains("height_px = 992 or 1008"));
  CHECK_THAT(fault("service.image.diffusion.frames=81"), Contains("which makes single images"));
  CHECK_THAT(faults_of(images(), {"service.image.model=cogvideox-2b", "service.image.diffusion.frames=48"}),
             Contains("48 frames: ") && Contains("frames = 45 or 49"));
}

TEST_CASE("keys of language models mean nothing to a diffusion model", "[loader]") {
  for (const char* key :
       {"precision=fp8", "tensor_parallel=2", "pipeline_parallel=2", "data_parallel=2", "expert_parallel=2",
        "prefill_tokens_per_iteration=512", "kv_cache_tokens=1000", "kv_cache_blocks=100", "kv_block_tokens=16",
        "over_length=drop", "context_limit_tokens=1000", "slo.ttft_p99_s=1", "slo.tpot_p99_ms=50",
        "demand.lengths.output.fixed=10", "demand.attachments.tokens=10"}) {
    INFO(key);
    CHECK_THAT(fault(std::string("service.image.") + key),
               Contains("means nothing to stable-diffusion-3-medium, a diffusion model"));
  }
  CHECK(fault("service.image.slo.latency_p99_s=5").empty());
  CHECK(fault("service.image.batch_limit=4").empty());
}

TEST_CASE("layouts and engines that do not fit", "[loader]") {
  CHECK_THAT(fault("service.image.diffusion.ulysses_parallel=5"), Contains("5 GPUs cannot share the 24 heads"));
  CHECK(fault("service.image.diffusion.ulysses_parallel=8").empty());
  CHECK_THAT(fault("service.image.diffusion.ring_parallel=16"), Contains("has 8 GPUs, 16 are needed"));
  CHECK_THAT(fault("service.image.engine=vllm-2025-h100"),
             Contains("engine `vllm-2025-h100` serves language models, not images or videos"));
  CHECK_THAT(fault("service.image.engine=xdit-2025"), Contains("no diffusion engine `xdit-2025`"));
  CHECK_THAT(faults_of(images(), {"service.image.model=cogvideox-2b", "service.image.engine=diffusers-2024-h100"}),
             Contains("engine `diffusers-2024-h100` has no constants for text to video"));
  CHECK_THAT(faults_of(images() + "[catalog.server.box]\nextends = \"dgx-h100\"\naccelerator = \"l40s\"\n",
                       {"site.a.cluster.serving.server=box"}),
             Contains("no constants for images or videos on"));
}

TEST_CASE("catalogue entries of one's own that cannot run", "[loader]") {
  const auto with_entry = [](const std::string& entry, const std::vector<std::string>& overrides) {
    return faults_of(images() + entry, overrides);
  };
  CHECK_THAT(with_entry("[catalog.diffusion_model.mine]\ntitle = \"Mine\"\n", {"service.image.model=mine"}),
             Contains("the diffusion model `mine` has no token_weights_billion, layers, hidden, head_dim"));
  CHECK_THAT(with_entry("[catalog.diffusion_model.huge]\nextends = \"stable-diffusion-3-medium\"\n"
                        "parameters_billion = 50\n",
                        {"service.image.model=huge"}),
             Contains("needs 100.0 GB of weights on each GPU"));
  CHECK_THAT(with_entry("[catalog.diffusion_engine.hot]\nextends = \"xdit-2025-h100\"\nimage = { resident_w = 700 }\n",
                        {"service.image.engine=hot"}),
             Contains("draws 700 W with a kernel resident"));
}

TEST_CASE("all values of an image service can be shown, its model's and engine's among them", "[loader]") {
  const auto shown = scenarios::show_scenario(loaded_from(images()));
  const auto has = [&](const std::string& path) {
    return std::ranges::any_of(shown, [&](const auto& value) { return value.path == path; });
  };
  CHECK(has("service.image.diffusion.steps"));
  CHECK(has("catalog.diffusion_model.stable-diffusion-3-medium.token_weights_billion"));
  CHECK(has("catalog.diffusion_engine.xdit-2025-h100.image.linear_factor"));
  CHECK_FALSE(has("catalog.engine.vllm-2025-h100.memory_fraction"));
}
