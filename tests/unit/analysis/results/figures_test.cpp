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

TEST_CASE("tables are as wide as their widest cells, numbers to the right, no blanks at the end", "[results]") {
  CHECK(table({{"site", Align::left}, {"MW"}}, {{"dallas", "0.153"}, {"san-jose", "12"}}) ==
        "site          MW\n"
        "dallas     0.153\n"
        "san-jose      12\n");
  CHECK(table({{"path", Align::left}, {"value", Align::left}}, {{"a", "b"}}) == "path   value\na      b\n");
  CHECK(table({{"x"}}, {}) == "x\n");
}

TEST_CASE("a letter of two bytes takes one column", "[results]") {
  CHECK(display_width("Zürich") == 6);
  CHECK(display_width("▁▂▃") == 3);
  CHECK(display_width("") == 0);
  CHECK(table({{"site", Align::left}, {"MW"}}, {{"Zürich", "1"}, {"Berlin", "22"}}) ==
        "site     MW\n"
        "Zürich    1\n"
        "Berlin   22\n");
}

TEST_CASE("a sparkline goes from the least to the greatest", "[results]") {
  CHECK(sparkline({0, 1, 2, 3, 4, 5, 6, 7}, 8) == "▁▂▃▄▅▆▇█");
  CHECK(sparkline({7, 0}, 8) == "█▁");
  CHECK(sparkline({5, 5, 5}, 8) == "▁▁▁");
  CHECK(sparkline({0, 0, 7, 7}, 2) == "▁█");  // means of halves
  CHECK(sparkline({}, 8).empty());
  CHECK(display_width(sparkline(std::vector<double>(1000, 1.0), 72)) == 72);
}
