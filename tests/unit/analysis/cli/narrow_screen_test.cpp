// Every screen of the program, on terminals of several widths, with and without colours.
#include <catch2/catch.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <fcntl.h>
#include <cstdlib>

#include "analysis/cli/error_text.hpp"
#include "analysis/cli/terminal.hpp"
#include "tests/examples/scenario_files.hpp"
#include "tests/examples/screen_lines.hpp"

using namespace fleetwatt;
using namespace fleetwatt::tests;
using analysis::ExitCode;
using analysis::Screen;
using Catch::Matchers::Contains;

namespace {

Outcome on_screen(std::vector<std::string> args, const Screen& screen) {
  std::ostringstream out;
  std::ostringstream err;
  const analysis::Console console{.out = out, .err = err, .screen = screen, .err_screen = screen};
  const ExitCode code = analysis::run_command_line(std::move(args), console);
  return {code, out.str(), err.str()};
}

bool is_time(const std::string& word) {
  return word.find_first_not_of("0123456789.") == std::string::npos;
}

/// The words of a text that differ from run to run, in wall time and in nothing else, left out.
std::vector<std::string> lasting_words(const std::string& text) {
  auto words = words_of(text);
  std::erase_if(words, is_time);
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

void check_at_all_widths(const std::vector<std::string>& args) {
  const auto words = lasting_words(on_screen(args, {}).out);
  REQUIRE(words.size() > 5);
  for (const std::size_t width : {60U, 80U, 100U, 200U}) {
    INFO(args.front() << " at " << width);
    const std::string shown = on_screen(args, {.width = width}).out;
    CHECK(lasting_words(shown) == words);
    CHECK(too_wide(shown, width).empty());
  }
}

const std::string with_claim =
    "[site.a.cooling]\nfamily = \"static-pue\"\npue = 1.25\n[[expect]]\nquantity = \"site.a.pue\"\nvalue = 1.2\n"
    "tolerance = \"10 %\"\nsays = \"energy of the whole over that of the servers, in the mean of a year\"\n"
    "source = \"the makers, in a report of some length\"\n[[expect]]\nquantity = \"site.a.pue\"\nvalue = 1.1\n"
    "tolerance = \"1 %\"\nsource = \"others\"\n";

/// Six sites of PUE 1.25 in Texas, six of 1.1 in California, and one of 1.1 on both grids, each with a cluster of jobs.
std::string thirteen_sites() {
  std::string text = "[scenario]\ntitle = \"Many\"\nstart = 2024-07-15T00:00:00Z\nduration = \"2h\"\n";
  for (int i = 1; i <= 13; ++i) {
    const std::string site = "site.s" + std::to_string(i);
    const std::string region = i == 13 ? "{ CISO = 0.5, ERCO = 0.5 }" : i % 2 == 0 ? "\"CISO\"" : "\"ERCO\"";
    text += "[" + site + "]\nregion = " + region + "\n[" + site +
            ".cooling]\nfamily = \"static-pue\"\npue = " + (i == 13 || i % 2 == 0 ? "1.1" : "1.25") + "\n[" + site +
            ".cluster.c]\nnodes = 1\njobs = { synthetic = { " + "mean_interarrival_s = " + (i == 3 ? "6000" : "600") +
            " } }\n";
  }
  return text;
}

}  // namespace

TEST_CASE("each screen fits, and loses no word", "[cli][screen]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("s.toml", tiny_scenario() + with_claim);
  const std::string results = folder.path("s.h5");
  check_at_all_widths({"run", scenario, "-o", results, "--check", "--threads", "1"});
  check_at_all_widths({"show", results});
  check_at_all_widths({"show", results, "--by", "service", "--var", "requests"});
  check_at_all_widths({"show", scenario});
  check_at_all_widths({"show", scenario, "--all"});
  check_at_all_widths({"claims", scenario, "--threads", "1"});
  check_at_all_widths({"compare", scenario, "--set", "site.a.cooling.pue=1.3", "--all", "--threads", "1"});
  check_at_all_widths({"sweep", scenario, "--vary", "site.a.cooling.pue=1.2,1.3", "--vary",
                       "service.chat.demand.mean_requests_per_s=0.1,0.2", "--vary", "service.chat.batch_limit=8,16",
                       "-o", folder.path("sweep.h5"), "--threads", "1"});
  check_at_all_widths({"explain", "llama-3.1-8b", "h100-sxm"});
  check_at_all_widths({"explain", "stable-diffusion-3-medium", "h100-sxm"});
}

TEST_CASE("verdicts, flags and heads have colours on a screen that has them, and only there", "[cli][screen]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("s.toml", tiny_scenario() + with_claim);
  const std::vector<std::string> claims = {"claims", scenario, "--threads", "1"};
  const std::string plain = on_screen(claims, {.width = 80}).out;
  CHECK(plain.find('\x1b') == std::string::npos);
  std::string coloured = on_screen(claims, {.width = 80, .colour = true}).out;
  CHECK_THAT(coloured, Contains("\x1b[32mmet\x1b[0m") && Contains("\x1b[31mNOT MET\x1b[0m"));
  for (const std::string code : {"\x1b[1m", "\x1b[32m", "\x1b[31m", "\x1b[0m"}) {
    for (std::size_t at = coloured.find(code); at != std::string::npos; at = coloured.find(code))
      coloured.erase(at, code.size());
  }
  CHECK(coloured == plain);
  CHECK(on_screen({"run", "none.toml"}, {.colour = true}).err.find("\x1b[31merror:\x1b[0m ") != std::string::npos);
  CHECK(on_screen({"run", "none.toml"}, {.width = 80}).err.find('\x1b') == std::string::npos);
}

TEST_CASE("more than twelve sites are summed by region, each grid with its share", "[cli][screen]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("s.toml", thirteen_sites());
  const std::vector<std::string> args = {"run", scenario, "-o", folder.path("s.h5"), "--threads", "2"};
  const std::string text = on_screen(args, {}).out;
  CHECK_THAT(text, Contains("region   sites   load MW") && Contains("\nCISO         7 ") &&
                       Contains("\nERCO         7 ") && Contains("\ntotal       13 ") &&
                       Contains("13 sites, summed by region; run --sites lists each\n"));
  const auto row = [&](const std::string& name) {
    const std::size_t at = text.find("\n" + name + " ");
    return words_of(text.substr(at + 1, text.find('\n', at + 1) - at - 1));
  };
  CHECK(row("CISO").at(5) == "1.100");
  CHECK(std::stod(row("ERCO").at(5)) == Approx(1.25).margin(0.02));
  CHECK(std::stod(row("ERCO").at(5)) < 1.25);
  CHECK(std::stod(row("CISO").at(4)) + std::stod(row("ERCO").at(4)) ==
        Approx(std::stod(row("total").at(4))).epsilon(2e-3));
  CHECK(std::stod(row("CISO").at(3)) + std::stod(row("ERCO").at(3)) >= 0.998 * std::stod(row("total").at(3)));

  CHECK_THAT(text, Contains("and 1 more cluster with ") && !Contains("s3.c"));  // the one with the fewest jobs
  auto all = args;
  all.emplace_back("--sites");
  const std::string each = on_screen(all, {}).out;
  CHECK_THAT(each, Contains("   site   load MW ") && Contains("CISO 50 %, ERCO 50 %   s13") && Contains("s3.c") &&
                       !Contains(" more cluster") && !Contains("summed by region"));
}

TEST_CASE("the peak's interval is in the unit that suits it", "[cli][screen]") {
  const TemporaryFolder folder;
  const auto head = [&](const std::string& interval) {
    const std::string scenario = folder.write(
        "s.toml",
        tiny_with("duration = \"2h\"", "duration = \"2h\"\ntick = \"1s\"\npeak_interval = \"" + interval + "\""));
    const std::string text = on_screen({"run", scenario, "-o", folder.path("s.h5")}, {}).out;
    const std::size_t at = text.find("peak ");
    return text.substr(at, text.find("   ", at) - at);
  };
  CHECK(head("1s") == "peak 1 s MW");
  CHECK(head("90s") == "peak 90 s MW");
  CHECK(head("1min") == "peak 1 min MW");
  CHECK(head("15min") == "peak 15 min MW");
  CHECK(head("1h") == "peak 1 h MW");
}

TEST_CASE("errors wrap, lines of a file do not, and the mend goes below its marker", "[cli][screen]") {
  const std::string text =
      "s.toml:3:1: error: no key `titel` in [scenario], which is a table with a name of its own\n"
      "    3 | titel = \"a line of a file that is longer than the screen, as it stands there\"\n"
      "      | ^~~~~ did you mean title? The keys are title, start and duration\n"
      "error: a sentence that stands alone and is longer\n"
      "       its mend, which is too long for a line\n";
  CHECK(analysis::error_text(text, {}) == text);
  CHECK(analysis::error_text(text, {.width = 40}) ==
        "s.toml:3:1: error: no key `titel` in\n"
        "       [scenario], which is a table with\n"
        "       a name of its own\n"
        "    3 | titel = \"a line of a file that is longer than the screen, as it stands there\"\n"
        "      | ^~~~~\n"
        "      | did you mean title? The keys are\n"
        "        title, start and duration\n"
        "error: a sentence that stands alone and\n"
        "       is longer\n"
        "       its mend, which is too long for a\n"
        "       line\n");
  CHECK(analysis::error_text("s.toml:3:1: error: bad\n", {.colour = true}) ==
        "s.toml:3:1: \x1b[31merror:\x1b[0m bad\n");
  CHECK(analysis::error_text("an error: within a sentence\n", {.colour = true}) == "an error: within a sentence\n");
}

TEST_CASE("a terminal says how wide it is, a pipe has no limit and no colours", "[cli][screen]") {
  const ScopedVariable columns("COLUMNS", std::nullopt);
  const ScopedVariable no_color("NO_COLOR", std::nullopt);
  const ScopedVariable term("TERM", "xterm");
  int pipe_ends[2] = {};
  REQUIRE(::pipe(pipe_ends) == 0);
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(master >= 0);
  REQUIRE(::grantpt(master) == 0);
  REQUIRE(::unlockpt(master) == 0);
  const int terminal = ::open(::ptsname(master), O_RDWR | O_NOCTTY);
  REQUIRE(terminal >= 0);
  const winsize size{.ws_row = 40, .ws_col = 132, .ws_xpixel = 0, .ws_ypixel = 0};
  REQUIRE(::ioctl(terminal, TIOCSWINSZ, &size) == 0);

  CHECK(analysis::screen_of(pipe_ends[1]).width == 0);
  CHECK_FALSE(analysis::screen_of(pipe_ends[1]).colour);
  CHECK(analysis::screen_of(terminal).width == 132);
  CHECK(analysis::screen_of(terminal).colour);
  {
    const ScopedVariable narrow("COLUMNS", "72");
    CHECK(analysis::screen_of(terminal).width == 72);
    CHECK(analysis::screen_of(pipe_ends[1]).width == 0);
  }
  for (const char* nonsense : {"", "wide", "-3", "0", "80x"}) {
    const ScopedVariable wrong("COLUMNS", nonsense);
    CHECK(analysis::screen_of(terminal).width == 132);
  }
  {
    const ScopedVariable set("NO_COLOR", "1");
    CHECK_FALSE(analysis::screen_of(terminal).colour);
  }
  for (const std::optional<std::string>& dull : {std::optional<std::string>("dumb"), std::optional<std::string>()}) {
    const ScopedVariable other("TERM", dull);
    CHECK_FALSE(analysis::screen_of(terminal).colour);
  }
  for (const int descriptor : {pipe_ends[0], pipe_ends[1], terminal, master}) ::close(descriptor);
}
