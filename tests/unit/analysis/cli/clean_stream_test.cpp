// What reaches a terminal of text from outside; standard output that takes nothing.
#include "analysis/cli/clean_stream.hpp"

#include <catch2/catch.hpp>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <sstream>

#include "analysis/results/atomic_file.hpp"
#include "analysis/results/hdf5_file.hpp"
#include "tests/examples/results_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

/// Takes so many bytes, then none, as a full disk or a closed pipe would.
class FullBuffer : public std::streambuf {
 public:
  FullBuffer(std::size_t room, int reason) : room_(room), reason_(reason) {}

 protected:
  std::streamsize xsputn(const char*, std::streamsize size) override {
    if (static_cast<std::size_t>(size) <= room_) {
      room_ -= static_cast<std::size_t>(size);
      return size;
    }
    errno = reason_;
    return 0;
  }
  int_type overflow(int_type) override {
    errno = reason_;
    return traits_type::eof();
  }

 private:
  std::size_t room_;
  int reason_;
};

/// The program with a standard output that has no room.
Outcome run_into_full(std::vector<std::string> args, int reason, std::size_t room = 0) {
  FullBuffer buffer(room, reason);
  std::ostream out(&buffer);
  std::ostringstream err;
  const Console console{out, err};
  const ExitCode code = run_command_line(std::move(args), console);
  return {code, "", err.str()};
}

}  // namespace

TEST_CASE("the program's own colours pass where there are some, and no other code", "[cli]") {
  const Screen screen{.width = 80, .colour = true};
  const std::string red = painted("NOT MET", Colour::red, screen);
  CHECK(clean_text(red) == "\\u001b[31mNOT MET\\u001b[0m");
  CHECK(clean_text(red, true) == red);
  CHECK(clean_text("\x1b[5mblink\x1b]0;title\a\x1b[31", true) == "\\u001b[5mblink\\u001b]0;title\\u0007\\u001b[31");
  std::ostringstream target;
  CleanStream stream(target, true);
  for (const char c : red) stream << c << std::flush;  // a code in parts is one code
  CHECK(target.str() == red);
}

TEST_CASE("a terminal's width and colours reach every command", "[cli]") {
  const TemporaryFolder folder;
  std::ostringstream out, err;
  const Console console{.out = out, .err = err, .screen = {.width = 40, .colour = true}};
  CHECK(run_command_line({"validate", folder.write("s.toml", tiny_scenario())}, console) == ExitCode::ok);
  CHECK(run_command_line({"run", folder.path("s.toml"), "-o", folder.path("s.h5")}, console) == ExitCode::ok);
  CHECK_THAT(out.str(), Contains("\x1b[1m") && !Contains("\\u001b"));
  std::istringstream lines(out.str());
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK((display_width(line) <= 40 || line.find(folder.path()) != std::string::npos));  // a word of its own
  }
}

TEST_CASE("control characters are shown as what they are, all else stays", "[cli]") {
  CHECK(clean_text("a\x1b[31mb\rc\a\x7f") == "a\\u001b[31mb\\u000dc\\u0007\\u007f");
  CHECK(clean_text(std::string("\0\t\n", 3)) == "\\u0000\t\n");
  CHECK(clean_text("\u009b31m \u0085") == "\\u009b31m \\u0085");
  CHECK(clean_text("\u202Aa\u202Eb\u2066c\u2069\u200F\u061C\u2028") ==
        "\\u202aa\\u202eb\\u2066c\\u2069\\u200f\\u061c\\u2028");
  const std::string ordinary =
      "Grüße, 東京 · ▁▂█ 🙂 \u00A0\u202F\u2065\u206A\u2029"
      "x";
  CHECK(clean_text(ordinary) == "Grüße, 東京 · ▁▂█ 🙂 \u00A0\u202F\u2065\u206A\\u2029x");
  // Not UTF-8: alone, cut off, too long, a surrogate, beyond the last.
  CHECK(clean_text("\x9b"
                   "31m") == "\uFFFD31m");
  CHECK(clean_text("\xE2\x96") == "\uFFFD\uFFFD");
  CHECK(clean_text("\xC0\x9B") == "\uFFFD\uFFFD");
  CHECK(clean_text("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
  CHECK(clean_text("\xF4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("a stream of pieces is clean wherever they are cut", "[cli]") {
  const std::string text = "Grüße\x1b[2J 東\u202E京 🙂\xE2";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    std::ostringstream target;
    {
      CleanStream stream(target);
      stream << text.substr(0, cut) << std::flush << text.substr(cut);
    }
    CHECK(target.str() == clean_text(text));
  }
  std::ostringstream target;
  CleanStream stream(target);
  const std::string much = std::string(65535, 'x') + "東京";
  stream << much << much << std::flush;
  CHECK(target.str() == much + much);
}

TEST_CASE("a title, a name, an excerpt and an attribute reach the terminal clean", "[cli]") {
  const TemporaryFolder folder;
  const std::string title = folder.write("title.toml", tiny_with("\"Tiny\"", R"("T\u001b[31m\u202Eny")"));
  const auto run = run_program({"run", title, "-o", folder.path("t.h5")});
  REQUIRE(run.code == ExitCode::ok);
  CHECK_THAT(run.out, Contains("T\\u001b[31m\\u202eny") && !Contains("\x1b") && !Contains("\u202E"));

  // The file has the title as it is; its readers show it.
  CHECK(Hdf5Reader(folder.path("t.h5")).text_attribute("", "title") == "T\x1b[31m\u202Eny");
  for (const auto& args : std::vector<std::vector<std::string>>{
           {"show", folder.path("t.h5")}, {"compare", folder.path("t.h5"), folder.path("t.h5")}}) {
    const auto shown = run_program(args);
    CHECK_THAT(shown.out, Contains("T\\u001b[31m\\u202eny") && !Contains("\x1b"));
  }
  const auto json = run_program({"compare", folder.path("t.h5"), folder.path("t.h5"), "--json"});
  CHECK(nlohmann::json::parse(json.out)["a"]["title"] == "T\x1b[31m\u202Eny");

  const std::string bad = folder.write("bad.toml", tiny_with("nodes = 1", "nodes = \"\u009b5m\u2067 \x7f\""));
  const auto refused = run_program({"validate", bad});
  CHECK(refused.code == ExitCode::bad_input);
  CHECK_THAT(refused.err, Contains("\\u009b5m\\u2067") && !Contains("\u009b") && !Contains("\u2067"));
  CHECK_THAT(run_program({"run", "no\x1b[2J.toml"}).err, Contains("no\\u001b[2J.toml") && !Contains("\x1b"));
  CHECK_THAT(run_program({"ru\x1bn"}).err, Contains("no command `ru\\u001bn`"));
  CHECK_THAT(run_program({"run", title, "--thr\x1b"}).err, !Contains("\x1b"));
}

TEST_CASE("JSON of a text that is not UTF-8 is JSON", "[cli]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("tiny.toml", tiny_scenario());
  const std::vector<std::string> set = {"--set", "scenario.title=a\xff"};
  for (std::vector<std::string> args : std::vector<std::vector<std::string>>{
           {"run", scenario, "--json", "-o", folder.path("r.h5")},
           {"sweep", scenario, "--vary", "scenario.seed=1", "--json", "-o", folder.path("s.h5")},
           {"compare", folder.path("r.h5"), folder.path("r.h5"), "--json"}}) {
    if (args.front() != "compare") args.insert(args.end(), set.begin(), set.end());
    const auto run = run_program(args);
    CHECK(run.code == ExitCode::ok);
    CHECK_THAT(nlohmann::json::parse(run.out).dump(), Contains("a\uFFFD"));
  }
}

TEST_CASE("standard output that takes nothing is exit code 3", "[cli]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("tiny.toml", tiny_scenario());
  write_atomically(folder.path("tiny.h5"), image_of(tiny_scenario()));
  const std::vector<std::vector<std::string>> commands = {
      {"--help"},
      {"--version"},
      {"schema"},
      {"completion", "bash"},
      {"show", scenario},
      {"show", folder.path("tiny.h5")},
      {"validate", scenario},
      {"export", folder.path("tiny.h5"), "-o", "-"},
      {"export", folder.path("tiny.h5"), "-o", folder.path("t.csv")},
      {"run", scenario, "-o", folder.path("tiny.h5")},
      {"compare", folder.path("tiny.h5"), folder.path("tiny.h5")},
      {"sweep", scenario, "--vary", "scenario.seed=1,2", "-o", folder.path("sweep.h5")}};
  for (const auto& args : commands) {
    INFO(args.front());
    const auto full = run_into_full(args, ENOSPC);
    CHECK(full.code == ExitCode::io);
    CHECK(full.err == "error: standard output: could not write it: No space left on device\n");
    const auto closed = run_into_full(args, EPIPE);
    CHECK(closed.code == ExitCode::io);
    CHECK(closed.err.empty());
  }
  // What failed by itself keeps its code.
  CHECK(run_into_full({"show", folder.path("none.toml")}, ENOSPC).code == ExitCode::bad_input);
  CHECK(run_into_full({"--version"}, ENOSPC, 1000).code == ExitCode::ok);
}
