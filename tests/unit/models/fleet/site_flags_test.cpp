// Each flag of a site: runs that raise it, and their neighbours that do not.
#include "models/fleet/site_flags.hpp"

#include <catch2/catch.hpp>

#include "analysis/results/quantities.hpp"
#include "analysis/run/run_scenario.hpp"
#include "models/fleet/site_tick.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

/// What the run of a scenario flags of site `a`, a line each.
std::string site_flags(const std::string& text, const std::vector<std::string>& overrides) {
  const auto run = analysis::run_scenario(loaded_from(text, overrides), {});
  std::string flags;
  for (const auto& flag : run.result.flags) {
    if (flag.subject == "a") flags += flag.text + "\n";
  }
  return flags;
}

/// A server that is busy with jobs from the first minutes on: 8.408 kW but for the power at work of 0.9 TDP.
std::string busy_scenario() {
  std::string text = tiny_jobs_scenario();
  const std::string before = "mean_interarrival_s = 600";
  return text.replace(text.find(before), before.size(), "mean_interarrival_s = 20, median_run_s = 20000");
}

/// Two hours of weather for site `a`.
std::string in_weather(const TemporaryFolder& folder, const std::string& first, const std::string& second) {
  const std::string path = folder.write("w.csv", "time,temperature_2m,relative_humidity_2m\n2024-07-15T00:00Z," +
                                                     first + "\n2024-07-15T01:00Z," + second + "\n");
  return "site.a.weather={ file = \"" + path + "\" }";
}

models::Site plain_site() {
  const models::PowerDelivery power({.redundancy = models::Redundancy::n}, 1e6, 2e5);
  return {.name = "a",
          .regions = {},
          .weather = {},
          .cooling = models::TowerEconomizer{},
          .cooling_design = {.design_heat_w = 1.1e6},
          .power = power,
          .it_capacity_w = 1e6};
}
models::SiteTick tick_at(double it_w, double wet_bulb_c) {
  const auto weather = models::HourlyWeather{
      .dry_bulb_c = wet_bulb_c + 2.0, .relative_humidity = 0.8, .pressure_pa = 101325.0, .wet_bulb_c = wet_bulb_c};
  return models::facility_tick(plain_site(), {.inference_j = it_w * 300.0}, weather, 300.0);
}

}  // namespace

TEST_CASE("a site within its limits flags nothing", "[fleet]") {
  CHECK(site_flags(tiny_scenario(), {}).empty());
  CHECK(site_flags(busy_scenario(), {}).empty());
  CHECK(site_flags(tiny_scenario(), {"site.a.it_capacity_mw=0.008408"}).empty());
}

TEST_CASE("IT above the capacity is flagged, however little", "[fleet]") {
  // At work: 8 x 630 W and 1.8 + 0.2 (5.04 - 0.56) kW of host: 7.736 kW, 3 % above 7.5 kW.
  CHECK_THAT(site_flags(busy_scenario(), {"site.a.it_capacity_mw=0.0075"}),
             Contains("IT power above it_capacity_mw = 0.0075 in ") &&
                 Contains(" % of the time, first in the hour of 2024-07-15 00:00 UTC, at worst 0.007736 MW"));
  CHECK_THAT(site_flags(busy_scenario(), {"site.a.it_capacity_mw=0.0078"}), !Contains("it_capacity_mw"));
}

TEST_CASE("heat beyond the plant is flagged with what is not removed", "[fleet]") {
  const std::string hot = site_flags(busy_scenario(), {"site.a.it_capacity_mw=0.00701", "site.a.power.oversize=1"});
  CHECK_THAT(hot, Contains("cooling plant out of its range in ") && Contains("MWh of heat not removed, at worst "));
  CHECK_THAT(hot, Contains("power delivery above its rating in ") && Contains("its losses are those at the rating"));
}

TEST_CASE("heat that stays is a quantity of the summary, of the site that it stays in", "[fleet]") {
  const auto not_removed_mwh = [](const std::vector<std::string>& overrides) {
    const auto run = analysis::run_scenario(loaded_from(busy_scenario(), overrides), {});
    for (const auto& value : analysis::all_values(run)) {
      if (value.path == "site.a.heat_not_removed_mwh") return value.value;
    }
    return -1.0;
  };
  CHECK(not_removed_mwh({}) == 0.0);
  const double mwh = not_removed_mwh({"site.a.it_capacity_mw=0.00701"});
  CHECK(mwh > 0.0005);  // for most of two hours 7.736 kW in a plant for 7.01
  CHECK(mwh < 0.0020);
}

TEST_CASE("a tick tells heat that stays, and totals count it", "[fleet]") {
  CHECK_FALSE(tick_at(1e6, 28.0).cooling_out_of_range);
  CHECK_FALSE(tick_at(1e6, 28.0).overloaded);
  const models::SiteTick over = tick_at(1.4e6, 10.0);
  CHECK(over.cooling_out_of_range);
  CHECK(over.overloaded);
  CHECK(over.it_w == 1.4e6);
  CHECK(over.heat_not_removed_w > 1.4e6 - 1.1e6);  // and the losses in the hall
  CHECK(over.heat_not_removed_w < 1.4e6 - 1.1e6 + 1e5);
  models::SiteTotals totals;
  note_limits(plain_site(), tick_at(1e6, 10.0), 0, 300.0, totals);
  CHECK(totals.it_above_capacity.ticks + totals.cooling_out_of_range.ticks + totals.overload.ticks == 0);
  note_limits(plain_site(), over, 3, 300.0, totals);
  note_limits(plain_site(), tick_at(1.2e6, 10.0), 4, 300.0, totals);
  CHECK(totals.cooling_out_of_range.ticks == 2);
  CHECK(totals.cooling_out_of_range.first_hour == 3);
  CHECK(totals.cooling_out_of_range.worst == over.heat_not_removed_w);
  CHECK(totals.heat_not_removed_j > over.heat_not_removed_w * 300.0);
  CHECK(totals.it_above_capacity.ticks == 2);
  CHECK(totals.it_above_capacity.worst == 1.4e6);
  CHECK(totals.overload.ticks == 1);  // 1.2 is within 1.25
  CHECK(totals.overload.worst == over.load_over_rating);
}

TEST_CASE("a hall far larger than its servers is flagged by its use or its PUE", "[fleet]") {
  CHECK_THAT(site_flags(tiny_scenario(), {"site.a.it_capacity_mw=1000"}),
             Contains("oversized: mean IT power is 0.000") && Contains(" % of it_capacity_mw = 1000, and the PUE "));
  CHECK_THAT(site_flags(tiny_scenario(), {"site.a.it_capacity_mw=100000"}),
             Contains("it_capacity_mw = 100000, and the PUE ") && !Contains("e+"));
  CHECK_THAT(site_flags(tiny_scenario(), {"site.a.it_capacity_mw=0.05"}), !Contains("oversized"));
  CHECK_THAT(site_flags(tiny_scenario(), {"site.a.it_capacity_mw=1000", "site.a.cooling={ family = \"static-pue\" }"}),
             !Contains("oversized"));  // a PUE that is given does not depend on size
}

TEST_CASE("weather out of the plant's range is flagged: what, how often, the worst", "[fleet]") {
  const TemporaryFolder folder;
  const auto flags = [&](const std::string& first, const std::string& second,
                         const std::string& more = "site.a.power.oversize=1.25") {
    return site_flags(tiny_scenario(), {in_weather(folder, first, second), more});
  };
  CHECK(flags("20,50", "35,95").empty());  // wet bulb 34.2
  CHECK_THAT(flags("20,50", "60,100"),
             Contains("wet bulb out of the cooling plant's range, -40 to 35 C, in 1 of 2 hours, first in that of "
                      "2024-07-15 01:00 UTC, at worst 60 C") &&
                 Contains("dry bulb out of the cooling plant's range, -40 to 57 C, in 1 of 2 hours"));
  CHECK_THAT(flags("-88,50", "-50,50"), Contains("wet bulb out of") && Contains("in 2 of 2 hours") &&
                                            Contains("2024-07-15 00:00 UTC, at worst -88"));
  CHECK_THAT(flags("-39,80", "-39,80"), !Contains("out of"));
  CHECK_THAT(flags("20,50", "20,50", "site.a.weather.elevation_m=4000"),
             Contains("air pressure out of the cooling plant's range, 69000 to 110000 Pa, in 2 of 2 hours"));
  CHECK_THAT(flags("20,50", "20,50", "site.a.weather.elevation_m=3000"), !Contains("out of"));
  CHECK(flags("20,50", "60,100", "site.a.cooling={ family = \"static-pue\" }").empty());
}
