// What a run may replace.
#include <catch2/catch.hpp>

#include "analysis/results/atomic_file.hpp"
#include "analysis/results/writer.hpp"
#include "analysis/run/run_scenario.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

constexpr auto careful = Overwrite::same_scenario_only;

std::string refusal(const TemporaryFolder& folder, const std::string& name, const std::string& title,
                    Overwrite overwrite) {
  try {
    check_target(folder.path(name), title, overwrite);
  } catch (const sim::InputError& error) {
    return folder.without_folder(error.what());
  }
  return "";
}

}  // namespace

TEST_CASE("a new file, in a folder that is there", "[results]") {
  const TemporaryFolder folder;
  CHECK_NOTHROW(check_target(folder.path("new.h5"), "Tiny", careful));
  CHECK_THROWS_AS(check_target(folder.path("no/new.h5"), "Tiny", careful), sim::IoError);
  CHECK_THROWS_WITH(check_target(folder.path("no/new.h5"), "Tiny", Overwrite::anything),
                    Contains("there is no folder " + folder.path("no")));
}

TEST_CASE("a finished run of the same scenario is replaced, anything else only by force", "[results]") {
  const TemporaryFolder folder;
  write_atomically(folder.path("tiny.h5"), results_image(run_scenario(loaded_from(tiny_scenario()), {})));
  folder.write("note.h5", "a note");
  CHECK(refusal(folder, "tiny.h5", "Tiny", careful).empty());
  CHECK(refusal(folder, "tiny.h5", "Another", careful) ==
        "tiny.h5: error: holds a run of another scenario, \"Tiny\"\n       choose another place with -o, or replace it "
        "with --force\n");
  CHECK(refusal(folder, "note.h5", "Tiny", careful) ==
        "note.h5: error: exists and is not a results file of fleetwatt\n       choose another place with -o, or "
        "replace it with --force\n");
  CHECK(refusal(folder, "tiny.h5", "Another", Overwrite::anything).empty());
  CHECK(refusal(folder, "note.h5", "Tiny", Overwrite::anything).empty());
}

TEST_CASE("a folder is never replaced", "[results]") {
  const TemporaryFolder folder;
  folder.write("x/inside", "");
  CHECK_THAT(refusal(folder, "x", "Tiny", Overwrite::anything), Contains("x: error: is a folder"));
}
