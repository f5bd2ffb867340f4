// Each law of the audit notices its side being broken; audits are taken each day, and say when.
#include "models/fleet/fleet_audit.hpp"

#include <catch2/catch.hpp>

#include "analysis/run/run_scenario.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;
using models::FleetResult;

namespace {

/// A tower beside a site of fixed PUE that lies in two regions, a chat, images and jobs.
const std::string scenario = R"([scenario]
start    = 2024-07-15T00:00:00Z
duration = "50h"
tick     = "15min"
[site.a]
region = { CISO = 0.7, BPAT = 0.3 }
[site.a.cluster.serving]
nodes = 1
[site.b]
region  = "CISO"
cooling = { family = "static-pue", pue = 1.25, wue_l_per_kwh = 1.5 }
[site.b.cluster.training]
nodes = 1
jobs  = { synthetic = {} }
[service.chat]
model   = "llama-3.1-8b"
runs_on = ["a.serving"]
replicas = 1
demand  = { mean_requests_per_s = 0.01 }
)";

using Change = std::function<void(FleetResult&)>;

/// What is said when a run's books are changed before each audit.
std::string said_of(const Change& change) {
  try {
    (void)analysis::run_scenario(loaded_from(scenario), {.before_audit = change});
  } catch (const sim::AuditError& error) {
    return error.what();
  }
  return "";
}

std::vector<std::string> laws_broken_by(const Change& change) {
  const auto run = analysis::run_scenario(loaded_from(scenario), {.keep_breached = true, .before_audit = change});
  std::vector<std::string> laws;
  for (const auto& breach : run.result.audit.breaches()) laws.push_back(breach.law);
  return laws;
}

bool contains(const std::vector<std::string>& laws, const std::string& law) {
  return std::ranges::find(laws, law) != laws.end();
}

}  // namespace

TEST_CASE("a run whose books are left alone closes, by every law", "[fleet]") {
  const auto run = analysis::run_scenario(loaded_from(scenario), {});
  CHECK(run.result.audit.breaches_text().empty());
  CHECK_FALSE(run.result.breach);
  CHECK(run.result.audit.laws() == std::vector<std::string>{"requests", "jobs", "GPU-hours", "energy", "PUE",
                                                            "attribution", "regions", "water", "bill"});
}

TEST_CASE("every law notices that one of its sides is off", "[fleet]") {
  const std::vector<std::pair<std::string, Change>> breaks = {
      {"requests", [](FleetResult& r) { ++r.services[0].counts.done; }},
      {"requests", [](FleetResult& r) { ++r.services[0].waiting; }},
      {"GPU-hours", [](FleetResult& r) { r.clusters[0].gpu_busy_s *= 1.01; }},
      {"energy", [](FleetResult& r) { r.clusters[1].gpu_energy.active_j *= 1.01; }},
      {"energy", [](FleetResult& r) { r.sites[0].energy.host_j *= 1.01; }},
      {"energy", [](FleetResult& r) { r.site_series.series[0].at(0, 0) *= 1.01; }},
      {"PUE", [](FleetResult& r) { r.sites[1].energy.cooling_j *= 1.01, r.sites[1].meter_j *= 1.01; }},
      {"attribution", [](FleetResult& r) { r.pools[0].energy.idle_j *= 1.01; }},
      {"regions", [](FleetResult& r) { r.regions[0].energy_j *= 1.01; }},
      {"regions", [](FleetResult& r) { r.sites[0].co2_kg *= 1.01; }},
      {"regions", [](FleetResult& r) { r.region_series.series[5].at(0, 0) *= 1.5; }},
      {"water", [](FleetResult& r) { r.sites[0].water.make_up_kg *= 1.01; }},
      {"water", [](FleetResult& r) { r.sites[0].water.drift_kg *= 1.01; }},
      {"water", [](FleetResult& r) { r.site_series.series[5].at(0, 0) *= 1.5; }},
      {"bill", [](FleetResult& r) { r.sites[1].cost_usd *= 1.01; }},
      {"bill", [](FleetResult& r) { r.region_series.series[4].at(0, 0) *= 1.5; }}};
  for (const auto& [law, change] : breaks) {
    INFO(law << ", case " << &change - &breaks.front().second);
    CHECK(contains(laws_broken_by(change), law));
  }
}

TEST_CASE("a breach stops the run on its day, and says when it began", "[fleet]") {
  const auto from_second_day = [](FleetResult& r) {
    if (r.hours > 24) ++r.services[0].counts.done;
  };
  const std::string said = said_of(from_second_day);
  CHECK_THAT(said, Contains("an audit failed between 2024-07-16 00:00 UTC and 2024-07-17 00:00 UTC"));
  CHECK_THAT(said, Contains("requests of chat: in "));
  CHECK_THAT(said, !Contains("bill"));
}

TEST_CASE("the last hours of a run that ends within a day are audited too", "[fleet]") {
  std::vector<std::int64_t> audited;
  (void)analysis::run_scenario(loaded_from(scenario),
                               {.before_audit = [&](FleetResult& r) { audited.push_back(r.hours); }});
  CHECK(audited == std::vector<std::int64_t>{24, 48, 50});
}

TEST_CASE("a kept breach is the first, and the run goes to its end", "[fleet]") {
  const auto run = analysis::run_scenario(
      loaded_from(scenario),
      {.keep_breached = true, .before_audit = [](FleetResult& r) { ++r.services[0].counts.done; }});
  REQUIRE(run.result.breach);
  CHECK(run.result.breach->from_hour == 0);
  CHECK(run.result.breach->to_hour == 24);
  CHECK(run.result.hours == 50);
}

TEST_CASE("daily audits add up the hours as one audit of the whole does", "[fleet]") {
  const auto run = analysis::run_scenario(loaded_from(scenario), {});
  const auto whole = models::audit(run.fleet(), run.result);
  REQUIRE(whole.entries().size() == run.result.audit.entries().size());
  for (std::size_t i = 0; i < whole.entries().size(); ++i) {
    INFO(whole.entries()[i].law << " of " << whole.entries()[i].subject);
    CHECK(whole.entries()[i].in == run.result.audit.entries()[i].in);
    CHECK(whole.entries()[i].out == run.result.audit.entries()[i].out);
  }
}
