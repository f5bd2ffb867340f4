#include "analysis/run/free_memory.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string_view>
#include <utility>

namespace fleetwatt::analysis {

namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// The first word of a file as a number; empty for "max", or where there is no such file.
std::optional<double> number_in(const std::filesystem::path& file) {
  std::ifstream in(file);
  double value = 0.0;
  if (!(in >> value)) return std::nullopt;
  return value;
}

/// The number that follows a name, in a file of names and numbers.
std::optional<double> number_after(const std::filesystem::path& file, std::string_view name) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string word;
    double value = 0.0;
    if (words >> word && word == name && words >> value) return value;
  }
  return std::nullopt;
}

/// Files of one version of control groups.
struct GroupFiles {
  const char* limit;
  const char* usage;
  const char* inactive;  ///< in memory.stat: files that are cached and could go
};
constexpr GroupFiles version_1{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"};
constexpr GroupFiles version_2{"memory.max", "memory.current", "inactive_file"};

double left_in_group(const std::filesystem::path& group, const GroupFiles& files) {
  const auto limit = number_in(group / files.limit);
  const auto usage = number_in(group / files.usage);
  if (!limit || !usage) return unlimited;
  return std::max(0.0, *limit - *usage + number_after(group / "memory.stat", files.inactive).value_or(0.0));
}

/// Of a group and all above it, up to the mount, which is also where a container sees its own.
double left_up_to(const std::filesystem::path& mount, std::filesystem::path group, const GroupFiles& files) {
  double left = left_in_group(mount, files);
  for (group = group.relative_path(); !group.empty(); group = group.parent_path())
    left = std::min(left, left_in_group(mount / group, files));
  return left;
}

double left_in_groups(const std::filesystem::path& root) {
  double left = unlimited;
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {  // HIERARCHY:CONTROLLERS:/PATH
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string path = line.substr(second + 1);
    if (controllers == ",,") left = std::min(left, left_up_to(root / "sys/fs/cgroup", path, version_2));
    if (controllers.find(",memory,") != std::string::npos)
      left = std::min(left, left_up_to(root / "sys/fs/cgroup/memory", path, version_1));
  }
  return left;
}

}  // namespace

std::optional<double> bytes_from(const std::string& text) {
  double number = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number) || number <= 0.0) return std::nullopt;
  std::string unit;
  for (const char* at = end; at != text.data() + text.size(); ++at) {
    if (*at != ' ') unit += static_cast<char>(std::tolower(static_cast<unsigned char>(*at)));
  }
  using Unit = std::pair<std::string_view, double>;
  constexpr std::array units = {Unit{"kb", 1e3},     Unit{"mb", 1e6},     Unit{"gb", 1e9},     Unit{"tb", 1e12},
                                Unit{"kib", 0x1p10}, Unit{"mib", 0x1p20}, Unit{"gib", 0x1p30}, Unit{"tib", 0x1p40}};
  for (const auto& [name, size] : units) {
    if (unit == name) return number * size;
  }
  return std::nullopt;
}

MemoryLimit free_memory(const std::string& root) {
  constexpr double bytes_a_kib = 1024.0;
  MemoryLimit limit{unlimited, "that there is"};
  if (const auto available = number_after(std::filesystem::path(root) / "proc/meminfo", "MemAvailable:"))
    limit = {*available * bytes_a_kib, "free on this machine"};
  if (const double left = left_in_groups(root); left < limit.bytes) limit = {left, "left in this control group"};
  return limit;
}

}  // namespace fleetwatt::analysis
