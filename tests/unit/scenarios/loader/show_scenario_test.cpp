#include "scenarios/loader/show_scenario.hpp"

#include <catch2/catch.hpp>

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

TEST_CASE("every value that is shown can be set to what is shown", "[loader]") {
  const Shown shown;
  std::vector<std::string> overrides;
  for (const auto& value : shown.values()) {
    if (!value.path.starts_with("expect")) overrides.push_back(value.path + "=" + value.value);
  }
  CHECK(overrides.size() > 150);
  CHECK(faults_of(tiny_scenario(), overrides).empty());
}
