// Entries whose figures cannot go together, in the scenario and by --set; the built-in ones can.
#include "scenarios/loader/check_catalog.hpp"

#include <catch2/catch.hpp>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::scenarios;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

std::string set(const std::vector<std::string>& overrides) {
  return faults_of(tiny_scenario(), overrides);
}
std::string entry(const std::string& text) {
  return faults_of(tiny_scenario() + text);
}

const std::string h100 = "catalog.accelerator.h100-sxm.";
const std::string llama = "catalog.model.\"llama-3.1-8b\".";
const std::string moe = "catalog.model.qwen3-30b-a3b.";
const std::string sd3 = "catalog.diffusion_model.stable-diffusion-3-medium.";

}  // namespace

TEST_CASE("the built-in catalogue can be", "[loader]") {
  CHECK(faults_of(tiny_scenario()).empty());
  const Catalog catalog = built_in_catalog();
  ClusterSpec cluster;
  cluster.nodes = 3;
  CHECK(full_load_w(catalog, cluster) == Approx(3 * 8408.0));  // 8 x 700 + 1800 + 0.2 (5600 - 560)
}

TEST_CASE("idling draws no more than work, and work no more than the limit", "[loader]") {
  CHECK_THAT(set({h100 + "idle_w=701"}), Contains("accelerator `h100-sxm`: idle_w = 701 is more than tdp_w = 700") &&
                                             Contains("idle_w = 700 or less, or a larger tdp_w"));
  CHECK_THAT(set({h100 + "tdp_w=60"}), Contains("idle_w = 70 is more than tdp_w = 60"));
  CHECK_THAT(set({h100 + "training_power_fraction=0.09"}),
             Contains("training_power_fraction = 0.09 of tdp_w = 700 is 63 W, less than idle_w = 70") &&
                 Contains("training_power_fraction = 0.1 or more"));
  CHECK_THAT(entry("[catalog.accelerator.mine]\nextends = \"h100-sxm\"\nidle_w = 900\n"),
             Contains("s.toml:20:10: error: accelerator `mine`: idle_w = 900 is more than tdp_w = 700"));
  CHECK_THAT(set({h100 + "idle_w=300"}),
             Contains("W with a kernel resident, and NVIDIA H100") && Contains("idles at 300 W"));
  CHECK(set({h100 + "idle_w=100"}).empty());
}

TEST_CASE("a server's rating holds what is in it", "[loader]") {
  CHECK_THAT(
      set({"catalog.server.dgx-h100.gpus=16"}),
      Contains("server `dgx-h100`: rated_kw = 10.2, and with 16 accelerators at tdp_w = 700 it draws 15.016 kW"));
  CHECK_THAT(set({"catalog.server.dgx-h100.host_slope=2"}), Contains("rated_kw = 10.2"));
  CHECK(set({"catalog.server.dgx-h100.rated_kw=7.1"}).empty());  // 8.408 / 1.2 = 7.007
  CHECK_THAT(set({"catalog.server.dgx-h100.rated_kw=7.0"}), Contains("rated_kw = 8.408 or more"));
}

TEST_CASE("a model's parts are no more than the whole", "[loader]") {
  CHECK_THAT(set({llama + "kv_heads=33"}), Contains("kv_heads = 33 is more than heads = 32"));
  CHECK_THAT(set({llama + "window_layers=20", llama + "full_attention_layers=13", llama + "window_tokens=9"}),
             Contains("full_attention_layers, window_layers and state_layers are 33 together, and layers = 32"));
  CHECK_THAT(set({llama + "state_layers=33"}), Contains("are 33 together"));
  CHECK_THAT(set({llama + "head_dim=1025"}), Contains("heads = 32 of head_dim = 1025 make 32800 values"));
  CHECK_THAT(set({llama + "head_dim=15"}), Contains("hidden = 4096"));
  CHECK_THAT(set({llama + "dense_read_billion=8.04"}),
             Contains("dense_read_billion = 8.04 is more than parameters_billion = 8.03"));
  CHECK_THAT(set({llama + "fp8_dense_parameters_billion=9"}), Contains("fp8_dense_parameters_billion = 9"));
  CHECK_THAT(set({llama + "experts=8"}), Contains("experts = 8, and experts_a_token is 0: a mixture has both"));
  CHECK_THAT(set({moe + "expert_parameters_million=0"}), Contains("and expert_parameters_million is 0"));
  CHECK_THAT(set({moe + "moe_layers=49"}), Contains("moe_layers = 49 is more than layers = 48"));
  CHECK_THAT(set({moe + "experts_a_token=129"}), Contains("experts_a_token = 129 is more than experts = 128"));
  CHECK_THAT(set({moe + "expert_parameters_million=5"}),
             Contains("128 experts in 48 layers of expert_parameters_million = 5 make 30.72 billion"));
}

TEST_CASE("likewise of a diffusion model", "[loader]") {
  CHECK_THAT(set({sd3 + "token_weights_billion=2.1"}),
             Contains("diffusion_model `stable-diffusion-3-medium`: token_weights_billion = 2.1 is more than "
                      "parameters_billion = 2"));
  CHECK_THAT(set({sd3 + "head_dim=65"}), Contains("hidden = 1536 is no whole number of heads of head_dim = 65"));
  CHECK_THAT(set({sd3 + "head_dim=3072"}), Contains("no whole number of heads"));
}

TEST_CASE("a hall smaller than its servers is refused, up to a fifth is left to the run", "[loader]") {
  CHECK_THAT(
      set({"site.a.it_capacity_mw=0.0001"}),
      Contains("the servers of [site.a] draw 0.008408 MW at full load, 84.1 times its it_capacity_mw = 0.0001") &&
          Contains("it_capacity_mw = 0.008408 or more, or fewer servers"));
  CHECK_THAT(set({"site.a.it_capacity_mw=0.007"}), Contains("1.2 times"));  // 1.2011
  CHECK(set({"site.a.it_capacity_mw=0.00701"}).empty());
  CHECK_THAT(set({"site.a.it_capacity_mw=0.0141", "site.a.cluster.serving.nodes=3"}), Contains("0.02522 MW"));
}
