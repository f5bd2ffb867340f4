// extends, unset and what a loaded scenario remembers.
#include "scenarios/loader/load_scenario.hpp"

#include <catch2/catch.hpp>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::scenarios;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

/// What loading a file of the folder complains of.
std::string faults_in(const TemporaryFolder& folder, const std::string& name) {
  try {
    static_cast<void>(load_scenario(folder.path(name), {}));
  } catch (const sim::InputError& error) {
    return folder.without_folder(error.what());
  }
  return "";
}

}  // namespace

TEST_CASE("ten lines are a scenario: the rest has defaults", "[loader]") {
  const LoadedScenario loaded = loaded_from(tiny_scenario());
  CHECK(loaded.scenario.scenario.title == "Tiny");
  CHECK(loaded.scenario.scenario.seed == 1);
  CHECK(loaded.scenario.scenario.tick == sim::Duration::from_whole_s(300));
  CHECK(loaded.scenario.site.at("a").cluster.at("serving").server == "dgx-h100");
  CHECK(loaded.scenario.catalog.region.contains("CISO"));
  CHECK(loaded.sources.size() == 1);
}

TEST_CASE("a file lays its keys over the one that it extends", "[loader]") {
  const TemporaryFolder folder;
  folder.write("base/fleet.toml", tiny_scenario());
  folder.write(
      "s.toml",
      "extends = \"base/fleet.toml\"\n[scenario]\ntitle = \"Other\"\nseed = 7\n[site.a.cluster.serving]\nnodes = 2\n");
  const LoadedScenario loaded = load_scenario(folder.path("s.toml"), {});
  CHECK(loaded.scenario.scenario.title == "Other");
  CHECK(loaded.scenario.scenario.seed == 7);
  CHECK(loaded.scenario.scenario.duration == sim::one_hour * 2);
  CHECK(loaded.scenario.site.at("a").cluster.at("serving").nodes == 2);
  REQUIRE(loaded.sources.size() == 2);  // bases first
  CHECK(folder.without_folder(loaded.sources[0].file) == "base/fleet.toml");
  CHECK(folder.without_folder(loaded.sources[1].file) == "s.toml");
  CHECK(loaded.origin_of("scenario.duration").kind == OriginKind::base_file);
  CHECK(loaded.origin_of("scenario.seed").kind == OriginKind::file);
  CHECK(loaded.origin_of("scenario.seed").place.line == 4);
  CHECK(loaded.origin_of("scenario.tick").place.line == 2);  // not written: the table around it
}

TEST_CASE("of several bases a later one wins, and the file itself over all", "[loader]") {
  const TemporaryFolder folder;
  folder.write("one.toml", "[scenario]\nseed = 1\ntick = \"1min\"\ntitle = \"one\"\n");
  folder.write("two.toml", "[scenario]\nseed = 2\ntitle = \"two\"\n");
  folder.write("s.toml", "extends = [\"fleet.toml\", \"one.toml\", \"two.toml\"]\n[scenario]\ntitle = \"three\"\n");
  folder.write("fleet.toml", tiny_scenario());
  const Header header = load_scenario(folder.path("s.toml"), {}).scenario.scenario;
  CHECK(header.seed == 2);
  CHECK(header.tick == sim::Duration::from_whole_s(60));
  CHECK(header.title == "three");
}

TEST_CASE("bases extend bases, each path relative to its own file", "[loader]") {
  const TemporaryFolder folder;
  folder.write("deep/er/root.toml", tiny_scenario());
  folder.write("deep/middle.toml", "extends = \"er/root.toml\"\n[scenario]\nseed = 5\n");
  folder.write("s.toml", "extends = \"deep/middle.toml\"\n");
  CHECK(load_scenario(folder.path("s.toml"), {}).scenario.scenario.seed == 5);
}

TEST_CASE("the same base twice is no circle", "[loader]") {
  const TemporaryFolder folder;
  folder.write("root.toml", tiny_scenario());
  folder.write("left.toml", "extends = \"root.toml\"\n[scenario]\nseed = 3\n");
  folder.write("s.toml", "extends = [\"left.toml\", \"root.toml\"]\n");
  CHECK(load_scenario(folder.path("s.toml"), {}).scenario.scenario.seed == 3);
}

TEST_CASE("a circle of files is refused where it closes", "[loader]") {
  const TemporaryFolder folder;
  folder.write("a.toml", "extends = \"b.toml\"\n" + tiny_scenario());
  folder.write("b.toml", "extends = \"a.toml\"\n");
  CHECK(faults_in(folder, "a.toml") ==
        "b.toml:1:11: error: `extends` goes in a circle: a.toml is being read already\n"
        "    1 | extends = \"a.toml\"\n"
        "      |           ^~~~~~~~ end the circle\n");
  folder.write("self.toml", "extends = \"./self.toml\"\n" + tiny_scenario());
  CHECK_THAT(faults_in(folder, "self.toml"), Contains("self.toml:1:11: error: `extends` goes in a circle"));
}

TEST_CASE("a base that is not there, is a folder or is no text is refused", "[loader]") {
  const TemporaryFolder folder;
  folder.write("a.toml", "extends = \"nowhere.toml\"\n" + tiny_scenario());
  folder.write("b.toml", "extends = \".\"\n" + tiny_scenario());
  folder.write("c.toml", "extends = [1]\n" + tiny_scenario());
  folder.write("d.toml", "extends = 1\n" + tiny_scenario());
  CHECK_THAT(faults_in(folder, "a.toml"),
             Contains("a.toml:1:11: error: `extends` names nowhere.toml, which is not there") &&
                 Contains("paths are relative to the file in which they stand"));
  CHECK_THAT(faults_in(folder, "b.toml"), Contains("which is no file"));
  CHECK_THAT(faults_in(folder, "c.toml"),
             Contains("`extends` holds the whole number 1") && Contains("needed: paths as text"));
  CHECK_THAT(faults_in(folder, "d.toml"),
             Contains("`extends` is the whole number 1") && Contains("needed: a path, or a list of paths"));
}

TEST_CASE("a path may begin with a variable", "[loader]") {
  const TemporaryFolder folder;
  folder.write("data/root.toml", tiny_scenario());
  folder.write("s.toml", "extends = \"$FLEETWATT_TEST_BASE/root.toml\"\n");
  {
    const ScopedVariable set("FLEETWATT_TEST_BASE", folder.path("data"));
    CHECK(load_scenario(folder.path("s.toml"), {}).scenario.scenario.title == "Tiny");
  }
  const ScopedVariable not_set("FLEETWATT_TEST_BASE", std::nullopt);
  CHECK_THAT(
      faults_in(folder, "s.toml"),
      Contains(
          "s.toml:1:11: error: `$FLEETWATT_TEST_BASE/root.toml` cannot be found: $FLEETWATT_TEST_BASE is not set"));
}

TEST_CASE("unset takes out of what was extended, before the file's own keys", "[loader]") {
  const TemporaryFolder folder;
  folder.write("base.toml", tiny_scenario());
  folder.write("s.toml",
               "extends = \"base.toml\"\nunset = [\"service.chat.demand\"]\n[service.chat.demand]\nrequests = { trace "
               "= \"t.csv\" }\n");
  const auto demand = load_scenario(folder.path("s.toml"), {}).scenario.service.at("chat").demand;
  CHECK_FALSE(demand.mean_requests_per_s.has_value());
  CHECK(demand.requests.has_value());
  folder.write("t.toml", "extends = \"base.toml\"\nunset = [\"service.caht\"]\n");
  CHECK_THAT(faults_in(folder, "t.toml"),
             Contains("t.toml:2:10: error: `unset` names `service.caht`, which is not there") &&
                 Contains("did you mean `chat`?"));
}

TEST_CASE("a scenario that is not there is bad input, one that cannot be read is an I/O error", "[loader]") {
  const TemporaryFolder folder;
  CHECK(faults_in(folder, "nope.toml") ==
        "nope.toml: error: there is no such file\n       name a scenario file, such as "
        "scenarios/library/two-regions/built-in.toml\n");
  CHECK_THROWS_AS(load_scenario(folder.path(), {}), sim::IoError);
  CHECK_THROWS_WITH(load_scenario(folder.path(), {}), Contains("is a folder, not a file"));
}

TEST_CASE("an own catalogue entry changes a built-in one", "[loader]") {
  const LoadedScenario loaded = loaded_from(tiny_with("nodes = 1", "nodes = 1\nserver = \"my-box\"") +
                                            "[catalog.server.my-box]\nextends = \"dgx-h100\"\ngpus = 4\n");
  const ServerEntry& mine = loaded.scenario.catalog.server.at("my-box");
  const ServerEntry& theirs = loaded.scenario.catalog.server.at("dgx-h100");
  CHECK(mine.gpus == 4);
  CHECK(theirs.gpus == 8);
  CHECK(mine.accelerator == theirs.accelerator);
  CHECK(mine.rated_w == theirs.rated_w);
}
