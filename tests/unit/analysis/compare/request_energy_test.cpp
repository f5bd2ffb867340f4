#include "analysis/compare/request_energy.hpp"

#include <catch2/catch.hpp>

using namespace fleetwatt::analysis;
using Catch::Matchers::Contains;

namespace {

QuantityDifference quantity(const std::string& key, double a, double b) {
  return {.path = "service.chat." + key, .dimension = "service", .unit = "J", .a = a, .b = b, .noise = {}};
}

Comparison comparison(double a, double b) {
  Comparison result;
  result.quantities = {
      quantity("gpu_active_j_per_request", a / 2, b / 2), quantity("gpu_idle_j_per_request", 0, 1e-6),
      quantity("host_j_per_request", a / 4, b / 4),       quantity("cooling_j_per_request", a / 8, b / 8),
      quantity("loss_j_per_request", a / 8, b / 8),       quantity("facility_j_per_request", a, b)};
  return result;
}

}  // namespace

TEST_CASE("a request's joules by owner, side by side, in shares that add up", "[compare]") {
  const std::string text = request_energy_text(comparison(80, 240));
  CHECK_THAT(text, Contains("J a request of service.chat"));
  CHECK_THAT(text, Contains("GPUs at work") && Contains("50 %") && Contains("+80.0"));
  CHECK_THAT(text, Contains("= at the meter") && Contains("+160.0") && Contains("B over A: 3.00"));
  CHECK_THAT(text, !Contains("0.000001"));
}

TEST_CASE("services whose request takes the same have no table", "[compare]") {
  CHECK(request_energy_text(comparison(80, 80.1)).empty());
  CHECK(request_energy_text({}).empty());
}
