// `--vary`: what a list and a range stand for, and what is refused.
#include "analysis/sweep/grid.hpp"

#include <catch2/catch.hpp>

#include "sim/error.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using Catch::Matchers::Contains;
using Texts = std::vector<std::string>;
using Numbers = std::vector<double>;

namespace {

constexpr const char* air = "site.a.cooling.supply_air_c";

Axis axis(const std::string& written) {
  return parse_grid({written}, 1000).axes().front();
}

std::string fault(const Texts& written, std::uint64_t budget = 1000) {
  try {
    static_cast<void>(parse_grid(written, budget));
  } catch (const sim::InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a list has brackets or none, and is of the key's type", "[sweep]") {
  CHECK(axis("site.a.cooling.supply_air_c=18,21.5, 27").values == Texts{"18", "21.5", "27"});
  CHECK(axis("site.a.cooling.supply_air_c=[18, 21.5, 27]").numbers == Numbers{18, 21.5, 27});
  CHECK(axis("site.a.cooling.supply_air_c=18").numbers == Numbers{18});
  CHECK(axis("scenario.seed=1,2").numbers == Numbers{1, 2});
  CHECK(axis("routing.shares.a=0.2,0.5").numbers == Numbers{0.2, 0.5});
  CHECK(axis("site.a.power.redundancy=N,\"2N\"").values == Texts{"N", "2N"});
  CHECK(axis("site.a.power.redundancy=N,2N").numbers.empty());
  CHECK(axis("scenario.title=1,2").numbers.empty());
  CHECK(axis("scenario.title=\"a,b\",c").values == Texts{"a,b", "c"});
  CHECK(axis("service.chat.runs_on=[[\"a.x\", \"a.y\"], [\"a.x\"]]").values ==
        Texts{R"(["a.x", "a.y"])", R"(["a.x"])"});
  CHECK(axis("service.chat.runs_on=[\"a.x\"],[\"a.y\"]").values == Texts{R"(["a.x"])", R"(["a.y"])"});
  CHECK(axis("service.chat.slo={ ttft_p99_s = 1, tpot_p99_s = 2 },{}").values ==
        Texts{"{ ttft_p99_s = 1, tpot_p99_s = 2 }", "{}"});
  // A time has colons, and is no range.
  CHECK(axis("scenario.start=2024-01-01T00:00:00Z,2024-07-01T00:00:00Z").values.size() == 2);
}

TEST_CASE("a range is evenly spaced, with both ends as they were written", "[sweep]") {
  CHECK(axis("site.a.cooling.supply_air_c=18:27:4").values == Texts{"18", "21", "24", "27"});
  CHECK(axis("site.a.cooling.supply_air_c=0.1:0.5:5").values == Texts{"0.1", "0.2", "0.3", "0.4", "0.5"});
  CHECK(axis("site.a.cooling.supply_air_c=1:0:3").numbers == Numbers{1, 0.5, 0});
  CHECK(axis("site.a.cooling.supply_air_c=-1:1:2").numbers == Numbers{-1, 1});
  CHECK(axis("site.a.cooling.supply_air_c=20:20:1").values == Texts{"20"});
  CHECK(axis("scenario.seed=1:100:100").values.at(41) == "42");
}

TEST_CASE("several axes make a grid, the last varies fastest", "[sweep]") {
  const Grid grid = parse_grid({"scenario.seed=1,2", "site.a.power.redundancy=N,N+1,2N"}, 6);
  REQUIRE(grid.size() == 6);
  CHECK(grid.overrides(0) == Texts{"scenario.seed=1", "site.a.power.redundancy=N"});
  CHECK(grid.overrides(1) == Texts{"scenario.seed=1", "site.a.power.redundancy=N+1"});
  CHECK(grid.overrides(3) == Texts{"scenario.seed=2", "site.a.power.redundancy=N"});
  CHECK(grid.at(5) == std::vector<std::size_t>{1, 2});
}

TEST_CASE("what is no axis is refused, all faults at once", "[sweep]") {
  CHECK(fault({"site.a.cooling.suply_air_c=18"}) ==
        "--vary site.a.cooling.suply_air_c=18: error: unknown key `suply_air_c` in `site.a.cooling.suply_air_c`\n"
        "       did you mean `supply_air_c`?\n");
  CHECK(fault({"seed"}) ==
        "--vary seed: error: no `=` in it\n       write --vary PATH=LIST or --vary PATH=START:STOP:COUNT, such as "
        "--vary site.dallas.cooling.supply_air_c=18:27:4\n");
  CHECK_THAT(fault({"scenario.seed=1,,2"}), Contains("--vary scenario.seed=1,,2: error: an empty value in the list"));
  CHECK_THAT(fault({"scenario.seed="}), Contains("an empty value in the list"));
  for (const std::string bad : {"1:2", "1:2:0", "1:2:2.5", "1:2:-3", "a:2:3", "1:b:3", "1:2:3:4", "1::3"}) {
    CHECK_THAT(fault({"scenario.seed=" + bad}), Contains("`" + bad + "` is not START:STOP:COUNT"));
  }
  CHECK_THAT(fault({"scenario.seed=1:2:1"}),
             Contains("one value cannot be both ends") && Contains("COUNT of 2 or more, or 1 alone"));
  CHECK_THAT(fault({std::string(air) + "=18", std::string(air) + "=19"}),
             Contains("`site.a.cooling.supply_air_c` is varied twice"));
  CHECK_THAT(fault({"scenario.sed=1", "sit.a.region=CISO"}), Contains("`scenario.sed`") && Contains("`sit`"));
  CHECK_THAT(fault({"site={}"}), Contains("`site` is not one key"));
}

TEST_CASE("a grid above the budget is refused, and the number said", "[sweep]") {
  CHECK(fault({"scenario.seed=1:40:40", "site.a.cooling.supply_air_c=18:27:30"}) ==
        "--vary: error: the grid has 1,200 runs (40 x 30), more than the budget of 1,000\n"
        "       fewer values, or --budget 1200 to run them all\n");
  CHECK(fault({"scenario.seed=1:40:40", "site.a.cooling.supply_air_c=18:27:30"}, 1200).empty());
  CHECK_THAT(fault({"scenario.seed=1:1000000000000:1000000000000"}),  // and not after it has filled the memory
             Contains("1,000,000,000,000 values are more than the budget of 1,000 runs"));
}

TEST_CASE("one key has one spelling", "[sweep]") {
  CHECK(axis("site.\"a\".cooling.supply_air_c=18").path == air);
  CHECK(axis("catalog.model.\"llama-3.1-8b\".layers=3").path == "catalog.model.\"llama-3.1-8b\".layers");
  CHECK_THAT(fault({std::string(air) + "=18", "site.\"a\".cooling.supply_air_c=19"}), Contains("is varied twice"));
}
