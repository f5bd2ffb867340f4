// Shell completion made from the description of the command line itself (the CLI11 program), so that no option is
// missing from it and none is left behind. Leaves out: paths of scenario keys behind --set, and the program's own
// options in the middle of a subcommand.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace fleetwatt::analysis {

/// What may follow an option, or stand in its own place.
struct Completes {
  std::vector<std::string> extensions;  ///< of files, without the dot
  std::vector<std::string> words;       ///< of a closed list
  bool any_file = false;
};

struct CompletedOption {
  std::vector<std::string> names;  ///< -o, --output
  std::string description;
  bool takes_value = false;
  Completes value;
};

struct CompletedCommand {
  std::string name;
  std::string description;
  std::vector<CompletedOption> options;
  std::vector<CompletedOption> positionals;  ///< no more than one of them has files
};

/// All subcommands of a program. A value completes to files of the kinds that the option's description names (TOML,
/// HDF5), to any file where it only says "file", to words where the option lists them in braces: {bash,zsh,fish}, and
/// to names of the built-in catalogue where it says "model of the catalogue" (accelerator, engine).
[[nodiscard]] std::vector<CompletedCommand> completed_commands(const CLI::App& program);

[[nodiscard]] std::string bash_completion(const std::vector<CompletedCommand>& commands);
[[nodiscard]] std::string zsh_completion(const std::vector<CompletedCommand>& commands);
[[nodiscard]] std::string fish_completion(const std::vector<CompletedCommand>& commands);

}  // namespace fleetwatt::analysis
