#include "scenarios/schema/format_page.hpp"

#include <catch2/catch.hpp>

#include "scenarios/loader/toml_reader.hpp"
#include "scenarios/schema/key_rules.hpp"
#include "scenarios/schema/tables.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::scenarios;
using namespace fleetwatt::tests;
using Catch::Contains;

namespace {

const std::string folder = std::string(FLEETWATT_SOURCE_DIR) + "/scenarios/schema/examples/";

/// Whether a table stands at a path with `*` for any name; of a family, whether it is that alternative.
bool shows(const Node& node, std::vector<std::string> keys, const std::string& family) {
  if (keys.empty()) {
    const Node* chosen = node.child("family");
    return family.empty() || (chosen != nullptr && chosen->text == family);
  }
  std::string key = keys.front();
  keys.erase(keys.begin());
  if (key == "*")
    return std::ranges::any_of(node.table, [&](const auto& one) { return shows(one.second, keys, family); });
  if (key.ends_with("[]")) key.erase(key.size() - 2);
  const Node* child = node.child(key);
  return child != nullptr && shows(*child, keys, family);
}

void collect(const TableSpec& table, std::vector<const TableSpec*>& found) {
  if (std::ranges::find(found, &table) != found.end()) return;
  found.push_back(&table);
  for (const auto& field : table.fields) {
    if (field.table != nullptr) collect(*field.table, found);
    for (const auto& alternative : field.alternatives) collect(*alternative.table, found);
  }
}

}  // namespace

TEST_CASE("every table of the format has a section, with every key", "[schema]") {
  const std::string page = format_page(example_files());
  std::vector<const TableSpec*> tables;
  collect(scenario_table(), tables);
  CHECK(table_sections().size() == tables.size() - 1);  // the file itself is the page
  for (const auto& section : table_sections()) {
    INFO(section.heading << " " << section.family);
    const std::string title = "\n## `" + section.heading + "`" +
                              (section.family.empty() ? "" : " with family `" + section.family + "`") + "\n";
    REQUIRE_THAT(page, Contains(title));
    const std::size_t begin = page.find(title) + title.size();
    const std::string text = page.substr(begin, page.find("\n## ", begin) - begin);
    for (const auto& field : section.table->fields) {
      CHECK_THAT(text, Contains("| `" + field.key + "` | "));
      CHECK_THAT(text, Contains(field.options.meaning));
      for (const auto& choice : field.choices)
        CHECK_THAT(text, Contains("\"" + choice.name + "\"`: " + choice.meaning));
    }
    for (const auto& rule : key_rules(section.path)) CHECK_THAT(text, Contains(rule.text()));
  }
}

TEST_CASE("every table is shown in the example under its section, and every example is shown", "[schema]") {
  std::vector<std::string_view> shown = {"base.toml", "file.toml"};
  for (const auto& section : table_sections()) {
    INFO(section.heading << " " << section.family);
    const ExampleFile* example = example_of(section.path, example_files());
    REQUIRE(example != nullptr);
    INFO(example->name);
    shown.push_back(example->name);
    CHECK(shows(read_toml(std::string(example->text), "example", OriginKind::file), split_path(section.path),
                section.family));
  }
  for (const auto& example : example_files()) {
    INFO(example.name);
    CHECK(std::ranges::find(shown, example.name) != shown.end());
  }
}

TEST_CASE("every example runs", "[schema]") {
  const TemporaryFolder results;
  CHECK(example_files().size() > 10);
  for (const auto& example : example_files()) {
    const std::string name(example.name);
    INFO(name);
    const Outcome outcome = run_program({"run", folder + name, "-o", results.path(name + ".h5"), "--check"});
    INFO(outcome.out << outcome.err);
    CHECK(outcome.code == analysis::ExitCode::ok);
    CHECK_THAT(outcome.out, Contains("all close"));
  }
}
