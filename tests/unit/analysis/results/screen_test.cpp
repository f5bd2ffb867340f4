#include "analysis/results/screen.hpp"

#include <catch2/catch.hpp>

#include "tests/examples/screen_lines.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;

TEST_CASE("a letter of two bytes takes one column, a colour none", "[results]") {
  CHECK(display_width("Zürich") == 6);
  CHECK(display_width("▁▂▃") == 3);
  CHECK(display_width("") == 0);
  CHECK(display_width("\x1b[31mNOT MET\x1b[0m") == 7);
}

TEST_CASE("colours only where the screen has them", "[results]") {
  CHECK(painted("met", Colour::green, {}) == "met");
  CHECK(painted("met", Colour::green, {.width = 80, .colour = true}) == "\x1b[32mmet\x1b[0m");
  CHECK(painted("", Colour::red, {.colour = true}).empty());
}

TEST_CASE("a line is broken between words, and hangs", "[results]") {
  CHECK(filled("one two three", 0, 2) == "one two three");
  CHECK(filled("one two three", 13, 2) == "one two three");
  CHECK(filled("one two three", 12, 2) == "one two\n  three");
  CHECK(filled("one two three", 5, 2) == "one\ntwo\nthree");                     // a screen too narrow to hang on
  CHECK(filled("one incomparable two", 10, 2) == "one\n  incomparable\n  two");  // no word is broken
  CHECK(filled("Zürich Köln", 11, 2) == "Zürich Köln");
  CHECK(filled("Zürich Köln", 10, 0) == "Zürich\nKöln");
}

TEST_CASE("what stands between wide gaps stays together where a line holds it", "[results]") {
  CHECK(filled("energy   inference 11 %  training 33 %  losses 6 %", 39, 9) ==
        "energy   inference 11 %  training 33 %\n         losses 6 %");
  CHECK(filled("energy   inference 11 %  training 33 %  losses 6 %", 36, 9) ==
        "energy   inference 11 %\n         training 33 %  losses 6 %");
  CHECK(filled("a  one two three four five six", 12, 3) == "a  one two\n   three\n   four five\n   six");
}

TEST_CASE("each line hangs under what follows its label, or under its own indent", "[results]") {
  const Screen narrow{.width = 20};
  CHECK(wrapped("flags    chat: it cannot keep up\n", narrow) ==
        "flags    chat: it\n         cannot keep\n         up\n");
  CHECK(wrapped("         b: it cannot keep up\n", narrow) == "         b: it\n         cannot keep\n         up\n");
  CHECK(wrapped("note: this is a long sentence\nshort\n\n", narrow) == "note: this is a long\n  sentence\nshort\n\n");
  CHECK(wrapped("note: this is a long sentence\n", {}) == "note: this is a long sentence\n");
}

TEST_CASE("no width loses a word or cuts one", "[results]") {
  const std::string text =
      "audits   requests, GPU-hours, energy, attribution, regions, water, bill: all close, worst 4e-13\n"
      "note: \x1b[33mdallas\x1b[0m has 12 hours of gaps in its carbon file, which were interpolated  (see the log)\n";
  for (std::size_t width = 1; width < 110; ++width) {
    INFO(width);
    const auto shown = wrapped(text, {.width = width});
    CHECK(tests::words_of(shown) == tests::words_of(text));
    CHECK(tests::too_wide(shown, width).empty());
  }
}
