// Did anything move? Every scenario of the library that needs no measured data is run, and its summary compared with
// what was approved, scenarios/library/STUDY/expected/NAME.txt. `./dev approve` (FLEETWATT_APPROVE=1) rewrites those
// files: their diff is reviewed like code. The last line is a fingerprint of all hourly values; the libm of another
// kind of CPU may change it, so it is compared only with FLEETWATT_SAME_CPU=1.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <regex>
#include <sstream>

#include "analysis/cli/command_line.hpp"
#include "analysis/results/summary.hpp"
#include "analysis/run/run_scenario.hpp"
#include "scenarios/schema/format_page.hpp"
#include "sim/random_stream.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
namespace fs = std::filesystem;

namespace {

const fs::path library = "scenarios/library";  // relative, as people name scenarios: no machine's path enters a summary

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): before any thread
  return value != nullptr && std::string(value) == "1";
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Whether a scenario, or one that it extends, names $FLEETWATT_DATA.
bool needs_data(const fs::path& scenario) {
  const std::string text = text_of(scenario);
  if (text.find("$FLEETWATT_DATA") != std::string::npos) return true;
  std::smatch base;
  static const std::regex extends(R"re((?:^|\n)extends\s*=\s*"([^"]+)")re");
  return std::regex_search(text, base, extends) && needs_data(scenario.parent_path() / base[1].str());
}

/// In order of name.
std::vector<fs::path> files_below(const std::string& pattern) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(library)) {
    if (std::regex_match(entry.path().generic_string(), std::regex(pattern))) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

std::vector<fs::path> scenarios_without_data() {
  auto found = files_below("scenarios/library/[^/]+/[^/]+\\.toml");
  std::erase_if(found, needs_data);
  return found;
}

fs::path expected_of(const fs::path& scenario) {
  return scenario.parent_path() / "expected" / scenario.filename().replace_extension(".txt");
}

constexpr std::string_view fingerprint_head = "fingerprint ";

/// Of all hourly values, nine digits each.
std::string fingerprint_line(const models::FleetResult& result) {
  std::string values;
  const auto add = [&](const std::vector<double>& series) {
    for (const double value : series) values += fmt::format("{:.9g} ", value);
  };
  add(result.load_w);
  for (const auto* dimension :
       {&result.site_series, &result.region_series, &result.service_series, &result.cluster_series}) {
    for (const auto& series : dimension->series) {
      values += series.name() + " ";
      add(series.values());
    }
  }
  return fmt::format("{}{:016x}\n", fingerprint_head, sim::hash_of(values));
}

/// The summary as it is printed, but for what belongs to one execution or one CPU: wall time, threads, the file that
/// was written, the last digits that the audits compare.
std::string summary_of(const fs::path& scenario) {
  auto loaded = scenarios::load_scenario(scenario.generic_string(), {});
  if (loaded.scenario.scenario.title.empty()) loaded.scenario.scenario.title = scenario.stem().string();
  analysis::RunOptions options;
  options.threads = 2;
  const auto run = analysis::run_scenario(std::move(loaded), options);
  const std::string text = analysis::summary_text(run, {.wall_s = 0.0, .threads = options.threads, .written = ""});
  static const std::regex volatile_parts(R"( *0\.0 s on 2 threads|, worst [^\n]*)");
  return std::regex_replace(text, volatile_parts, "") + fingerprint_line(run.result);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool is_compared(const std::string& line) {
  return !line.starts_with(fingerprint_head) || is_set("FLEETWATT_SAME_CPU");
}

/// The lines that differ, each as it was approved and as it is now; empty when none does.
std::string differences(const std::string& approved, const std::string& now) {
  auto old_lines = lines_of(approved);
  auto new_lines = lines_of(now);
  const std::size_t count = std::max(old_lines.size(), new_lines.size());
  old_lines.resize(count, "(no line)");
  new_lines.resize(count, "(no line)");
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (old_lines[i] == new_lines[i] || (!is_compared(old_lines[i]) && !is_compared(new_lines[i]))) continue;
    text += fmt::format("line {}\n  approved  {}\n  now       {}\n", i + 1, old_lines[i], new_lines[i]);
  }
  return text;
}

void approve(const fs::path& expected, const std::string& text) {
  fs::create_directories(expected.parent_path());
  std::ofstream file(expected, std::ios::binary);
  file << text;
  file.close();
  REQUIRE(file);
  std::cout << "approved " << expected.generic_string() << '\n';
}

void compare(const fs::path& expected, const std::string& text) {
  if (!fs::exists(expected)) {
    FAIL_CHECK(expected.generic_string() << " is missing; run ./dev approve, and review the file");
    return;
  }
  const std::string moved = differences(text_of(expected), text);
  if (moved.empty()) return;
  std::cout << expected.generic_string() << ":\n" << moved;  // not through Catch, which would break the lines
  FAIL_CHECK(expected.generic_string() << " is not what the run says now (above); if that is meant, run ./dev approve");
}

}  // namespace

TEST_CASE("summaries of the library are as approved", "[golden]") {
  fs::current_path(FLEETWATT_SOURCE_DIR);
  const auto scenarios = scenarios_without_data();
  REQUIRE_FALSE(scenarios.empty());
  for (const auto& scenario : scenarios) {
    const std::string text = summary_of(scenario);
    if (is_set("FLEETWATT_APPROVE"))
      approve(expected_of(scenario), text);
    else
      compare(expected_of(scenario), text);
  }
}

TEST_CASE("the README shows the default scenario's approved summary", "[golden]") {
  fs::current_path(FLEETWATT_SOURCE_DIR);
  std::string approved = text_of(library / "two-regions/expected/built-in.txt");
  approved.erase(approved.find("fingerprint"));
  INFO("put the new summary into README.md, from scenarios/library/two-regions/expected/built-in.txt");
  CHECK(text_of("README.md").find("```\n" + approved + "```") != std::string::npos);
}

TEST_CASE("the article's claims are met, and their page is as approved", "[golden]") {
  fs::current_path(FLEETWATT_SOURCE_DIR);
  const fs::path study = library / "ai-energy-footprint";
  tests::TemporaryFolder folder;
  const std::string page = folder.path("claims.md");
  std::ostringstream out, err;
  const auto code =
      analysis::run_command_line({"claims", study.generic_string(), "--page", page}, {.out = out, .err = err});
  INFO(out.str() << err.str());
  CHECK(code == analysis::ExitCode::ok);
  if (is_set("FLEETWATT_APPROVE"))
    approve(study / "claims.md", folder.read("claims.md"));
  else
    compare(study / "claims.md", folder.read("claims.md"));
}

TEST_CASE("the page of the scenario format is as generated", "[golden]") {
  fs::current_path(FLEETWATT_SOURCE_DIR);
  const fs::path page = "analysis/docs/scenario-format.md";
  const std::string text = scenarios::format_page(scenarios::example_files());
  if (is_set("FLEETWATT_APPROVE"))
    approve(page, text);
  else
    compare(page, text);
}

TEST_CASE("every approved summary has its scenario", "[golden]") {
  fs::current_path(FLEETWATT_SOURCE_DIR);
  std::vector<fs::path> wanted;
  for (const auto& scenario : scenarios_without_data()) wanted.push_back(expected_of(scenario));
  for (const auto& present : files_below("scenarios/library/[^/]+/expected/.*")) {
    if (std::ranges::find(wanted, present) != wanted.end()) continue;
    if (is_set("FLEETWATT_APPROVE"))
      fs::remove(present);
    else
      FAIL_CHECK(present.generic_string() << " belongs to no scenario; run ./dev approve, which deletes it");
  }
}

TEST_CASE("differences of summaries are shown line by line", "[golden]") {
  CHECK(differences("a\nb\n", "a\nb\n").empty());
  CHECK(differences("a\nb\n", "a\nc\n") == "line 2\n  approved  b\n  now       c\n");
  CHECK(differences("a\n", "a\nb\n") == "line 2\n  approved  (no line)\n  now       b\n");
  if (!is_set("FLEETWATT_SAME_CPU")) CHECK(differences("a\nfingerprint 1\n", "a\nfingerprint 2\n").empty());
}
