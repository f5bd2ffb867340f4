// A site on two grids: load, CO2 and cost follow the shares, and the regions add up to the site.
#include <catch2/catch.hpp>

#include "analysis/results/run_output.hpp"
#include "analysis/run/run_scenario.hpp"
#include "tests/examples/scenario_files.hpp"

namespace fleetwatt::tests {

namespace {

analysis::RunOutput run_with_region(const std::string& region) {
  const TemporaryFolder folder;
  const std::string path =
      folder.write("tiny.toml", tiny_with("region = \"CISO\"", "region = " + region + "\nclimate = \"san-jose\""));
  return analysis::run_scenario(scenarios::load_scenario(path, {}), {});
}

}  // namespace

TEST_CASE("a site on two regions is split by its shares", "[unit]") {
  const auto split = run_with_region("{ CISO = 0.25, BPAT = 0.75 }");
  const auto california = run_with_region("\"CISO\"");
  const auto northwest = run_with_region("\"BPAT\"");
  REQUIRE(split.result.region_series.labels == std::vector<std::string>{"BPAT", "CISO"});
  const double site_j = split.result.sites[0].meter_j;
  CHECK(site_j == Approx(california.result.sites[0].meter_j).epsilon(1e-12));  // the load does not know its grid
  CHECK(split.result.regions[0].energy_j == Approx(0.75 * site_j).epsilon(1e-12));
  CHECK(split.result.regions[1].energy_j == Approx(0.25 * site_j).epsilon(1e-12));
  CHECK(split.result.sites[0].co2_kg ==
        Approx(0.25 * california.result.sites[0].co2_kg + 0.75 * northwest.result.sites[0].co2_kg).epsilon(1e-12));
  CHECK(split.result.sites[0].cost_usd ==
        Approx(0.25 * california.result.sites[0].cost_usd + 0.75 * northwest.result.sites[0].cost_usd).epsilon(1e-12));
  CHECK(analysis::regions_text(split.fleet(), 0) == "BPAT 75 %, CISO 25 %");
  CHECK(analysis::regions_text(california.fleet(), 0) == "CISO");
}

}  // namespace fleetwatt::tests
