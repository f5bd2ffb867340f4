// No command writes over what it reads, with --force or without; nor over what is not its own.
#include <catch2/catch.hpp>

#include "analysis/results/atomic_file.hpp"
#include "tests/examples/results_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;
using Texts = std::vector<std::string>;

namespace {

namespace fs = std::filesystem;

/// A scenario with a file of each kind that a tiny scenario can name.
struct Study {
  TemporaryFolder folder;
  Texts inputs;
  std::string scenario;

  Study() {
    const sim::UtcSeconds start = sim::utc_from_civil({.year = 2024, .month = 7, .day = 15});
    const auto add = [&](const std::string& name, const std::string& text) {
      inputs.push_back(folder.write(name, text));
      return inputs.back();
    };
    add("base.toml", tiny_scenario());
    add("price.csv", hourly_csv("time,price", start, 4, [](int) { return "50"; }));
    add("carbon.csv", hourly_csv("time,g", start, 4, [](int) { return "300"; }));
    add("trace.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\n2024-07-15 00:00:00,100,10\n");
    add("jobs.swf", "1 0 0 600 8 -1 -1 8 -1 -1 1 1 1 1 1 1 -1 -1\n");
    add("sites.csv", "name,region\nb,ERCO\n");
    scenario = add("tiny.toml", R"(extends = "base.toml"
unset = ["service.chat.demand.mean_requests_per_s"]
[scenario]
title = "Tiny"
[region.CISO]
price = { file = "price.csv" }
carbon = { file = "carbon.csv" }
[template.t.cluster.other]
nodes = 1
[site_table.s]
file = "sites.csv"
template = "t"
[site.a.cluster.jobs]
nodes = 1
jobs = { log = "jobs.swf" }
[service.chat.demand]
requests = { trace = "trace.csv" }
)");
  }
};

/// Other names of one file.
Texts spellings(const TemporaryFolder& folder, const std::string& path) {
  const fs::path whole(path);
  fs::remove(folder.path("link"));
  fs::remove(folder.path("hard"));
  fs::create_directories(folder.path("sub"));
  fs::create_symlink(whole, folder.path("link"));
  fs::create_hard_link(whole, folder.path("hard"));
  return {path, fs::relative(whole).string(), folder.path("sub/../" + whole.filename().string()), folder.path("link"),
          folder.path("hard")};
}

void expect_refused(const TemporaryFolder& folder, const std::string& input, Texts args, const std::string& option) {
  const std::string name = fs::path(input).filename().string();
  const std::string before = folder.read(name);
  for (const auto& spelling : spellings(folder, input)) {
    auto all = args;
    all.insert(all.end(), {option, spelling});
    const auto refused = run_program(all);
    INFO(args.front() << " " << spelling << "\n" << refused.err);
    CHECK(refused.code == ExitCode::bad_input);
    CHECK_THAT(refused.err, Contains("is an input of this command"));
    CHECK(folder.read(name) == before);
  }
}

}  // namespace

TEST_CASE("a scenario's command replaces none of its inputs", "[cli]") {
  const Study study;
  for (const auto& input : study.inputs) {
    expect_refused(study.folder, input, {"run", study.scenario, "--force"}, "-o");
    expect_refused(study.folder, input, {"sweep", study.scenario, "--vary", "scenario.seed=1,2", "--force"}, "-o");
    expect_refused(study.folder, input, {"compare", study.scenario, "--set", "scenario.seed=2", "--force"}, "-o");
  }
}

TEST_CASE("claims, export, compare and calibrate do not replace their inputs", "[cli]") {
  const TemporaryFolder folder;
  const std::string claim =
      folder.write("a.toml", tiny_scenario() +
                                 "[[expect]]\nclaim = \"1\"\nsays = \"PUE\"\nquantity = \"site.a.pue\"\nvalue = "
                                 "1.2\ntolerance = \"50 %\"\nsource = \"x\"\n");
  expect_refused(folder, claim, {"claims", claim, "--force"}, "--page");
  write_atomically(folder.path("r.h5"), image_of(tiny_scenario()));
  expect_refused(folder, folder.path("r.h5"), {"export", folder.path("r.h5"), "--force"}, "-o");
  expect_refused(folder, folder.path("r.h5"), {"compare", folder.path("r.h5"), folder.path("r.h5"), "--force"}, "-o");
  const std::string log = folder.write("log.csv", "x\n");
  expect_refused(folder, log, {"calibrate", log, "--model", "llama-3.1-8b", "--accelerator", "rtx-pro-6000", "--force"},
                 "-o");
}

TEST_CASE("a sweep's side file is no input, either", "[cli]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("s.h5.partial", tiny_scenario());
  const auto refused =
      run_program({"sweep", scenario, "--vary", "scenario.seed=1,2", "--force", "-o", folder.path("s.h5")});
  CHECK(refused.code == ExitCode::bad_input);
  CHECK_THAT(refused.err, Contains("s.h5.partial: error: is an input of this command"));
  CHECK(folder.read("s.h5.partial") == tiny_scenario());
}

TEST_CASE("what is no plain file is not replaced", "[cli]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("tiny.toml", tiny_scenario());
  const auto refused = run_program({"run", scenario, "--force", "-o", "/dev/null"});
  CHECK(refused.code == ExitCode::bad_input);
  CHECK_THAT(refused.err, Contains("/dev/null: error: is there, and is no plain file"));
  CHECK(fs::is_character_file("/dev/null"));
  CHECK_THAT(run_program({"run", scenario, "--force", "-o", folder.path()}).err, Contains("is a folder"));
}

TEST_CASE("export and claims replace their own earlier output, and no other file unasked", "[cli]") {
  const TemporaryFolder folder;
  write_atomically(folder.path("r.h5"), image_of(tiny_scenario()));
  const std::string out = folder.path("t.csv");
  for (const Texts& kind : {Texts{}, Texts{"--wide"}, Texts{"--wide", "--by", "region", "--var", "load_mw"}}) {
    Texts args = {"export", folder.path("r.h5"), "-o", out};
    args.insert(args.end(), kind.begin(), kind.end());
    CHECK(run_program(args).code == ExitCode::ok);
    CHECK(run_program(args).code == ExitCode::ok);
  }
  for (const std::string foreign : {"", "time,price\n", "time\n", "a thesis", "time,a/b\n", "time,dimension\n"}) {
    folder.write("t.csv", foreign);
    const auto refused = run_program({"export", folder.path("r.h5"), "-o", out});
    CHECK(refused.code == ExitCode::bad_input);
    CHECK(folder.without_folder(refused.err) ==
          "t.csv: error: is there, and no table that `fleetwatt export` wrote\n       another -o, or --force to "
          "replace it\n");
    CHECK(folder.read("t.csv") == foreign);
  }
  CHECK(run_program({"export", folder.path("r.h5"), "-o", out, "--force"}).code == ExitCode::ok);

  const std::string claim =
      folder.write("a.toml", tiny_scenario() +
                                 "[[expect]]\nclaim = \"1\"\nsays = \"PUE\"\nquantity = \"site.a.pue\"\nvalue = "
                                 "1.2\ntolerance = \"50 %\"\nsource = \"x\"\n");
  const Texts page = {"claims", claim, "--page", folder.write("page.md", "# Thesis\n")};
  const auto refused = run_program(page);
  CHECK(refused.code == ExitCode::bad_input);
  CHECK_THAT(refused.err, Contains("is there, and no page that `fleetwatt claims` wrote"));
  CHECK(folder.read("page.md") == "# Thesis\n");
  auto forced = page;
  forced.emplace_back("--force");
  CHECK(run_program(forced).code == ExitCode::ok);
  CHECK(run_program(page).code == ExitCode::ok);
}

TEST_CASE("a selection that names nothing leaves no file", "[cli]") {
  const TemporaryFolder folder;
  write_atomically(folder.path("r.h5"), image_of(tiny_scenario()));
  CHECK(run_program({"export", folder.path("r.h5"), "--var", "lod", "-o", folder.path("t.csv")}).code ==
        ExitCode::bad_input);
  CHECK(folder.files() == Texts{"r.h5"});
}
