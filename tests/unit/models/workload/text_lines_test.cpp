#include "models/workload/text_lines.hpp"

#include <catch2/catch.hpp>

using namespace fleetwatt::models;

namespace {

std::vector<std::pair<int, std::string>> numbered(std::string_view text, char comment = '#') {
  std::vector<std::pair<int, std::string>> lines;
  for (const auto& line : lines_of(text, comment)) lines.emplace_back(line.number, line.text);
  return lines;
}

using Lines = std::vector<std::pair<int, std::string>>;
using Cells = std::vector<std::string>;

}  // namespace

TEST_CASE("lines keep their numbers, blank ones and comments are left out", "[unit]") {
  CHECK(numbered("a\n\n# note\n   \nb\n") == Lines{{1, "a"}, {5, "b"}});
  CHECK(numbered("  # indented note\n;a\n") == Lines{{2, ";a"}});
  CHECK(numbered("  ; note\n#a\n", ';') == Lines{{2, "#a"}});
  CHECK(numbered("").empty());
  CHECK(numbered("\n \t\n").empty());
}

TEST_CASE("byte-order mark, CRLF and a missing last newline are accepted", "[unit]") {
  CHECK(numbered("\xEF\xBB\xBF"
                 "a\r\n\r\nb") == Lines{{1, "a"}, {3, "b"}});
  CHECK(numbered("\xEF\xBB\xBF").empty());
  CHECK(numbered("a\n\xEF\xBB\xBF"
                 "b") == Lines{{1, "a"},
                               {2,
                                "\xEF\xBB\xBF"
                                "b"}});  // only at the very beginning
}

TEST_CASE("cells split at commas outside quotes", "[unit]") {
  CHECK(cells_of("a,b,c") == Cells{"a", "b", "c"});
  CHECK(cells_of(" a ,\tb, c d \r") == Cells{"a", "b", "c d"});
  CHECK(cells_of("\"a,b\",c") == Cells{"a,b", "c"});
  CHECK(cells_of("\"say \"\"yes\"\"\",c") == Cells{"say \"yes\"", "c"});
  CHECK(cells_of("a,,") == Cells{"a", "", ""});
  CHECK(cells_of("") == Cells{""});
  CHECK(cells_of("\"a,b") == Cells{"a,b"});  // a quote left open holds the rest of the line
}

TEST_CASE("a number is the whole of a cell and finite", "[unit]") {
  CHECK(number_of("12") == 12.0);
  CHECK(number_of(" -1.5e3\t") == -1500.0);
  CHECK(number_of("+7") == 7.0);
  for (const char* text :
       {"", " ", "x", "1x", "1 2", "nan", "inf", "-inf", "1e999", "+-5", "++5", "+", "0x10", "1,5"}) {
    INFO(text);
    CHECK_FALSE(number_of(text));
  }
}

TEST_CASE("faults of a file are thrown together", "[unit]") {
  FaultList faults("f.csv");
  CHECK(faults.empty());
  CHECK_NOTHROW(faults.require_none());
  faults.add(3, "first", "mend it");
  faults.add(0, "second", "");
  CHECK_FALSE(faults.empty());
  CHECK_THROWS_AS(faults.require_none(), fleetwatt::sim::InputError);
  CHECK_THROWS_WITH(faults.require_none(), "f.csv:3: error: first\n       mend it\nf.csv: error: second\n");
}

TEST_CASE("twenty faults are told in full, the rest counted", "[unit]") {
  const auto told = [](int count) {
    FaultList faults("f.csv");
    for (int line = 1; line <= count; ++line) faults.add(line, "bad", "");
    try {
      faults.require_none();
    } catch (const fleetwatt::sim::InputError& error) {
      return error.diagnostics();
    }
    return std::vector<fleetwatt::sim::Diagnostic>{};
  };
  CHECK(told(20).size() == 20);
  CHECK(told(20).back().place.line == 20);
  REQUIRE(told(27).size() == 21);
  CHECK(told(27).back().message == "and 7 more faults of this file");
  CHECK(told(27).back().place.line == 0);
}
