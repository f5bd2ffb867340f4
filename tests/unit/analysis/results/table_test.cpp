#include "analysis/results/table.hpp"

#include <catch2/catch.hpp>

#include "tests/examples/screen_lines.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;

TEST_CASE("tables are as wide as their widest cells, numbers to the right, no blanks at the end", "[results]") {
  CHECK(table({{"site", Align::left}, {"MW"}}, {{"dallas", "0.153"}, {"san-jose", "12"}}) ==
        "site          MW\n"
        "dallas     0.153\n"
        "san-jose      12\n");
  CHECK(table({{"path", Align::left}, {"value", Align::left}}, {{"a", "b"}}) == "path   value\na      b\n");
  CHECK(table({{"x"}}, {}) == "x\n");
  CHECK(table({{"site", Align::left}, {"MW"}}, {{"Zürich", "1"}, {"Berlin", "22"}}) ==
        "site     MW\n"
        "Zürich    1\n"
        "Berlin   22\n");
}

TEST_CASE("colours move no column", "[results]") {
  CHECK(table({{"a"}, {"b", Align::left}, {"c"}}, {{"1", painted("met", Colour::green, {.colour = true}), "2"}}) ==
        "a   b     c\n1   \x1b[32mmet\x1b[0m   2\n");
  CHECK(table({{"a"}, {"b", Align::left}}, {{"10", "x"}}, {.colour = true}) ==
        " \x1b[1ma\x1b[0m   \x1b[1mb\x1b[0m\n10   x\n");
}

TEST_CASE("columns of words give way first, each cell on several lines", "[results]") {
  CHECK(table({{"part", Align::left}, {"ms"}, {"", Align::left}},
              {{"weights", "1.5", "read from memory once for each of the batch's tokens"}, {"rest", "10", "others"}},
              {.width = 50}) ==
        "part       ms\n"
        "weights   1.5   read from memory once for each of\n"
        "                the batch's tokens\n"
        "rest       10   others\n");
}

TEST_CASE("a table too wide is in blocks, each with the label, joined columns stay together", "[results]") {
  const std::vector<Column> columns = {
      {"site", Align::left}, {"energy MWh"}, {"peak MW"}, {"p50"}, {"p99", Align::right, true}};
  const std::vector<std::vector<std::string>> rows = {{"dallas", "8.48", "0.19", "1", "2"},
                                                      {"x", "10", "2", "3", "44"}};
  CHECK(table(columns, rows, {.width = 36}) ==
        "site     energy MWh   peak MW\n"
        "dallas         8.48      0.19\n"
        "x                10         2\n"
        "\n"
        "site     p50   p99\n"
        "dallas     1     2\n"
        "x          3    44\n");
  CHECK(table(columns, rows, {.width = 41}) == table(columns, rows));
}

TEST_CASE("a long label has a line of its own", "[results]") {
  CHECK(table({{"quantity", Align::left}, {"A"}, {"B"}},
              {{"site.dallas.energy_mwh", "8.48", "8.50"}, {"", "", ""}, {"total.pue", "1.2", "1.3"}}, {.width = 30}) ==
        "quantity\n"
        "     A      B\n"
        "site.dallas.energy_mwh\n"
        "  8.48   8.50\n"
        "\n"
        "total.pue\n"
        "   1.2    1.3\n");
}

TEST_CASE("where nothing fits side by side, a line is a cell", "[results]") {
  CHECK(table({{"claim"}, {"what", Align::left, true}, {"published"}, {"simulated"}, {"from", Align::left}},
              {{"3.1", "energy of an image of 1024 pixels", "2,282 J", "2,300 J", "a page of the article"}},
              {.width = 24}) ==
        "claim  what\n"
        "3.1  energy of an image\n"
        "  of 1024 pixels\n"
        "  published   2,282 J\n"
        "  simulated   2,300 J\n"
        "  from        a page of\n"
        "              the\n"
        "              article\n");
}

TEST_CASE("no screen loses a cell, and none is wider than it may be", "[results]") {
  const std::vector<Column> columns = {{"label", Align::left},
                                       {"unit", Align::left, true},
                                       {"A"},
                                       {"share", Align::right, true},
                                       {"B"},
                                       {"a head of words"},
                                       {"what it means", Align::left},
                                       {"verdict", Align::left}};
  const std::vector<std::vector<std::string>> rows = {
      {"site.san-jose.carbon_intensity_g_per_kwh", "g/kWh", "158.0", "11 %", "157.9", "0.1",
       "grams of CO2 a kilowatt-hour, of the grid that the site stands on",
       painted("NOT MET", Colour::red, {.colour = true})},
      {"pue", "1", "1,234,567.8", "99.1 %", "-", "~", "", "met"}};
  for (const std::size_t label : {0U, 1U}) {
    const std::vector<std::vector<std::string>> shown_rows(rows.begin() + static_cast<std::ptrdiff_t>(label),
                                                           rows.end());
    for (std::size_t width = 20; width < 220; ++width) {
      INFO(width);
      const std::string text = table(columns, shown_rows, {.width = width});
      CHECK(tests::too_wide(text, width).empty());
      auto words = tests::words_of(text);
      for (const auto& row : shown_rows) {
        for (const auto& cell : row) {
          for (const auto& word : tests::words_of(cell)) {
            const auto found = std::find(words.begin(), words.end(), word);
            CHECK(found != words.end());
            if (found != words.end() && word != "pue" && word != "1") words.erase(found);
          }
        }
      }
    }
  }
}
