#include "scenarios/loader/file_text.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace fleetwatt::scenarios {

namespace {

[[noreturn]] void refuse(const Origin& origin, std::string message, std::string mend) {
  sim::Diagnostic diagnostic;
  diagnostic.place = origin.place;
  diagnostic.message = std::move(message);
  diagnostic.mend = std::move(mend);
  diagnostic.width = origin.width;
  throw sim::InputError(std::move(diagnostic));
}

std::string expand_variable(const std::string& written, const Origin& origin) {
  const std::size_t end = written.find('/');
  const std::string name = written.substr(1, end == std::string::npos ? std::string::npos : end - 1);
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') {
    const std::string what = name == "FLEETWATT_DATA"
                                 ? "the folder of measured traces, weather and prices that this scenario replays"
                                 : "an environment variable that this path begins with";
    refuse(
        origin, fmt::format("`{}` cannot be found: ${} is not set", written, name),
        fmt::format("it names {}; set it, or run scenarios/library/two-regions/built-in.toml, which needs none", what));
  }
  return value + (end == std::string::npos ? std::string() : written.substr(end));
}

}  // namespace

std::string read_file(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw sim::IoError(fmt::format("{}: is a folder, not a file", path));
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw sim::IoError(fmt::format("{}: {}", path, std::strerror(errno)));
  std::ostringstream text;
  text << stream.rdbuf();
  if (stream.bad()) throw sim::IoError(fmt::format("{}: {}", path, std::strerror(errno)));
  return std::move(text).str();
}

std::string resolve_path(const std::string& written, const Origin& origin) {
  namespace fs = std::filesystem;
  const fs::path path = written.starts_with('$') ? expand_variable(written, origin) : written;
  if (path.is_absolute() || origin.kind == OriginKind::command_line) return path.string();
  return (fs::path(origin.place.file).parent_path() / path).string();
}

bool is_file_key(const std::string& key, const std::string& key_above) {
  return key == "file" || key == "trace" || key == "log" || key_above == "tables";
}

std::string read_named_file(const std::string& path, const Origin& origin) {
  try {
    return read_file(path);
  } catch (const sim::IoError& error) {
    const bool typed = origin.kind == OriginKind::command_line;
    refuse(origin, fmt::format("cannot read {}", error.what()),
           fmt::format("paths are relative to the {} in which they stand", typed ? "folder" : "file"));
  }
}

}  // namespace fleetwatt::scenarios
