#include "scenarios/loader/catalog_lookup.hpp"

#include <catch2/catch.hpp>

#include "scenarios/loader/missing_figures.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::scenarios;
using namespace fleetwatt::tests;

namespace {

const Catalog& catalog() {
  static const Catalog built_in = loaded_from(tiny_scenario()).scenario.catalog;
  return built_in;
}

}  // namespace

TEST_CASE("a region goes by its name, its aliases and any case", "[loader]") {
  CHECK(region_named(catalog(), "CISO") == "CISO");
  CHECK(region_named(catalog(), "ciso") == "CISO");
  CHECK(region_named(catalog(), "US-CAL-CISO") == "CISO");
  CHECK(region_named(catalog(), "CAMX") == "CISO");
  CHECK(region_named(catalog(), "us-cal-ciso") == "CISO");
  CHECK(region_named(catalog(), "DE").has_value());
  CHECK_FALSE(region_named(catalog(), "NOWHERE").has_value());
  CHECK_FALSE(region_named(catalog(), "").has_value());
}

TEST_CASE("no alias stands for two regions", "[loader]") {
  std::map<std::string, std::string> of;
  for (const auto& [name, entry] : catalog().region) {
    for (const auto& alias : entry.aliases) {
      INFO(alias);
      CHECK(of.emplace(alias, name).second);
      CHECK(region_named(catalog(), alias) == name);
    }
  }
  CHECK(of.size() > 20);
}

TEST_CASE("entries of the built-in catalogue have what they need, and name what is there", "[loader]") {
  for (const auto& [name, entry] : catalog().server) {
    INFO(name);
    CHECK(missing_figures(entry).empty());
    CHECK(catalog().accelerator.contains(entry.accelerator));
  }
  for (const auto& [name, entry] : catalog().accelerator) {
    INFO(name);
    CHECK(missing_figures(entry).empty());
    CHECK((entry.engine.empty() || catalog().engine.contains(entry.engine)));
  }
  for (const auto& [name, entry] : catalog().model) {
    INFO(name);
    CHECK(missing_figures(entry).empty());
  }
  for (const auto& [name, entry] : catalog().climate) {
    INFO(name);
    CHECK(missing_figures(entry).empty());
  }
  for (const auto& [name, entry] : catalog().region) {
    INFO(name);
    CHECK(catalog().climate.contains(entry.climate));
  }
  // Issue 3, item 6: at least 12 US and 6 other regions, 40 cities.
  CHECK(std::ranges::count_if(catalog().region, [](const auto& r) { return r.second.country == "US"; }) >= 12);
  CHECK(std::ranges::count_if(catalog().region, [](const auto& r) { return r.second.country != "US"; }) >= 6);
  CHECK(catalog().climate.size() >= 40);
}

TEST_CASE("entries know their names, and figures of another basis than the entry's", "[loader]") {
  CHECK(accelerator_from(catalog(), catalog().server.at("dgx-h100").accelerator).id ==
        catalog().server.at("dgx-h100").accelerator);
  CHECK(server_from(catalog(), "dgx-h100").id == "dgx-h100");
  CHECK(model_from(catalog(), "llama-3.1-8b").id == "llama-3.1-8b");
  Provenance entry;
  entry.figures["price"] = {sim::Basis::modelled, "there"};
  CHECK(basis_of(entry, sim::Basis::measured, "price") == sim::Basis::modelled);
  CHECK(basis_of(entry, sim::Basis::measured, "mix") == sim::Basis::measured);
}

TEST_CASE("an entry made from nothing lacks what it lacks", "[loader]") {
  CHECK(missing_figures(ServerEntry{}) == std::vector<std::string>{"accelerator", "rated_kw"});
  CHECK(missing_figures(AcceleratorEntry{}).front() == "tdp_w");
  CHECK(missing_figures(ModelEntry{}).front() == "parameters_billion");
  ClimateEntry climate = catalog().climate.at("san-jose");
  climate.dry_bulb_mean_c.pop_back();
  climate.pressure_pa.clear();  // follows from the elevation
  CHECK(missing_figures(climate) == std::vector<std::string>{"dry_bulb_mean_c"});
  ModelEntry mixture = catalog().model.at("llama-3.1-8b");
  mixture.kernel_family = models::KernelFamily::moe;
  CHECK(missing_figures(mixture) ==
        std::vector<std::string>{"experts", "experts_a_token", "moe_layers", "expert_parameters_million"});
}
