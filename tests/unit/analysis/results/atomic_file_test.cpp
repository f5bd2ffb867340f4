#include "analysis/results/atomic_file.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

/// Writes `bytes` bytes to `path` in a process that may write files of at most 1,000; returns what it was told.
std::string told_when_full(const std::string& path, std::size_t bytes) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);  // as main does
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    std::string told = "nothing";
    try {
      write_atomically(path, std::string(bytes, 'x'));
    } catch (const sim::IoError& error) {
      told = error.what();
    }
    const auto written = ::write(ends[1], told.data(), told.size());
    ::_exit(written == static_cast<ssize_t>(told.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string told;
  char part[256];
  for (ssize_t got = ::read(ends[0], part, sizeof part); got > 0; got = ::read(ends[0], part, sizeof part))
    told.append(part, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return told;
}

}  // namespace

TEST_CASE("a file is written whole, in the place of what was there", "[results]") {
  const TemporaryFolder folder;
  write_atomically(folder.path("x"), "first");
  CHECK(folder.read("x") == "first");
  write_atomically(folder.path("x"), std::string(100000, 'y'));
  CHECK(folder.read("x") == std::string(100000, 'y'));
  write_atomically(folder.path("x"), "");
  CHECK(folder.read("x").empty());
  CHECK(folder.files() == std::vector<std::string>{"x"});
}

TEST_CASE("a folder that is not there is an I/O error that names the file and the reason", "[results]") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(write_atomically(folder.path("no/x"), "text"), sim::IoError);
  CHECK_THROWS_WITH(write_atomically(folder.path("no/x"), "text"),
                    folder.path("no/x") + ": could not create it: No such file or directory");
}

TEST_CASE("a target that cannot be replaced leaves nothing behind", "[results]") {
  const TemporaryFolder folder;
  folder.write("x/inside", "");  // x is a folder
  CHECK_THROWS_WITH(write_atomically(folder.path("x"), "text"), Contains("could not replace it: "));
  CHECK(folder.files() == std::vector<std::string>{"x"});
}

TEST_CASE("when there is no room the old file is whole, nothing is left behind, and the message says so", "[results]") {
  const TemporaryFolder folder;
  folder.write("x", "the old file");
  CHECK(told_when_full(folder.path("x"), 5000) ==
        folder.path("x") +
            ": could not write it: File too large; free some space, or choose another place with -o; what was there "
            "before is untouched");
  CHECK(folder.read("x") == "the old file");
  CHECK(folder.files() == std::vector<std::string>{"x"});
  CHECK(told_when_full(folder.path("x"), 500) == "nothing");  // what fits is written
  CHECK(folder.read("x") == std::string(500, 'x'));
}
