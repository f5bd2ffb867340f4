// Many sites from a CSV file: template, row, the scenario's own word, --set; and each fault of a file.
#include "scenarios/loader/site_tables.hpp"

#include <catch2/catch.hpp>

#include "tests/examples/scenario_files.hpp"

namespace fleetwatt::tests {

namespace {

using Catch::Matchers::Contains;

std::string fleet_of(const std::string& more = "") {
  return R"([site_table.us]
file     = "us.csv"
template = "small"

[template.small]
power.redundancy = "2N"

[template.small.cluster.serving]
server = "dgx-h100"
nodes  = 1

[service.chat]
model   = "llama-3.1-8b"
runs_on = ["*.serving"]
demand  = { mean_requests_per_s = 1 }
)" + more;
}

struct Written {
  TemporaryFolder folder;
  std::string scenario;

  explicit Written(const std::string& csv, const std::string& more = "")
      : scenario(folder.write("fleet.toml", fleet_of(more))) {
    folder.write("us.csv", csv);
  }
  [[nodiscard]] scenarios::Scenario load(const std::vector<std::string>& overrides = {}) const {
    return scenarios::load_scenario(scenario, overrides).scenario;
  }
  [[nodiscard]] std::string error() const {
    try {
      static_cast<void>(load());
    } catch (const sim::InputError& fault) {
      return folder.without_folder(fault.what());
    }
    return "no error";
  }
};

const std::string two_sites =
    "name,region,it_capacity_mw,cooling.family,cluster.serving.nodes\nashburn,PJM,0.1,static-pue,2\nquincy,GCPD,,,\n";

}  // namespace

TEST_CASE("each row of a site table is a site of its template", "[unit]") {
  const auto scenario = Written(two_sites).load();
  REQUIRE(scenario.site.size() == 2);
  const auto& ashburn = scenario.site.at("ashburn");
  CHECK(ashburn.region.begin()->first == "PJM");
  CHECK(ashburn.it_capacity_w == Approx(1e5));
  CHECK(std::holds_alternative<models::StaticPue>(ashburn.cooling));
  CHECK(ashburn.cluster.at("serving").nodes == 2);
  CHECK(ashburn.power.redundancy == models::Redundancy::two_n);
  const auto& quincy = scenario.site.at("quincy");
  CHECK_FALSE(quincy.it_capacity_w.has_value());  // empty cells say nothing
  CHECK(quincy.cluster.at("serving").nodes == 1);
}

TEST_CASE("the scenario's own word on a site is above its row, and --set above both", "[unit]") {
  const Written written(two_sites, "\n[site.ashburn]\nit_capacity_mw = 0.2\n");
  CHECK(written.load().site.at("ashburn").it_capacity_w == Approx(2e5));
  CHECK(written.load().site.at("ashburn").cluster.at("serving").nodes == 2);
  CHECK(written.load({"site.ashburn.it_capacity_mw=0.3"}).site.at("ashburn").it_capacity_w == Approx(3e5));
}

TEST_CASE("a --set on a template reaches all its sites, but for what their rows say", "[unit]") {
  const auto scenario = Written(two_sites).load({"template.small.cluster.serving.nodes=5"});
  CHECK(scenario.site.at("quincy").cluster.at("serving").nodes == 5);
  CHECK(scenario.site.at("ashburn").cluster.at("serving").nodes == 2);
}

TEST_CASE("a cell may hold shares of regions, in quotes", "[unit]") {
  const auto scenario = Written("name,region\nboth,\"{ GCPD = 0.25, BPAT = 0.75 }\"\n").load();
  CHECK(scenario.site.at("both").region == std::map<std::string, double>{{"BPAT", 0.75}, {"GCPD", 0.25}});
  CHECK(scenarios::main_region(scenario.site.at("both")) == "BPAT");
}

TEST_CASE("faults of a site table name file and line", "[unit]") {
  CHECK_THAT(
      Written("name,region,coling.family\na,PJM,static-pue\n").error(),
      Contains("us.csv:1: error: column `coling.family` is no key of a site") && Contains("did you mean `cooling`?"));
  CHECK_THAT(Written("region\nPJM\n").error(), Contains("us.csv:1: error: the site table has no column `name`"));
  CHECK_THAT(Written("name,region\na,PJM,1\n").error(), Contains("us.csv:2: error: 3 fields, the header has 2"));
  CHECK_THAT(Written("name,region\na,PJM\na,ERCO\n").error(), Contains("us.csv:3: error: site `a` is there twice"));
  CHECK_THAT(Written("name,region\na.b,PJM\n").error(), Contains("us.csv:2: error: `a.b` is no name for a site"));
  CHECK_THAT(Written("name,region\na,PJMM\n").error(),
             Contains("us.csv:2: error: no grid region `PJMM`") && Contains("did you mean `PJM`?"));
  CHECK_THAT(Written("").error(), Contains("us.csv: error: the site table is empty"));
}

TEST_CASE("a site table without its file, or with an unknown template, is refused", "[unit]") {
  TemporaryFolder folder;
  const std::string scenario =
      folder.write("fleet.toml", "[site_table.us]\nfile = \"none.csv\"\ntemplate = \"smal\"\n[template.small]\n");
  CHECK_THROWS_WITH(scenarios::load_scenario(scenario, {}),
                    Contains("no template `smal`") && Contains("did you mean `small`?"));
  const std::string missing = folder.write("missing.toml", "[site_table.us]\nfile = \"none.csv\"\n");
  CHECK_THROWS_WITH(scenarios::load_scenario(missing, {}),
                    Contains("missing.toml:2:8: error: cannot read") && Contains("none.csv"));
}

TEST_CASE("shares of regions must sum to 1", "[unit]") {
  TemporaryFolder folder;
  const std::string scenario =
      folder.write("fleet.toml", tiny_with("region = \"CISO\"", "region = { CISO = 0.7, BPAT = 0.2 }"));
  CHECK_THROWS_WITH(scenarios::load_scenario(scenario, {}),
                    Contains("the shares of `site.a.region` sum to 0.9") && Contains("needed: 1"));
}

}  // namespace fleetwatt::tests
