// Whose energy it is, through whole runs.
#include "models/fleet/attribution.hpp"

#include <catch2/catch.hpp>

#include "analysis/run/run_scenario.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;

namespace {

/// A chat on four GPUs of a server, images on two, two that nobody holds; jobs on another server.
analysis::RunOutput mixed() {
  return analysis::run_scenario(loaded_from(R"([scenario]
duration = "2h"
[site.a]
region = "CISO"
[site.a.cluster.serving]
nodes = 1
[site.a.cluster.training]
nodes = 1
jobs  = { synthetic = { mean_interarrival_s = 600 } }
[service.chat]
model    = "llama-3.1-8b"
runs_on  = ["a.serving"]
replicas = 4
demand   = { mean_requests_per_s = 0.2 }
[service.image]
model     = "stable-diffusion-3-medium"
runs_on   = ["a.serving"]
replicas  = 2
diffusion = {}
demand    = { mean_requests_per_s = 0.1 }
)"),
                                {});
}

}  // namespace

TEST_CASE("services, jobs and GPUs that nobody holds add up to the meter", "[fleet]") {
  const auto run = mixed();
  const auto& site = run.result.sites.front();
  const auto total = run.attribution.total();
  CHECK(total.facility_j() == Approx(site.meter_j).epsilon(1e-12));
  CHECK(total.gpu_j() == Approx(site.energy.gpu_j()).epsilon(1e-12));
  CHECK(total.host_j == Approx(site.energy.host_j).epsilon(1e-12));
  CHECK(total.cooling_j == Approx(site.energy.cooling_j).epsilon(1e-12));
  CHECK(total.loss_j == Approx(site.energy.loss_j).epsilon(1e-12));
  REQUIRE(run.attribution.pools.size() == 3);
  REQUIRE(run.attribution.unused.size() == 2);
  CHECK(run.attribution.unused[0].gpu_idle_j == Approx(2 * 70.0 * 7200));  // two of eight GPUs, two hours
  CHECK(run.attribution.unused[1].facility_j() == 0.0);
}

TEST_CASE("a host's idle part goes by GPUs held, the rest by what they draw", "[fleet]") {
  const auto run = mixed();
  const auto& fleet = run.fleet();
  const auto& cluster = fleet.clusters.front();
  for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
    if (fleet.pools[i].cluster.index() != 0) continue;
    const auto& share = run.attribution.pools[i];
    const double held = static_cast<double>(fleet.pools[i].gpus) / cluster.gpus();
    const double above_idle_j = share.gpu_j() - fleet.pools[i].gpus * cluster.accelerator.idle_w * 7200;
    CHECK(share.host_j == Approx(cluster.server.host_idle_w * 7200 * held + cluster.server.host_slope * above_idle_j));
  }
}

TEST_CASE("a service's part is its pools', its energy a request is that over what it completed", "[fleet]") {
  const auto run = mixed();
  const auto chat = models::of_service(run.fleet(), run.attribution, models::ServiceId(0));
  CHECK(chat.gpu_j() == Approx(run.result.services[0].gpu_energy.total_j()));
  CHECK(chat.facility_j() > chat.it_j());
  CHECK(chat.it_j() > chat.gpu_j());
}

TEST_CASE("the audit of attribution notices energy that belongs to nobody", "[fleet]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("s.toml", tiny_scenario());
  const auto broken = run_program({"run", path, "-o", folder.path("s.h5")},
                                  [](models::FleetResult& result) { result.pools[0].energy.active_j *= 1.5; });
  CHECK(broken.code == analysis::ExitCode::check_failed);
  CHECK_THAT(broken.err, Catch::Matchers::Contains("attribution"));
}
