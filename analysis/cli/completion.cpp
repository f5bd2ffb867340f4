#include "analysis/cli/completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/loader/load_scenario.hpp"

namespace fleetwatt::analysis {

namespace {

bool says(const std::string& text, const char* word) {
  return text.find(word) != std::string::npos;
}

/// The words of `{a,b,c}` in an option's type.
std::vector<std::string> listed_words(const std::string& type) {
  std::vector<std::string> words;
  const std::size_t begin = type.find('{');
  const std::size_t end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos) return words;
  std::istringstream list(type.substr(begin + 1, end - begin - 1));
  for (std::string word; std::getline(list, word, ',');) words.push_back(word);
  return words;
}

/// Names of the built-in catalogue, where the description asks for one.
std::vector<std::string> catalogue_words(const std::string& description) {
  if (says(description, "model of the catalogue")) return scenarios::names_of(scenarios::built_in_catalog().model);
  if (says(description, "accelerator of the catalogue"))
    return scenarios::names_of(scenarios::built_in_catalog().accelerator);
  if (says(description, "engine of the catalogue")) return scenarios::names_of(scenarios::built_in_catalog().engine);
  return {};
}

Completes value_of(const CLI::Option& option) {
  const std::string& description = option.get_description();
  Completes value;
  value.words = listed_words(option.get_type_name());
  if (value.words.empty()) value.words = catalogue_words(description);
  if (says(description, "TOML")) value.extensions.emplace_back("toml");
  if (says(description, "HDF5")) value.extensions.emplace_back("h5");
  value.any_file = value.extensions.empty() && value.words.empty() && says(description, "file");
  return value;
}

CompletedOption completed(const CLI::Option& option) {
  CompletedOption result;
  for (const auto& name : option.get_snames()) result.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) result.names.push_back("--" + name);
  result.description = option.get_description();
  result.takes_value = option.get_items_expected_max() > 0;
  if (result.takes_value) result.value = value_of(option);
  return result;
}

// --- bash ------------------------------------------------------------------------------------------------------------

constexpr const char* bash_head = R"(# bash completion of fleetwatt, made by `fleetwatt completion bash`
_fleetwatt_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word"); }
_fleetwatt_files() {  # of these endings, and folders; all files where none is named
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(
    (($#)) || compgen -f -- "$word"
    (($#)) && compgen -d -- "$word"
    for ending; do compgen -f -X "!*.$ending" -- "$word"; done
  )
}
_fleetwatt() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
)";

std::string bash_value(const Completes& value) {
  if (!value.words.empty()) return fmt::format("_fleetwatt_words '{}'", fmt::join(value.words, " "));
  if (!value.extensions.empty()) return fmt::format("_fleetwatt_files {}", fmt::join(value.extensions, " "));
  return value.any_file ? "_fleetwatt_files" : ":";
}

std::string bash_command(const CompletedCommand& command) {
  std::string names;
  std::string cases;
  for (const auto& option : command.options) {
    names += fmt::format("{}{}", names.empty() ? "" : " ", fmt::join(option.names, " "));
    if (option.takes_value)
      cases += fmt::format("        {}) {} ;;\n", fmt::join(option.names, " | "), bash_value(option.value));
  }
  // Which positional a word is would take counting options: all words of all of them are offered.
  std::string otherwise = ":";
  Completes words;
  for (const auto& positional : command.positionals) {
    words.words.insert(words.words.end(), positional.value.words.begin(), positional.value.words.end());
    otherwise = bash_value(words.words.empty() ? positional.value : words);
  }
  return fmt::format(
      "    {})\n"
      "      case $previous in\n{}"
      "        *) if [[ $word == -* ]]; then _fleetwatt_words '{}'; else {}; fi ;;\n"
      "      esac\n"
      "      ;;\n",
      command.name, cases, names, otherwise);
}

// --- zsh -------------------------------------------------------------------------------------------------------------

/// Inside single quotes, with `:` and brackets as _arguments wants them.
std::string zsh_text(const std::string& text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '\'')
      quoted += "'\\''";
    else if (c == ':' || c == '[' || c == ']' || c == '\\')
      quoted += std::string("\\") + c;
    else
      quoted += c;
  }
  return quoted;
}

std::string zsh_value(const Completes& value) {
  if (!value.words.empty()) return fmt::format("({})", fmt::join(value.words, " "));
  if (value.extensions.size() == 1) return fmt::format("_files -g \"*.{}\"", value.extensions.front());
  if (!value.extensions.empty()) return fmt::format("_files -g \"*.({})\"", fmt::join(value.extensions, "|"));
  return value.any_file ? "_files" : " ";
}

std::string zsh_option(const CompletedOption& option) {
  const std::string names = option.names.size() == 1 ? fmt::format("'*{}'", option.names.front())
                                                     : fmt::format("'*'{{{}}}", fmt::join(option.names, ","));
  const std::string value = option.takes_value ? fmt::format(":value:{}", zsh_value(option.value)) : "";
  return fmt::format("        {}'[{}]{}' \\\n", names, zsh_text(option.description), value);
}

// --- fish ------------------------------------------------------------------------------------------------------------

std::string fish_text(const std::string& text) {
  std::string quoted;
  for (const char c : text) quoted += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return "'" + quoted + "'";
}

std::string fish_value(const Completes& value) {
  if (!value.words.empty()) return fmt::format("-f -a '{}'", fmt::join(value.words, " "));
  std::string words;
  for (const auto& extension : value.extensions) words += fmt::format("(__fish_complete_suffix .{})", extension);
  if (!words.empty()) return fmt::format("-k -a '{}'", words);
  return value.any_file ? "-F" : "-f";
}

}  // namespace

std::vector<CompletedCommand> completed_commands(const CLI::App& program) {
  std::vector<CompletedCommand> commands;
  for (const auto* app : program.get_subcommands([](const CLI::App*) { return true; })) {
    CompletedCommand command{app->get_name(), app->get_description(), {}, {}};
    for (const auto* option : app->get_options())
      (option->get_positional() ? command.positionals : command.options).push_back(completed(*option));
    commands.push_back(std::move(command));
  }
  return commands;
}

std::string bash_completion(const std::vector<CompletedCommand>& commands) {
  std::string names;
  std::string cases;
  for (const auto& command : commands) {
    names += command.name + " ";
    cases += bash_command(command);
  }
  return fmt::format(
      "{}  if ((COMP_CWORD == 1)); then\n"
      "    _fleetwatt_words '{}--help --version'\n"
      "    return\n"
      "  fi\n"
      "  case ${{COMP_WORDS[1]}} in\n{}"
      "  esac\n"
      "}}\n"
      "complete -F _fleetwatt fleetwatt\n",
      bash_head, names, cases);
}

std::string zsh_completion(const std::vector<CompletedCommand>& commands) {
  std::string list;
  std::string cases;
  for (const auto& command : commands) {
    list += fmt::format("    '{}:{}'\n", command.name, zsh_text(command.description));
    cases += fmt::format("    {})\n      _arguments \\\n", command.name);
    for (const auto& option : command.options) cases += zsh_option(option);
    for (std::size_t i = 0; i < command.positionals.size(); ++i) {
      const CompletedOption& positional = command.positionals[i];
      const bool last = i + 1 == command.positionals.size();
      cases += fmt::format("        '{}:{}:{}'{}\n", command.positionals.size() == 1 ? "*" : std::to_string(i + 1),
                           zsh_text(positional.description), zsh_value(positional.value), last ? "" : " \\");
    }
    if (command.positionals.empty()) cases += "        ':: '\n";
    cases += "      ;;\n";
  }
  return fmt::format(
      "#compdef fleetwatt\n"
      "# zsh completion of fleetwatt, made by `fleetwatt completion zsh`\n"
      "_fleetwatt() {{\n"
      "  local -a commands=(\n{}  )\n"
      "  if ((CURRENT == 2)); then\n"
      "    _describe command commands\n"
      "    return\n"
      "  fi\n"
      "  local command=$words[2]\n"
      "  shift words\n"
      "  ((CURRENT--))\n"
      "  case $command in\n{}"
      "  esac\n"
      "}}\n"
      "if [ \"$funcstack[1]\" = _fleetwatt ]; then _fleetwatt \"$@\"; else compdef _fleetwatt fleetwatt; fi\n",
      list, cases);
}

std::string fish_completion(const std::vector<CompletedCommand>& commands) {
  std::string text =
      "# fish completion of fleetwatt, made by `fleetwatt completion fish`\n"
      "complete -c fleetwatt -f\n"
      "complete -c fleetwatt -n __fish_use_subcommand -l help -d 'print help'\n"
      "complete -c fleetwatt -n __fish_use_subcommand -l version -d 'print the version'\n";
  for (const auto& command : commands) {
    text += fmt::format("complete -c fleetwatt -n __fish_use_subcommand -a {} -d {}\n", command.name,
                        fish_text(command.description));
    const std::string begin = fmt::format("complete -c fleetwatt -n '__fish_seen_subcommand_from {}'", command.name);
    for (const auto& option : command.options) {
      text += begin;
      for (const auto& name : option.names)
        text += name.starts_with("--") ? fmt::format(" -l {}", name.substr(2)) : fmt::format(" -s {}", name.substr(1));
      if (option.takes_value) text += " -r " + fish_value(option.value);
      text += fmt::format(" -d {}\n", fish_text(option.description));
    }
    for (const auto& positional : command.positionals)
      text += fmt::format("{} {} -d {}\n", begin, fish_value(positional.value), fish_text(positional.description));
  }
  return text;
}

}  // namespace fleetwatt::analysis
