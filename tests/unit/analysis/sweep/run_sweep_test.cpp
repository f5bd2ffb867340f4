// A sweep from request to file, in process: equal bytes, failures, resuming, what is refused.
#include "analysis/sweep/run_sweep.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "analysis/results/hdf5_file.hpp"
#include "analysis/run/run_scenario.hpp"
#include "sim/units.hpp"
#include "tests/examples/sweep_study.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;
using Texts = std::vector<std::string>;

namespace {

constexpr const char* air = "site.a.cooling.supply_air_c=18,27";

const Texts four_runs = {air, "site.a.power.redundancy=N,2N"};

}  // namespace

TEST_CASE("each run of a sweep is the run of its scenario", "[sweep]") {
  const Study study;
  auto request = study.request(four_runs);
  request.overrides = {"scenario.seed=5"};
  request.series = {"site_load_mw", "fleet_load_mw"};
  const auto outcome = study.run(request);
  CHECK(study.folder.files() == Texts{"sweep.h5", "tiny.toml"});
  const Hdf5Reader file(study.folder.path("sweep.h5"));
  CHECK(file.shape("fleet_energy_total_mwh") == std::vector<std::size_t>{4});
  CHECK(file.shape("site_pue_mean") == std::vector<std::size_t>{4, 1});
  CHECK(file.shape("site_load_mw") == std::vector<std::size_t>{4, 2, 1});
  CHECK(file.numbers("site.a.cooling.supply_air_c") == std::vector<double>{18, 18, 27, 27});
  CHECK(file.texts("site.a.power.redundancy") == Texts{"N", "2N", "N", "2N"});
  CHECK(file.text_attribute("site.a.power.redundancy", "path") == "site.a.power.redundancy");
  CHECK(file.texts("error") == Texts(4));
  CHECK(file.text_attribute("", "format") == "fleetwatt sweep 1");
  CHECK(file.text_attribute("", "overrides") == "scenario.seed=5");
  CHECK(file.text_attribute("", "axes") == "site.a.cooling.supply_air_c=[18, 27]\nsite.a.power.redundancy=[N, 2N]");

  const auto alone = run_scenario(
      scenarios::load_scenario(study.scenario,
                               {"scenario.seed=5", "site.a.cooling.supply_air_c=27", "site.a.power.redundancy=N"}),
      {});
  const auto& site = alone.result.sites.front();
  CHECK(file.numbers("site_pue_mean").at(2) == site.meter_j / site.energy.it_j());
  CHECK(outcome.results.fleet_total("cost_usd", 2) == site.cost_usd);
  CHECK(file.numbers("fleet_load_mw").at(2 * 2 + 1) == sim::mw_from_w(alone.result.load_w.at(1)));
  CHECK(file.numbers("service_requests_total").front() == file.numbers("service_requests_total").back());
  CHECK(file.numbers("site_pue_mean").at(0) > file.numbers("site_pue_mean").at(2));  // warmer air, less cooling
}

TEST_CASE("equal bytes for any number of threads, and for a sweep that was interrupted", "[sweep][parallel]") {
  const Study study;
  const Texts vary = {air, "scenario.seed=1,2,3"};
  auto request = study.request(vary, "one.h5");
  request.series = {"site_load_mw"};
  static_cast<void>(study.run(request));
  const std::string one = study.folder.read("one.h5");

  request.output = study.folder.path("three.h5");
  request.threads = 3;
  static_cast<void>(study.run(request));
  CHECK(study.folder.read("three.h5") == one);

  request.output = study.folder.path("resumed.h5");
  request.threads = 1;
  const auto some = study.run_some(request, 2);
  CHECK(some.interrupted());
  CHECK(some.finished == 2);
  CHECK(study.folder.files() == Texts{"one.h5", "resumed.h5.partial", "three.h5", "tiny.toml"});
  // The machine went down in the middle of a line.
  study.folder.write("resumed.h5.partial", study.folder.read("resumed.h5.partial") + "{\"run\":3,\"sta");
  request.resume = true;
  request.threads = 2;
  const auto rest = study.run(request);
  CHECK(rest.resumed == 2);
  CHECK_FALSE(rest.interrupted());
  CHECK(study.folder.read("resumed.h5") == one);
  CHECK(study.folder.files() == Texts{"one.h5", "resumed.h5", "three.h5", "tiny.toml"});
}

TEST_CASE("a run that fails is recorded with its error, the others go on", "[sweep]") {
  Study study(tiny_with("region = \"CISO\"", "region = \"CISO\"\n\n[region.CISO]\nprice = { file = \"price.csv\" }"));
  study.folder.write("price.csv", hourly_csv("time,price", sim::utc_from_civil({.year = 2024, .month = 7, .day = 15}),
                                             4, [](int) { return "50"; }));
  const auto request = study.request({"scenario.start=2024-07-15T00:00:00Z,2024-07-16T00:00:00Z,2024-07-15T02:00:00Z"});
  const auto outcome = study.run(request);
  CHECK(outcome.results.failures() == 1);
  const Hdf5Reader file(study.folder.path("sweep.h5"));
  const auto errors = file.texts("error");
  CHECK(errors.at(0).empty());
  CHECK_THAT(errors.at(1), Contains("price.csv") && Contains("2024-07-16"));
  CHECK(errors.at(2).empty());
  const auto energy_mwh = file.numbers("fleet_energy_total_mwh");
  CHECK(energy_mwh.at(0) > 0);
  CHECK(std::isnan(energy_mwh.at(1)));
  CHECK_THAT(file.text_attribute("", "inputs").value(), Contains("price.csv "));
}

TEST_CASE("runs of other entities and other lengths stand in one file", "[sweep]") {
  const Study study;
  auto request = study.request({"site.a.region=CISO,ERCO", "scenario.duration=1h,2h"});
  request.series = {"region_load_mw"};
  static_cast<void>(study.run(request));
  const Hdf5Reader file(study.folder.path("sweep.h5"));
  CHECK(file.texts("region") == Texts{"CISO", "ERCO"});
  REQUIRE(file.shape("region_load_mw") == std::vector<std::size_t>{4, 2, 2});
  const auto load_mw = file.numbers("region_load_mw");
  std::string pattern;
  for (const double value : load_mw) pattern += std::isnan(value) ? '-' : '+';
  CHECK(pattern ==
        "+---"
        "+-+-"
        "-+--"
        "-+-+");  // run by run: (hour, region)
  CHECK(file.has("time"));

  auto starts = study.request({"scenario.start=2024-01-01T00:00:00Z,2024-07-01T00:00:00Z"}, "starts.h5");
  starts.series = {"region_load_mw"};
  static_cast<void>(study.run(starts));
  const Hdf5Reader other(study.folder.path("starts.h5"));
  CHECK_FALSE(other.has("time"));
  CHECK(other.dimensions("region_load_mw") == Dimensions{"run", "hour", "region"});
}

TEST_CASE("the whole grid is checked before the first run", "[sweep]") {
  const Study study;
  CHECK(study.fault(study.request({"site.a.cooling.supply_air_c=18,99", "scenario.seed=1,x"})) ==
        "--vary scenario.seed=x: error: `scenario.seed` is text \"x\"\n       needed: a whole number\n"
        "--vary site.a.cooling.supply_air_c=99: error: `site.a.cooling.supply_air_c` = 99 is out of range\n"
        "       needed: 10 to 40 C\n");
  CHECK(study.fault(study.request({"site.b.cooling.supply_air_c=18,20"})) ==
        "--vary site.b.cooling.supply_air_c=18: error: no site `b` in the scenario\n       did you mean `a`?\n"
        "--vary site.b.cooling.supply_air_c=20: error: no site `b` in the scenario\n       did you mean `a`?\n");
  CHECK_THAT(study.fault(study.request({"scenario.seed=0.5:1.5:3"})), Contains("needed: a whole number"));
  // Each value is right alone; the two together are not: 8 GPUs a node.
  CHECK_THAT(study.fault(study.request({"service.chat.replicas=8,16", "site.a.cluster.serving.nodes=1,2"})),
             Contains("cluster `a.serving` has 8 GPUs, 16 are needed"));
  CHECK_THAT(study.fault(study.request({"site.a.cooling.supply_air_c=50:90:41"})), Contains("21 more faults"));
  CHECK_THROWS_WITH(study.run(study.request({"scenario.seed=1,2"}, "no/sweep.h5")), Contains("there is no folder"));
  CHECK(study.folder.files() == Texts{"tiny.toml"});
}

TEST_CASE("series that are not there", "[sweep]") {
  const Study study;
  auto request = study.request({"scenario.seed=1"});
  request.series = {"site_lod_mw"};
  CHECK(study.fault(request) ==
        "--series site_lod_mw: error: no hourly variable `site_lod_mw`\n       did you mean `site_load_mw`?\n");
}

TEST_CASE("an unfinished sweep is neither lost nor mixed up", "[sweep]") {
  const Study study;
  auto request = study.request(four_runs);
  CHECK(study.run_some(request, 1).finished == 1);
  CHECK(study.fault(request) ==
        "sweep.h5.partial: error: is there: an earlier sweep was not finished, it did 1 runs\n"
        "       --resume completes it, --force begins anew\n");
  request.resume = true;
  auto other = request;
  other.vary = {air, "site.a.power.redundancy=N,N+1"};
  CHECK(study.fault(other) ==
        "sweep.h5.partial: error: belongs to another sweep: its axes is "
        R"(["site.a.cooling.supply_air_c=[18, 27]","site.a.power.redundancy=[N, 2N]"], here it is )"
        R"(["site.a.cooling.supply_air_c=[18, 27]","site.a.power.redundancy=[N, N+1]"])"
        "\n       repeat the command that began it, choose another place with -o, or begin anew with --force\n");
  other = request;
  other.overrides = {"scenario.seed=7"};
  CHECK_THAT(study.fault(other), Contains("its overrides is [], here it is [\"scenario.seed=7\"]"));
  other = request;
  other.series = {"site_load_mw"};
  CHECK_THAT(study.fault(other), Contains("its series is [], here it is [\"site_load_mw\"]"));
  study.folder.write("tiny.toml", tiny_with("nodes = 1", "nodes = 2"));
  CHECK_THAT(study.fault(request), Contains("its scenario is Tiny (hash "));
  study.folder.write("tiny.toml", tiny_scenario());

  std::string partial = study.folder.read("sweep.h5.partial");
  const std::size_t at = partial.find("\"version\":\"") + 11;
  study.folder.write("sweep.h5.partial", partial.replace(at, partial.find('"', at) - at, "0.0.9"));
  CHECK_THAT(study.fault(request), Contains("its first line, which says of which sweep it is, is damaged"));
  study.folder.write("sweep.h5.partial", "something else\n");
  CHECK_THAT(study.fault(request), Contains("is there and is not a side file of a sweep"));
  request.resume = false;
  request.force = true;
  CHECK_FALSE(study.run(request).interrupted());
  CHECK(study.folder.files() == Texts{"sweep.h5", "tiny.toml"});
}

TEST_CASE("an input that changed while a sweep was interrupted is noticed", "[sweep]") {
  const Study study(
      tiny_with("region = \"CISO\"", "region = \"CISO\"\n\n[region.CISO]\nprice = { file = \"price.csv\" }"));
  const auto prices = [&](const std::string& price) {
    study.folder.write("price.csv", hourly_csv("time,price", sim::utc_from_civil({.year = 2024, .month = 7, .day = 15}),
                                               4, [&](int) { return price; }));
  };
  prices("50");
  auto request = study.request({"scenario.seed=1,2"});
  CHECK(study.run_some(request, 1).finished == 1);
  prices("60");
  request.resume = true;
  CHECK_THAT(study.fault(request), Contains("belongs to another sweep: its inputs is [\"price.csv "));
  prices("50");
  CHECK_FALSE(study.run(request).interrupted());
}

TEST_CASE("two processes on one output: the second is refused", "[sweep]") {
  const Study study;
  const std::string partial = study.folder.write("sweep.h5.partial", "");
  const int held = ::open(partial.c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(::flock(held, LOCK_EX | LOCK_NB) == 0);
  for (const bool resume : {false, true}) {
    auto request = study.request({"scenario.seed=1"});
    request.resume = resume;
    CHECK(study.fault(request) ==
          "sweep.h5.partial: error: another process is at work on this sweep\n       wait for it, or choose another "
          "place with -o\n");
  }
  ::close(held);
  CHECK_FALSE(study.run(study.request({"scenario.seed=1"})).interrupted());
}

TEST_CASE("a sweep does not replace what is not one of its scenario", "[sweep]") {
  const Study study;
  const auto request = study.request({"scenario.seed=1"});
  static_cast<void>(study.run(request));
  static_cast<void>(study.run(request));
  auto other = request;
  other.overrides = {"scenario.title=Another"};
  CHECK_THAT(study.fault(other), Contains("holds a sweep of another scenario, \"Tiny\""));
  study.folder.write("sweep.h5", "notes");
  CHECK_THAT(study.fault(request), Contains("exists and is not a sweep file of fleetwatt"));
  other = request;
  other.force = true;
  CHECK_FALSE(study.run(other).interrupted());
}

TEST_CASE("axes that set one value are refused, whatever their spelling", "[sweep]") {
  const Study study(tiny_scenario() + "\n[site.b]\nregion = \"ERCO\"\n[site.b.cluster.other]\nnodes = 1\n");
  const std::string key = ".cooling.supply_air_c=";
  CHECK(study.fault(study.request({"site.*" + key + "18,20", "site.a" + key + "22,24"})) ==
        "--vary site.a.cooling.supply_air_c: error: `site.*.cooling.supply_air_c` and `site.a.cooling.supply_air_c` "
        "set the same value, and the later one would win in every run\n       vary each value by one axis\n");
  for (const Texts& vary :
       std::vector<Texts>{{"site.a" + key + "18,20", "site.*" + key + "22,24"},
                          {"site.a*" + key + "18,20", "site.*" + key + "22,24"},
                          {"site.a" + key + "18,20", "site.a.cooling={ supply_air_c = 21 }"},
                          {"site.a.cooling={ supply_air_c = 21 }", "site.*" + key + "18,20"},
                          {"site.a" + key + "18,20", "site.a.cooling={ family = \"tower-economizer\" }"}}) {
    INFO(vary.front() << " " << vary.back());
    CHECK_THAT(study.fault(study.request(vary)), Contains("set the same value"));
  }
  // Other names, other keys: two axes.
  for (const Texts& vary : std::vector<Texts>{{"site.a" + key + "18,20", "site.b" + key + "18,20"},
                                              {"site.a*" + key + "18,20", "site.b*" + key + "18,20"},
                                              {"site.*" + key + "18,20", "site.a.power.redundancy=N,2N"}}) {
    auto request = study.request(vary);
    request.force = true;
    CHECK(study.fault(request).empty());
  }
}

TEST_CASE("two values that mean the same are refused", "[sweep]") {
  const Study study;
  CHECK(study.fault(study.request({"site.a.cooling.supply_air_c=18,24,24.0"})) ==
        "--vary site.a.cooling.supply_air_c: error: `24` and `24.0` are the same value, or one that nothing depends "
        "on\n       leave one out\n");
  CHECK_THAT(study.fault(study.request({"scenario.duration=1d,2h,24h"})), Contains("`1d` and `24h`"));
  CHECK_THAT(study.fault(study.request({"scenario.seed=7,7"})), Contains("`7` and `7`"));
  CHECK_THAT(study.fault(study.request({"site.a.region=CISO,{ CISO = 1 }"})), Contains("`CISO` and `{ CISO = 1 }`"));
  CHECK_THAT(study.fault(study.request({"scenario.start=2024-07-15T00:00:00Z,2024-07-15T02:00:00+02:00"})),
             Contains("are the same value"));
}

TEST_CASE("a combination that cannot be built is named, and skipped where that is asked", "[sweep]") {
  const Study study;
  const Texts vary = {"service.chat.replicas=8,16", "site.a.cluster.serving.nodes=1,2"};
  auto request = study.request(vary);
  CHECK_THAT(study.fault(request), Contains("cluster `a.serving` has 8 GPUs, 16 are needed (with "
                                            "service.chat.replicas=16, site.a.cluster.serving.nodes=1)"));
  request.skip_impossible = true;
  const auto outcome = study.run(request);
  CHECK(outcome.results.failures() == 1);
  const Hdf5Reader file(study.folder.path("sweep.h5"));
  CHECK_THAT(file.texts("error").at(2), Contains("16 are needed"));
  CHECK(std::isnan(file.numbers("fleet_energy_total_mwh").at(2)));
  CHECK(file.numbers("fleet_energy_total_mwh").at(3) > 0);

  // Where the first cannot be built, the sweep is described by the next; where none can, it is refused.
  request = study.request({"service.chat.replicas=16,8"}, "first.h5");
  request.skip_impossible = true;
  CHECK(study.run(request).results.errors.at(1).empty());
  request.vary = {"service.chat.replicas=16,24"};
  CHECK_THAT(study.fault(request), Contains("16 are needed"));
  // A fault that is there whatever the values is no combination's.
  request.vary = {"scenario.seed=1,2"};
  request.overrides = {"service.chat.replicas=16"};
  CHECK_THAT(study.fault(request), Contains("16 are needed") && !Contains("(with"));
}

TEST_CASE("a results file that cannot be written leaves the runs, and says so", "[sweep]") {
  const Study study;
  auto request = study.request(four_runs, "sweep.h5");
  const auto told = [&] {
    try {
      static_cast<void>(run_sweep(request, {.progress =
                                                [&](std::size_t done, std::size_t) {
                                                  if (done == 4) study.folder.write("sweep.h5/in", "the way");
                                                },
                                            .stop = nullptr}));
    } catch (const sim::IoError& error) {
      return study.folder.without_folder(error.what());
    }
    return std::string();
  }();
  CHECK_THAT(told, Contains("could not replace it") &&
                       Contains("all runs are in sweep.h5.partial: the same command with --resume writes them"));
  CHECK(study.folder.files() == Texts{"sweep.h5", "sweep.h5.partial", "tiny.toml"});
  std::filesystem::remove_all(study.folder.path("sweep.h5"));
  request.resume = true;
  CHECK(study.run(request).resumed == 4);
}
