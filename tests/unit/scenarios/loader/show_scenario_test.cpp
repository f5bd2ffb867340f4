#include "scenarios/loader/show_scenario.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::scenarios;
using namespace fleetwatt::tests;

namespace {

class Shown {
 public:
  Shown() {
    folder_.write("base.toml", tiny_scenario());
    folder_.write("s.toml",
                  "extends = \"base.toml\"\n[scenario]\nseed = 3\n[[expect]]\nquantity = \"total.pue\"\nvalue = "
                  "1.2\nsource = \"x\"\n");
    values_ = show_scenario(load_scenario(folder_.path("s.toml"), {"site.a.cooling.supply_air_c=27"}));
  }

  /// "value from origin", or "nothing".
  [[nodiscard]] std::string at(const std::string& path) const {
    for (const auto& shown : values_) {
      if (shown.path == path) return shown.value + " from " + folder_.without_folder(shown.origin);
    }
    return "nothing";
  }
  [[nodiscard]] const std::vector<ShownValue>& values() const { return values_; }

 private:
  TemporaryFolder folder_;
  std::vector<ShownValue> values_;
};

}  // namespace

TEST_CASE("every value says where it came from", "[loader]") {
  const Shown shown;
  CHECK(shown.at("scenario.tick") == "\"5min\" from default");
  CHECK(shown.at("scenario.seed") == "3 from s.toml:3");
  CHECK(shown.at("scenario.duration") == "\"2h\" from base.toml:4");
  CHECK(shown.at("site.a.region") == "\"CISO\" from base.toml:7");
  CHECK(shown.at("site.a.cooling.supply_air_c") == "27.0 from --set site.a.cooling.supply_air_c=27");
  CHECK(shown.at("site.a.cooling.family") == "\"tower-economizer\" from default");
  CHECK(shown.at("site.a.cluster.serving.server") == "\"dgx-h100\" from default");
  CHECK(shown.at("service.chat.demand.lengths.prompt.lognormal.median") == "1000.0 from default");
  CHECK(shown.at("expect[0].value") == "1.2 from s.toml:6");
  CHECK(shown.at("catalog.server.dgx-h100.gpus").find("8 from catalog/hardware.toml:") == 0);
  CHECK(shown.at("catalog.model.\"llama-3.1-8b\".layers").find("32 from catalog/models.toml:") == 0);
  CHECK(shown.at("catalog.region.CISO.title").find("\"California ISO\" from catalog/regions.toml:") == 0);
  CHECK(shown.at("catalog.climate.san-jose.title").find("from catalog/climates.toml:") != std::string::npos);
}

TEST_CASE("what is not set, and entries that the scenario does not use, are not shown", "[loader]") {
  const Shown shown;
  CHECK(shown.at("site.a.climate") == "nothing");
  CHECK(shown.at("service.chat.tensor_parallel") == "nothing");
  CHECK(shown.at("site.a.weather.file") == "nothing");
  CHECK(shown.at("catalog.region.ERCO.title") == "nothing");
  CHECK(shown.at("catalog.model.\"llama-3.1-405b\".layers") == "nothing");
  for (const auto& value : shown.values()) CHECK_FALSE(value.value.empty());
}

namespace {

/// Path and value of all that is shown, in order.
std::vector<std::string> shown_of(const std::string& file, const std::vector<std::string>& overrides) {
  std::vector<std::string> lines;
  for (const auto& value : show_scenario(load_scenario(file, overrides)))
    lines.push_back(value.path + "=" + value.value);
  return lines;
}

void check_round_trip(const std::string& file, const std::vector<std::string>& overrides = {}) {
  INFO(file);
  const auto before = shown_of(file, overrides);
  auto all = overrides;
  all.insert(all.end(), before.begin(), before.end());
  const auto after = shown_of(file, all);
  REQUIRE(after.size() == before.size());
  const auto [was, is] = std::ranges::mismatch(before, after);
  CHECK((was == before.end() ? "the same" : *was + " became " + *is) == "the same");
  std::set<std::string> paths;
  for (const auto& line : before) CHECK(paths.insert(line.substr(0, line.find('='))).second);
}

}  // namespace

TEST_CASE("every value of every scenario of the library can be set to what is shown, and nothing is different",
          "[loader]") {
  int scenarios = 0;
  for (const auto& study : std::filesystem::directory_iterator(FLEETWATT_SOURCE_DIR "/scenarios/library")) {
    for (const auto& entry : std::filesystem::directory_iterator(study)) {
      if (entry.path().extension() != ".toml") continue;
      ++scenarios;
      check_round_trip(entry.path().generic_string());
    }
  }
  CHECK(scenarios >= 20);
}

TEST_CASE("other families, laws and lists are shown as they can be set", "[loader]") {
  const TemporaryFolder folder;
  const std::string file =
      folder.write("s.toml", tiny_scenario() +
                                 "[[expect]]\nquantity = \"total.pue\"\nvalue = 1.2\nsource = \"x\"\n[[expect]]\n"
                                 "quantity = \"total.pue\"\nat_least = 1\nsource = \"y\"\n");
  check_round_trip(file);
  check_round_trip(
      file, {"site.a.cooling={ family = \"static-pue\", pue = 1.2 }", "site.a.region={ CISO = 0.7, PJM = 0.3 }"});
  check_round_trip(file, {"service.chat.demand.lengths.prompt={ fixed = 3 }", "expect[1].at_least=1.1"});
  CHECK(shown_of(file, {"expect[1].at_least=1.1"}) != shown_of(file, {}));
  CHECK(faults_of(tiny_scenario(), {"expect[0].value=1"}) ==
        "--set expect[0].value=1: error: no `expect[0]`: the scenario has 0 of them\n       write it as [[expect]]\n");
}

TEST_CASE("of two laws one is shown, and no key that changes nothing", "[loader]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("s.toml", tiny_scenario());
  const auto has = [&](const std::vector<std::string>& overrides, const std::string& path) {
    const auto lines = shown_of(file, overrides);
    return std::ranges::any_of(lines, [&](const auto& line) { return line.starts_with(path); });
  };
  CHECK(has({}, "service.chat.demand.lengths.prompt.lognormal"));
  CHECK_FALSE(
      has({"service.chat.demand.lengths.prompt={ fixed = 3 }"}, "service.chat.demand.lengths.prompt.lognormal"));
  CHECK(has({}, "site.a.power"));
  CHECK_FALSE(has({"site.a.cooling.family=static-pue"}, "site.a.power"));
  CHECK_FALSE(has({}, "site.a.cluster.serving.scheduler"));
  CHECK_FALSE(has({}, "service.chat.kv_block_tokens"));
  CHECK_FALSE(has({}, "service.chat.demand.time_zone"));
  CHECK(has({"service.chat.demand.shape=office"}, "service.chat.demand.time_zone=\"America/Los_Angeles\""));
}
