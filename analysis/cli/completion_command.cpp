// fleetwatt completion SHELL: a script that teaches a shell the program's commands, options and files.
#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "analysis/cli/command_line.hpp"
#include "analysis/cli/completion.hpp"

namespace fleetwatt::analysis {

namespace {

std::string script(const std::string& shell, const CLI::App& program) {
  const auto commands = completed_commands(program);
  if (shell == "bash") return bash_completion(commands);
  return shell == "zsh" ? zsh_completion(commands) : fish_completion(commands);
}

}  // namespace

void add_completion(CLI::App& program, const Console& console, Action& chosen) {
  auto* command = program.add_subcommand("completion", "print a script that completes commands, options and files");
  auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "the shell that is to complete")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>{"bash", "zsh", "fish"}));
  command->footer(
      "Example:\n"
      "  fleetwatt completion bash > ~/.local/share/bash-completion/completions/fleetwatt    once\n"
      "  fleetwatt completion fish > ~/.config/fish/completions/fleetwatt.fish               once\n"
      "  source <(fleetwatt completion zsh)                                                  in ~/.zshrc, after "
      "compinit");
  command->callback([shell, &program, &console, &chosen] {
    chosen = [shell, &program, &console] {
      console.out << script(*shell, program);
      return ExitCode::ok;
    };
  });
}

}  // namespace fleetwatt::analysis
