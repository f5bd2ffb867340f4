#include <catch2/catch.hpp>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;
using analysis::ExitCode;
using Catch::Contains;

TEST_CASE("a scenario and the file of its run tell the same sources", "[cli]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("tiny.toml", tiny_scenario());
  const std::string results = folder.path("tiny.h5");
  REQUIRE(run_program({"run", scenario, "-o", results}).code == ExitCode::ok);
  const Outcome of_results = run_program({"show", results, "--sources"});
  const Outcome of_scenario = run_program({"show", scenario, "--sources"});
  CHECK(of_results.code == ExitCode::ok);
  CHECK(of_results.out == of_scenario.out);
  CHECK_THAT(of_results.out, Contains("catalog.accelerator.h100-sxm") && Contains("NVIDIA H100 data sheet") &&
                                 Contains("site.*.cooling.air_delta_k"));
}

TEST_CASE("the table of sources stands alone, and is not in files of differences", "[cli]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("tiny.toml", tiny_scenario());
  CHECK(run_program({"show", scenario, "--sources", "--all"}).code == ExitCode::bad_input);
  const std::string differences = folder.path("d.h5");
  REQUIRE(run_program({"compare", scenario, "--set", "service.chat.batch_limit=8", "-o", differences}).code ==
          ExitCode::ok);
  const Outcome refused = run_program({"show", differences, "--sources"});
  CHECK(refused.code == ExitCode::bad_input);
  CHECK_THAT(refused.err, Contains("no table of sources"));
}
