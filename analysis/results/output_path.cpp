#include "analysis/results/output_path.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

[[noreturn]] void refuse(const std::string& path, std::string message, std::string mend) {
  throw sim::InputError(sim::Diagnostic{{path, 0, 0}, std::move(message), "", 1, std::move(mend)});
}

std::string beginning_of(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw sim::IoError(fmt::format("{}: {}", path, std::strerror(errno)));
  std::string text(std::size_t{1} << 12, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

}  // namespace

void refuse_input_as_output(const std::string& output, const std::vector<std::string>& inputs) {
  constexpr const char* elsewhere = "choose another place with -o";
  std::error_code error;
  if (output.empty() || !std::filesystem::exists(output, error)) return;
  for (const auto& input : inputs) {
    if (std::filesystem::equivalent(output, input, error) && !error)
      refuse(output, fmt::format("is an input of this command, `{}`, which it would replace", input), elsewhere);
  }
  if (std::filesystem::is_directory(output, error)) refuse(output, "is a folder", elsewhere);
  if (!std::filesystem::is_regular_file(output, error)) refuse(output, "is there, and is no plain file", elsewhere);
}

void refuse_foreign_output(const std::string& output, const OwnOutput& own) {
  std::error_code error;
  if (output.empty() || !std::filesystem::exists(output, error) || own.is_own(beginning_of(output))) return;
  refuse(output, fmt::format("is there, and no {}", own.name),
         fmt::format("another {}, or --force to replace it", own.option));
}

}  // namespace fleetwatt::analysis
