// What a run's energy rests on, and what its CO2 and cost are called: by owner, in the summary, as JSON and in the
// file.
#include "analysis/results/energy_basis.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "analysis/results/accounting.hpp"
#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/summary.hpp"
#include "analysis/run/run_scenario.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;
using sim::Basis;

namespace {

RunOutput run_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return run_scenario(loaded_from(text, overrides), {});
}

/// Of the pools, in their order.
std::vector<Basis> bases_of(const RunOutput& run) {
  std::vector<Basis> bases;
  for (const auto& pool : run.fleet().pools) bases.push_back(pool.energy_basis);
  return bases;
}

double energy_j(const RunOutput& run, Basis basis) {
  return energy_by_basis_j(run)[static_cast<std::size_t>(basis)];
}

std::string image_scenario() {
  return tiny_with("model   = \"llama-3.1-8b\"", "model = \"stable-diffusion-3-medium\"\ndiffusion = {}") +
         "[catalog.diffusion_model.stable-diffusion-3-medium]\nbasis = \"measured\"\n";  // the engine is at stake
}

}  // namespace

TEST_CASE("constants on the part that they were fitted to are calibrated, carried ones modelled", "[results]") {
  const auto on = [](const std::string& text, std::vector<std::string> overrides) {
    return bases_of(run_of(text, overrides)).front();
  };
  CHECK(on(tiny_scenario(), {}) == Basis::calibrated);
  CHECK(on(tiny_scenario(), {"site.a.cluster.serving.server=dgx-h200", "service.chat.engine=vllm-2025-h100"}) ==
        Basis::modelled);
  CHECK(on(tiny_scenario(), {"site.a.cluster.serving.server=mi300x-8", "service.chat.engine=vllm-2025-h100"}) ==
        Basis::modelled);
  CHECK(on(tiny_scenario(), {"service.chat.precision=int4"}) == Basis::modelled);
  CHECK(on(image_scenario(), {}) == Basis::calibrated);
  CHECK(on(image_scenario(), {"site.a.cluster.serving.server=dgx-h200", "service.chat.engine=xdit-2025-h100"}) ==
        Basis::modelled);
  CHECK(on(image_scenario(), {"site.a.cluster.serving.server=dgx-a100", "service.chat.engine=diffusers-2024-a100"}) ==
        Basis::modelled);  // the engine's own word on its image constants
}

TEST_CASE("a service on two kinds of servers has both bases, by the energy of each pool", "[results]") {
  const auto run = run_of(tiny_scenario() + "[site.a.cluster.newer]\nserver = \"dgx-h200\"\n",
                          {"service.chat.runs_on=a.serving,a.newer", "service.chat.engine=vllm-2025-h100"});
  const auto& fleet = run.fleet();
  REQUIRE(fleet.pools.size() == 2);
  double calibrated_j = 0.0, modelled_j = 0.0;
  for (std::size_t i = 0; i < 2; ++i) {
    const bool is_newer = fleet.clusters[fleet.pools[i].cluster.index()].name == "a.newer";
    CHECK(fleet.pools[i].energy_basis == (is_newer ? Basis::modelled : Basis::calibrated));
    (is_newer ? modelled_j : calibrated_j) += run.result.pools[i].energy.active_j;
  }
  CHECK(calibrated_j > 0.0);
  CHECK(modelled_j > 0.0);
  CHECK(energy_j(run, Basis::calibrated) == Approx(calibrated_j));  // no other owner is calibrated
  CHECK(energy_j(run, Basis::modelled) >= modelled_j);
  double sum_j = 0.0;
  for (const double share_j : energy_by_basis_j(run)) sum_j += share_j;
  CHECK(sum_j == Approx(run.result.energy().facility_j()));
}

TEST_CASE("a figure of the catalogue that a scenario changes is assumed, unless it says where it is from",
          "[results]") {
  const std::string half_more = "catalog.server.dgx-h100.host_idle_kw=2.7";
  const auto run = run_of(tiny_scenario(), {half_more});
  CHECK(run.fleet().clusters.front().server.basis == Basis::assumed);
  CHECK(energy_j(run, Basis::assumed) >= run.result.energy().host_j);
  CHECK(energy_j(run_of(tiny_scenario()), Basis::assumed) < run.result.energy().host_j);
  const auto server_basis = [](const std::vector<std::string>& overrides) {
    return run_of(tiny_scenario(), overrides).fleet().clusters.front().server.basis;
  };
  CHECK(server_basis({}) != Basis::assumed);
  CHECK(server_basis({half_more, "catalog.server.dgx-h100.basis=measured"}) == Basis::measured);
  CHECK(server_basis({"catalog.server.dgx-h100.rated_kw=11"}) == server_basis({}));  // rests on other figures
  CHECK(bases_of(run_of(tiny_scenario(), {"catalog.model.\"llama-3.1-8b\".layers=33"})).front() == Basis::assumed);
  CHECK(bases_of(run_of(tiny_scenario(), {"catalog.engine.vllm-2025-h100.host.iteration_us=500"})).front() ==
        Basis::assumed);
}

TEST_CASE("summary, JSON and file give the same bases", "[results]") {
  const auto run =
      run_of(tiny_scenario(), {"site.a.cluster.serving.server=dgx-h200", "service.chat.engine=vllm-2025-h100"});
  CHECK_THAT(summary_text(run, {}), Contains("calibrated 0.0 %") || Contains("calibrated 0 %"));
  CHECK(summary_json(run, {}, {})["energy_basis"]["calibrated"] == 0.0);
  const TemporaryFolder folder;
  const std::string scenario = folder.write("s.toml", tiny_scenario());
  REQUIRE(
      run_program({"run", scenario, "-o", folder.path("r.h5"), "--set", "region.CISO.carbon_intensity_g_per_kwh=500",
                   "--set", "site.a.cluster.serving.server=dgx-h200", "--set", "service.chat.engine=vllm-2025-h100"})
          .code == ExitCode::ok);
  const Hdf5Reader file(folder.path("r.h5"));
  CHECK_THAT(file.text_attribute("", "energy_basis").value_or(""), Contains("calibrated 0.0000"));
  CHECK(file.text_attribute("", "accounting") ==
        "CO2: unstated, constant; cost: energy at annual prices, no demand charge");
}

TEST_CASE("a label follows its data: what nobody said is unstated", "[results]") {
  const auto label = [](const std::vector<std::string>& overrides, const std::string& more = "") {
    const auto run = run_of(tiny_scenario() + more, overrides);
    const std::string text = accounting_text(run);
    CHECK_THAT(summary_text(run, {}), Contains("\n" + text + "\n"));
    CHECK(summary_json(run, {}, {})["accounting"] == text);
    return text;
  };
  CHECK(label({}) == "CO2: direct, average, annual; cost: energy at annual prices, no demand charge");
  CHECK(label({"region.CISO.carbon_basis=life-cycle"}) ==
        "CO2: life-cycle, average, annual; cost: energy at annual prices, no demand charge");
  CHECK(label({"region.CISO.carbon_intensity_g_per_kwh=500"}) ==
        "CO2: unstated, constant; cost: energy at annual prices, no demand charge");
  CHECK(label({"region.CISO.carbon_intensity_g_per_kwh=500", "region.CISO.carbon_basis=direct",
               "region.CISO.price_usd_per_mwh=50"}) ==
        "CO2: direct, average, constant; cost: energy at the scenario's prices, no demand charge");
  CHECK(label({"region.CISO.carbon_intensity_g_per_kwh=500", "region.PJM.price_usd_per_mwh=50"},
              "[site.b]\nregion = \"PJM\"\n[site.b.cluster.serving]\n") ==
        "CO2: direct average or unstated, annual or constant, by region; cost: energy at annual or the scenario's "
        "prices, by region, no demand charge");
  const TemporaryFolder folder;
  const auto hourly = folder.write(
      "c.csv", hourly_csv("time,CO2 (direct),other", sim::utc_from_civil({.year = 2024, .month = 7, .day = 15}), 3,
                          [](int) { return std::string("300,400"); }));
  CHECK(label({"region.CISO.carbon={ file = \"" + hourly + "\" }"}) ==
        "CO2: direct, average, hourly; cost: energy at annual prices, no demand charge");
  CHECK(label({"region.CISO.carbon={ file = \"" + hourly + "\", column = \"other\" }",
               "region.CISO.price={ file = \"" + hourly + "\", column = \"other\" }"}) ==
        "CO2: unstated, hourly; cost: energy at hourly prices, no demand charge");
}
