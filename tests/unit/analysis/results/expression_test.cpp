#include "analysis/results/expression.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace fleetwatt::analysis;

namespace {

double value(const std::string& expression) {
  return evaluate(expression, [](const std::string& name) { return static_cast<double>(name.size()); });
}

}  // namespace

TEST_CASE("names of quantities are whole, with their dots and minus signs", "[results]") {
  using Names = std::vector<std::string>;
  CHECK(names_in("site.san-jose.pue") == Names{"site.san-jose.pue"});
  CHECK(names_in("service.b-2.x / service.a-1.x + service.a-1.x") == Names{"service.a-1.x", "service.b-2.x"});
  CHECK(names_in("(15 * 6706 + 3.4e6) / 3.6e6").empty());
  CHECK(value("ab-cde") == 6);
  CHECK(value("ab - cde") == -1);
}

TEST_CASE("arithmetic", "[results]") {
  CHECK(value("2 + 3 * 4") == 14);
  CHECK(value("(2 + 3) * 4 / 8") == 2.5);
  CHECK(value("max(a, bbb) / min(a, bbb)") == 3);
  CHECK(value("-abc + 1.5e1") == 12);
  CHECK(value("(15*6706 + 10*4402 + 3*3.4e6)/3.6e6") == Approx(2.8735).epsilon(1e-4));
  CHECK(std::isinf(value("1 / 0")));
}

TEST_CASE("what is no expression is told", "[results]") {
  for (const char* text :
       {"", "site.a.pue +", "(site.a.pue", "1 2", "a ! b", "unknown(1)", "max(", "a = 3", "a > 1 ? 5 : 6", "1, 2"}) {
    INFO(text);
    CHECK_THROWS_AS(names_in(text), ExpressionFault);
  }
}
