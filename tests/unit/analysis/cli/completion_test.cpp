// Completion scripts name every command and option that the program has.
#include "analysis/cli/completion.hpp"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

TEST_CASE("the description becomes words, files and values", "[cli]") {
  CLI::App program;
  auto* command = program.add_subcommand("cook", "it's hot: [careful]");
  std::string text;
  bool flag = false;
  command->add_option("RECIPE", text, "a recipe (TOML)");
  command->add_option("-o,--output", text, "dish (HDF5)");
  command->add_option("--heat", text, "how hot")->type_name("{low,high}");
  command->add_option("--list", text, "a shopping file");
  command->add_flag("--fast", flag, "in a hurry");
  const auto commands = completed_commands(program);
  REQUIRE(commands.size() == 1);
  CHECK(commands[0].name == "cook");
  REQUIRE(commands[0].positionals.size() == 1);
  CHECK(commands[0].positionals[0].value.extensions == std::vector<std::string>{"toml"});
  REQUIRE(commands[0].options.size() == 5);  // --help is one
  CHECK(commands[0].options[1].names == std::vector<std::string>{"-o", "--output"});
  CHECK(commands[0].options[1].value.extensions == std::vector<std::string>{"h5"});
  CHECK(commands[0].options[2].value.words == std::vector<std::string>{"low", "high"});
  CHECK(commands[0].options[3].value.any_file);
  CHECK_FALSE(commands[0].options[4].takes_value);

  CHECK_THAT(zsh_completion(commands), Contains("'cook:it'\\''s hot\\: \\[careful\\]'"));
  CHECK_THAT(zsh_completion(commands), Contains("_files -g \"*.toml\"'"));  // (toml) would be a glob qualifier
  CHECK_THAT(fish_completion(commands), Contains("-a cook -d 'it\\'s hot: [careful]'"));
  CHECK_THAT(bash_completion(commands), Contains("--heat) _fleetwatt_words 'low high' ;;"));
}

TEST_CASE("each shell's script has each command", "[cli]") {
  for (const auto* shell : {"bash", "zsh", "fish"}) {
    const auto outcome = run_program({"completion", shell});
    CHECK(outcome.code == ExitCode::ok);
    for (const auto* command : {"run", "validate", "show", "schema", "export", "compare", "completion"})
      CHECK_THAT(outcome.out, Contains(command));
    CHECK_THAT(outcome.out, Contains("threads"));
  }
  const auto unknown = run_program({"completion", "tcsh"});
  CHECK(unknown.code == ExitCode::bad_input);
  CHECK_THAT(unknown.err, Contains("bash"));
}
