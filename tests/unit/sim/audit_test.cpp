// Audits: what balances, what does not, and what is said then.
#include "sim/audit.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

namespace fleetwatt::sim {

namespace {

LedgerEntry sides(double in, double out, double tolerance = 0.0) {
  return {.law = "energy", .subject = "dallas", .in = in, .out = out, .tolerance = tolerance};
}

}  // namespace

TEST_CASE("the imbalance is relative to the larger side", "[unit]") {
  CHECK(sides(100.0, 99.0).imbalance() == 0.01);
  CHECK(sides(99.0, 100.0).imbalance() == 0.01);
  CHECK(sides(-1.0, 1.0).imbalance() == 2.0);
  CHECK(sides(0.0, 0.0).imbalance() == 0.0);
  CHECK(sides(0.0, 1e-300).imbalance() == 1.0);
}

TEST_CASE("a law holds up to its tolerance, and a count only exactly", "[unit]") {
  CHECK(sides(1.0, 1.0 + 0.5e-9, 1e-9).holds());
  CHECK_FALSE(sides(1.0, 1.0 + 2e-9, 1e-9).holds());
  CHECK(sides(12.0, 12.0).holds());
  CHECK_FALSE(sides(12.0, 11.0).holds());
}

TEST_CASE("what is not finite never balances", "[unit]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const auto& [in, out] : {std::pair{nan, 1.0}, {1.0, nan}, {nan, nan}, {infinity, 1.0}, {infinity, infinity}}) {
    Audit audit;
    audit.expect_equal(sides(in, out, 1.0));
    CHECK(audit.breaches().size() == 1);
    CHECK(std::isinf(audit.worst_imbalance()));
  }
}

TEST_CASE("an audit that balances passes", "[unit]") {
  Audit audit;
  CHECK(audit.breaches_text().empty());
  audit.expect_equal(sides(5.0, 5.0));
  CHECK(audit.breaches_text().empty());
  CHECK(audit.breaches().empty());
  CHECK(audit.worst_imbalance() == 0.0);
}

TEST_CASE("every breach is named with both sides", "[unit]") {
  Audit audit;
  audit.expect_equal({.law = "energy", .subject = "dallas.serving", .in = 1000.0, .out = 990.0, .tolerance = 1e-9});
  audit.expect_equal({.law = "energy", .subject = "san-jose", .in = 7.0, .out = 7.0, .tolerance = 1e-9});
  audit.expect_equal({.law = "requests", .subject = "chat", .in = 123456789.0, .out = 123456788.0});
  CHECK(audit.breaches_text() ==
        "\n  energy of dallas.serving: in 1000, accounted for 990 (off by 0.01, allowed 1e-09)\n"
        "  requests of chat: in 123456789, accounted for 123456788 (off by 8.1e-09, allowed 0)");
  CHECK(audit.breaches().size() == 2);
  CHECK(audit.worst_imbalance() == 0.01);
}

TEST_CASE("each law is named once, in the order of its first entry", "[unit]") {
  Audit audit;
  for (const char* law : {"requests", "energy", "requests", "water", "energy"})
    audit.expect_equal({.law = law, .subject = ""});
  CHECK(audit.laws() == std::vector<std::string>{"requests", "energy", "water"});
  CHECK(audit.entries().size() == 5);
}

}  // namespace fleetwatt::sim
