#include "scenarios/schema/field.hpp"

#include <catch2/catch.hpp>

#include "scenarios/loader/toml_reader.hpp"

using namespace fleetwatt;
using namespace fleetwatt::scenarios;
using Catch::Matchers::Contains;

namespace {

/// One member of each kind, to read into.
struct Inner {
  double depth = 7.0;
};
struct First {
  double first = 1.0;
};
struct Second {
  double second = 2.0;
};
enum class Colour { red, green };
struct ColourEntry {
  const char* name;
  const char* meaning;
  Colour value;
};
constexpr std::array colours = {ColourEntry{"red", "like blood", Colour::red},
                                ColourEntry{"green", "like grass", Colour::green}};

struct Everything {
  double power_w = 5e6;
  int whole = 3;
  bool truth = false;
  std::string text = "before";
  sim::Duration duration = sim::one_hour;
  sim::UtcSeconds time;
  std::vector<std::string> texts;
  std::vector<double> numbers;
  std::vector<sim::QuantilePoint> pairs;
  std::map<std::string, double> named;
  std::optional<double> maybe_ms;
  Colour colour = Colour::red;
  Inner inner;
  std::optional<Inner> perhaps;
  std::optional<Inner> preset = Inner{.depth = 3.0};
  std::map<std::string, Inner> things;
  std::vector<Inner> list;
  std::variant<First, Second> kind;
};

const TableSpec& inner_table() {
  static const TableSpec table{"inner", {field("depth", &Inner::depth, {.range = {0, 10}, .meaning = "how deep"})}};
  return table;
}
const TableSpec& first_table() {
  static const TableSpec table{"first", {field("first", &First::first, {.meaning = "one"})}};
  return table;
}
const TableSpec& second_table() {
  static const TableSpec table{"second", {field("second", &Second::second, {.meaning = "two"})}};
  return table;
}

const TableSpec& everything_table() {
  using E = Everything;
  static const TableSpec table{
      "everything",
      {field("power_mw", &E::power_w, {.unit = units::megawatt, .range = {0.1, 100}, .meaning = "a power"}),
       field("whole", &E::whole, {.range = {1, 1000000}, .meaning = "a count"}),
       field("truth", &E::truth, {.meaning = "a truth value"}), field("text", &E::text, {.meaning = "a text"}),
       field("duration", &E::duration, {.range = {60, 86400}, .meaning = "a duration"}),
       field("time", &E::time, {.meaning = "a moment"}), field("texts", &E::texts, {.meaning = "texts"}),
       field("numbers", &E::numbers, {.range = {-1, 1}, .meaning = "numbers"}),
       field("pairs", &E::pairs, {.meaning = "pairs"}),
       field("named", &E::named, {.range = {0, 1}, .meaning = "numbers by name"}),
       field("maybe_ms", &E::maybe_ms, {.unit = units::millisecond, .range = {0}, .meaning = "perhaps a time"}),
       choice("colour", &E::colour, colours, [](const ColourEntry& c) { return c.value; }, {.meaning = "a choice"}),
       table_of("inner", &E::inner, inner_table(), {.meaning = "a table"}),
       table_of("perhaps", &E::perhaps, inner_table(), {.meaning = "a table that may be absent"}),
       table_of("preset", &E::preset, inner_table(), {.meaning = "a table with a default of its own"}),
       named_tables("things", &E::things, inner_table(), {.meaning = "tables by name"}),
       table_list("list", &E::list, inner_table(), {.meaning = "a list of tables"}),
       family("kind", &E::kind,
              {{{"first-kind", "the one"}, &first_table()}, {{"second-kind", "the other"}, &second_table()}},
              {.meaning = "a family"})}};
  return table;
}

struct Reading {
  Everything value;
  std::string faults;
};

Reading reading(const std::string& toml) {
  Reading result;
  Diagnostics diagnostics;
  ReadContext context{diagnostics, ""};
  read_table(everything_table(), read_toml(toml, "f.toml", OriginKind::file), &result.value, context);
  try {
    diagnostics.require_none();
  } catch (const sim::InputError& error) {
    result.faults = error.what();
  }
  return result;
}

std::string shown(const Everything& value, const std::string& key) {
  return everything_table().find(key)->show(&value);
}

}  // namespace

TEST_CASE("durations are numbers with units, added up", "[schema]") {
  const auto seconds = [](std::string_view text) { return parse_duration(text).value().s(); };
  CHECK(seconds("3d") == 259200.0);
  CHECK(seconds("5min") == 300.0);
  CHECK(seconds("250ms") == 0.25);
  CHECK(seconds("1h30min") == 5400.0);
  CHECK(seconds("1.5h") == 5400.0);
  CHECK(seconds("2w") == 1209600.0);
  CHECK(seconds("-7h") == -25200.0);
  CHECK(seconds("0s") == 0.0);
}

TEST_CASE("what is no duration is refused", "[schema]") {
  for (const char* text : {"", "-", "3", "d", "3 d", "3days", "3m", "3d ", "--3d", "3d-1h", "nand", "infs", "+3d",
                           "1e3s", "99999d", "3D"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
}

TEST_CASE("each kind of value is read, converted to SI and shown as it was written", "[schema]") {
  const auto [value, faults] = reading(R"(
power_mw = 0.3
whole = 12
truth = true
text = "after \"that\""
duration = "90min"
time = 2024-07-15T02:00:00+02:00
texts = ["a", "b"]
numbers = [0.5, 1, -1]
pairs = [[0, 10], [0.5, 20], [1, 20]]
named = { x = 0.25, "y.z" = 1 }
maybe_ms = 120
colour = "green"
)");
  CHECK(faults.empty());
  CHECK(value.power_w == Approx(3e5).epsilon(1e-15));
  CHECK(value.whole == 12);
  CHECK(value.truth);
  CHECK(value.text == "after \"that\"");
  CHECK(value.duration == sim::Duration::from_whole_s(5400));
  CHECK(value.time == sim::utc_from_civil({.year = 2024, .month = 7, .day = 15}));
  CHECK(value.texts == std::vector<std::string>{"a", "b"});
  CHECK(value.numbers == std::vector<double>{0.5, 1.0, -1.0});
  REQUIRE(value.pairs.size() == 3);
  CHECK(value.pairs[1].probability == 0.5);
  CHECK(value.pairs[1].value == 20.0);
  CHECK(value.named == std::map<std::string, double>{{"x", 0.25}, {"y.z", 1.0}});
  CHECK(value.maybe_ms.value() == Approx(0.12).epsilon(1e-15));
  CHECK(value.colour == Colour::green);

  CHECK(shown(value, "power_mw") == "0.3");
  CHECK(shown(value, "whole") == "12");
  CHECK(shown(value, "truth") == "true");
  CHECK(shown(value, "text") == R"("after \"that\"")");
  CHECK(shown(value, "duration") == "\"90min\"");
  CHECK(shown(value, "time") == "2024-07-15T00:00:00Z");
  CHECK(shown(value, "texts") == R"(["a", "b"])");
  CHECK(shown(value, "numbers") == "[0.5, 1.0, -1.0]");
  CHECK(shown(value, "pairs") == "[[0.0, 10.0], [0.5, 20.0], [1.0, 20.0]]");
  CHECK(shown(value, "maybe_ms") == "120.0");
  CHECK(shown(value, "colour") == "\"green\"");
  CHECK(shown(Everything{}, "maybe_ms").empty());
  CHECK(shown(Everything{}, "pairs").empty());
  CHECK(shown(Everything{}, "named").empty());
}

TEST_CASE("a text alone is a list of one", "[schema]") {
  CHECK(reading("texts = \"a\"").value.texts == std::vector<std::string>{"a"});
}

TEST_CASE("values in other units are shown without the last bit's rounding", "[schema]") {
  for (const double written : {0.1, 0.3, 23.1, 105.0, 0.14, 4.4, 8.03, 405.85, 0.00123}) {
    for (const auto& unit : units::all) {
      INFO(written << " " << unit.symbol);
      CHECK(written_from_si(written * unit.si_factor, unit) == written);
    }
  }
}

TEST_CASE("TOML text of values reads back", "[schema]") {
  CHECK(toml_text(1.0) == "1.0");
  CHECK(toml_text(0.25) == "0.25");
  CHECK(toml_text(1e300) == "1e+300");
  CHECK(toml_text(std::string("a\\b\"c\nd")) == R"("a\\b\"c\u000ad")");
  CHECK(toml_text(sim::Duration::from_whole_s(86400 * 3)) == "\"3d\"");
  CHECK(toml_text(sim::Duration::from_whole_s(5400)) == "\"90min\"");
  CHECK(toml_text(sim::Duration::from_whole_s(-25200)) == "\"-7h\"");
  CHECK(toml_text(sim::Duration::from_s(0.25)) == "\"0.25s\"");
  CHECK(toml_text(sim::Duration::from_s(0.1)) == "\"0.1s\"");
  CHECK(toml_text(sim::Duration()) == "\"0s\"");
}

TEST_CASE("a wrong type says what was found and what is needed, and changes nothing", "[schema]") {
  const auto fault = [](const std::string& toml) { return reading(toml).faults; };
  CHECK(fault("power_mw = \"big\"") ==
        "f.toml:1:12: error: `power_mw` is text \"big\"\n       needed: a number, in MW\n");
  CHECK(reading("power_mw = \"big\"").value.power_w == 5e6);
  CHECK_THAT(fault("numbers = 1"),
             Contains("`numbers` is the whole number 1") && Contains("needed: a list of numbers"));
  CHECK_THAT(fault("whole = 2.0"), Contains("`whole` is the number 2.0") && Contains("needed: a whole number"));
  CHECK_THAT(fault("truth = 1"), Contains("`truth` is the whole number 1") && Contains("needed: true or false"));
  CHECK_THAT(fault("text = 1"), Contains("needed: text in quotes"));
  CHECK_THAT(fault("duration = 5"),
             Contains("needed: a duration such as \"3d\", \"5min\" or \"250ms\" (units: ms, s, min, h, d, w)"));
  CHECK_THAT(fault("duration = \"5 minutes\""), Contains("`duration` is text \"5 minutes\""));
  CHECK_THAT(fault("time = \"2024-07-15\""), Contains("needed: a time such as 2024-07-15T00:00:00Z, without quotes"));
  CHECK_THAT(fault("time = 2024-07-15T00:00:00"),
             Contains("needed: a time that says its zone: write Z for UTC, or an offset such as -07:00"));
  CHECK_THAT(fault("time = 07:32:00"), Contains("a time that says its zone"));
  CHECK_THAT(fault("texts = [1]"), Contains("`texts` is the whole number 1"));
  CHECK_THAT(fault("texts = 1"), Contains("needed: a list of texts such as [\"a\", \"b\"]"));
  CHECK_THAT(fault("named = 1"), Contains("needed: numbers by name, such as { a = 0.5, b = 0.5 }"));
  CHECK_THAT(fault("named = { x = \"y\" }"), Contains("`named.x` is text \"y\""));
  CHECK_THAT(fault("inner = 1"), Contains("`inner` is the whole number 1") && Contains("needed: a table"));
  CHECK_THAT(fault("things = 1"), Contains("needed: tables by name"));
  CHECK_THAT(fault("things = { a = 1 }"), Contains("`things.a` is the whole number 1"));
  CHECK_THAT(fault("list = 1"), Contains("needed: a list of tables, each under [[list]]"));
  CHECK_THAT(fault("kind = 1"), Contains("needed: a table"));
  CHECK_THAT(fault("power_mw = nan"), Contains("needed: a finite number"));
  CHECK_THAT(fault("power_mw = inf"), Contains("needed: a finite number"));
}

TEST_CASE("a value out of range says the range in the key's unit", "[schema]") {
  const auto fault = [](const std::string& toml) { return reading(toml).faults; };
  CHECK_THAT(fault("power_mw = 1000"),
             Contains("`power_mw` = 1000 is out of range") && Contains("needed: 0.1 to 100 MW"));
  CHECK(reading("power_mw = 100").faults.empty());
  CHECK(reading("power_mw = 0.1").faults.empty());
  CHECK_THAT(fault("power_mw = 0.0999"), Contains("`power_mw` = 0.0999 is out of range"));
  CHECK_THAT(fault("whole = 0"), Contains("needed: 1 to 1000000"));
  CHECK_THAT(fault("maybe_ms = -1"), Contains("needed: 0 ms or more"));
  CHECK_THAT(fault("duration = \"30s\""),
             Contains("`duration` = \"30s\" is out of range") && Contains("needed: \"1min\" to \"1d\""));
  CHECK_THAT(fault("numbers = [0, 2]"), Contains("`numbers` = 2 is out of range") && Contains("needed: -1 to 1"));
  CHECK_THAT(fault("named = { x = 2 }"), Contains("`named.x` = 2 is out of range"));
  CHECK_THAT(fault("inner = { depth = 11 }"), Contains("`inner.depth` = 11 is out of range"));
}

TEST_CASE("pairs rise in both", "[schema]") {
  const auto fault = [](const std::string& toml) { return reading(toml).faults; };
  CHECK_THAT(fault("pairs = []"), Contains("needed: a list of pairs [probability, value], both rising"));
  CHECK_THAT(fault("pairs = [1, 2]"), Contains("`pairs` is the whole number 1"));
  CHECK_THAT(fault("pairs = [[0, 1, 2]]"), Contains("`pairs` is a list"));
  CHECK_THAT(fault("pairs = [[0, 5], [1, 2]]"),
             Contains("`pairs` has the pair [1, 2] which does not rise above the one before it"));
  CHECK_THAT(fault("pairs = [[0.5, 5], [0.5, 6]]"), Contains("which does not rise"));
  CHECK_THAT(fault("pairs = [[0, 5], [1.5, 6]]"), Contains("whose probability is not from 0 to 1"));
}

TEST_CASE("an unknown key is told its nearest, wherever it stands", "[schema]") {
  CHECK(reading("wohle = 1").faults ==
        "f.toml:1:1: error: unknown key `wohle` at the top of the file\n       did you mean `whole`?\n");
  CHECK_THAT(reading("[things.a]\ndeep = 1").faults,
             Contains("f.toml:2:1: error: unknown key `deep` in [things.a]") && Contains("one of: depth"));
  CHECK_THAT(reading("[kind]\nfamliy = \"first-kind\"").faults,
             Contains("unknown key `famliy` in [kind]") && Contains("did you mean `family`?"));
}

TEST_CASE("a choice that is none names the nearest and all", "[schema]") {
  CHECK_THAT(reading("colour = \"gren\"").faults,
             Contains("no colour `gren` for `colour`") && Contains("did you mean `green`? one of: red, green"));
  CHECK_THAT(reading("colour = \"blue\"").faults, Contains("one of: red, green") && !Contains("did you mean"));
  CHECK_THAT(reading("colour = 1").faults, Contains("needed: text in quotes; one of: red, green"));
}

TEST_CASE("a family reads the keys of the alternative that it names", "[schema]") {
  const auto second = reading("kind = { family = \"second-kind\", second = 5 }");
  CHECK(second.faults.empty());
  CHECK(std::get<Second>(second.value.kind).second == 5.0);
  CHECK(shown(second.value, "kind") == "\"second-kind\"");
  CHECK(std::get<First>(reading("kind = { first = 9 }").value.kind).first == 9.0);  // the default's
  CHECK_THAT(reading("kind = { family = \"second-kind\", first = 5 }").faults,
             Contains("unknown key `first` in [kind]"));
  CHECK_THAT(reading("kind = { family = \"third-kind\", x = 5 }").faults,
             Contains("no kind family `third-kind` for `kind.family`") && !Contains("unknown key"));
}

TEST_CASE("tables inside: always, when written, by name, in a list", "[schema]") {
  const auto [value, faults] = reading(
      "inner = { depth = 2 }\nperhaps = {}\nthings = { a = { depth = 1 }, b = {} }\n[[list]]\ndepth = 4\n[[list]]\n");
  CHECK(faults.empty());
  CHECK(value.inner.depth == 2.0);
  CHECK(value.perhaps.value().depth == 7.0);
  CHECK(value.things.at("a").depth == 1.0);
  CHECK(value.things.at("b").depth == 7.0);
  REQUIRE(value.list.size() == 2);
  CHECK(value.list[0].depth == 4.0);
  CHECK_FALSE(reading("").value.perhaps.has_value());
  CHECK(reading("preset = {}").value.preset.value().depth == 3.0);  // its own default, not the struct's
}

TEST_CASE("a missing key that is required is reported at its table", "[schema]") {
  static const TableSpec table{"t", {field("depth", &Inner::depth, {.meaning = "how deep", .required = true})}};
  Diagnostics diagnostics;
  ReadContext context{diagnostics, "hole"};
  Inner inner;
  read_table(table, read_toml("", "f.toml", OriginKind::file), &inner, context);
  try {
    diagnostics.require_none();
    FAIL("not reported");
  } catch (const sim::InputError& error) {
    CHECK_THAT(error.what(), Contains("error: `depth` is missing in [hole]") && Contains("how deep"));
  }
}

TEST_CASE("keys of a table, in the order of the description", "[schema]") {
  CHECK(inner_table().keys() == std::vector<std::string>{"depth"});
  CHECK(inner_table().find("depth") != nullptr);
  CHECK(inner_table().find("width") == nullptr);
  CHECK(everything_table().keys().front() == "power_mw");
}
