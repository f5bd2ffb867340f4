#include "analysis/results/figures.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace fleetwatt::analysis;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double endless = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("figures have three significant digits, four where the first is 1", "[results]") {
  CHECK(figure(0.138) == "0.1380");
  CHECK(figure(9.91) == "9.91");
  CHECK(figure(9.914) == "9.91");
  CHECK(figure(20.91) == "20.9");
  CHECK(figure(169.04) == "169.0");
  CHECK(figure(391.4) == "391");
  CHECK(figure(1234.5) == "1,234");  // banker's or not: the digits of the number
  CHECK(figure(2747104) == "2,747,104");
  CHECK(figure(0.00406) == "0.00406");
  CHECK(figure(-0.25) == "-0.250");
  CHECK(figure(-1234567) == "-1,234,567");
  CHECK(figure(1.0) == "1.000");
}

TEST_CASE("zero is 0, what is no number is a dash, no exponents", "[results]") {
  CHECK(figure(0.0) == "0");
  CHECK(figure(not_a_number) == "-");
  CHECK(figure(endless) == "-");
  CHECK(figure(1e12) == "1,000,000,000,000");
  CHECK(figure(2e-12) == "0.000000000");
  CHECK(figure(999.9) == "1,000");
}

TEST_CASE("counts are whole, thousands apart", "[results]") {
  CHECK(count(0) == "0");
  CHECK(count(999) == "999");
  CHECK(count(1000) == "1,000");
  CHECK(count(2747104) == "2,747,104");
  CHECK(count(-12345) == "-12,345");
  CHECK(count(not_a_number) == "-");
}

TEST_CASE("percentages show a decimal where it tells something", "[results]") {
  CHECK(percent(0.64) == "64 %");
  CHECK(percent(0.991) == "99.1 %");
  CHECK(percent(0.0) == "0 %");
  CHECK(percent(1.0) == "100 %");
  CHECK(percent(0.043) == "4.3 %");
  CHECK(percent(0.5) == "50 %");
  CHECK(percent(not_a_number) == "-");
}

TEST_CASE("bars go from the least to the greatest", "[results]") {
  const auto line = [](const std::vector<double>& values) {
    std::string text;
    for (const auto& bar : bars(values)) text += bar;
    return text;
  };
  CHECK(line({0, 1, 2, 3, 4, 5, 6, 7}) == "▁▂▃▄▅▆▇█");
  CHECK(line({7, 0}) == "█▁");
  CHECK(line({5, 5, 5}) == "▁▁▁");
  CHECK(bars({}).empty());
}
