// What `validate` says of services that cannot serve what they are asked.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;
using analysis::ExitCode;
using Catch::Matchers::Contains;

namespace {

/// What is said of a service on two servers, which can serve some 86 requests/s each.
std::string said_of(double requests_per_s, const std::string& shares) {
  const TemporaryFolder folder;
  const std::string text = tiny_with("runs_on = [\"a.serving\"]", "runs_on = [\"*.serving\"]") + fmt::format(R"(
[site.b]
region = "PJM"
[site.b.cluster.serving]
[routing]
policy = "fixed-shares"
shares = {}
)",
                                                                                                             shares);
  const Outcome valid = run_program({"validate", folder.write("s.toml", text), "--set",
                                     fmt::format("service.chat.demand.mean_requests_per_s={}", requests_per_s)});
  INFO(valid.err);
  REQUIRE(valid.code == ExitCode::ok);
  return valid.out.substr(valid.out.find("  chat: "));
}

}  // namespace

TEST_CASE("a cluster whose share of the requests is too large for it is named, however idle the others", "[cli]") {
  CHECK_THAT(said_of(100, "{ a = 0.9, b = 0.1 }"), Contains("can serve: it will be saturated at a.serving\n"));
  CHECK_THAT(said_of(100, "{ a = 0.1, b = 0.9 }"), Contains("can serve: it will be saturated at b.serving\n"));
  CHECK_THAT(said_of(170, "{ a = 0.6, b = 0.4 }"), Contains("can serve: it will be saturated at a.serving\n"));
  CHECK_THAT(said_of(200, "{ a = 0.5, b = 0.5 }"), Contains("can serve: it will be saturated\n"));
  CHECK_THAT(said_of(100, "{ a = 0.5, b = 0.5 }"), Contains("can serve\n"));
}
