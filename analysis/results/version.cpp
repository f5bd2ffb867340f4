#include "analysis/results/version.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <fstream>

#include "sim/random_stream.hpp"

namespace fleetwatt::analysis {

std::string_view release() {
  return FLEETWATT_VERSION;
}

std::string build_hash() {
  std::ifstream program("/proc/self/exe", std::ios::binary);
  std::string block(std::size_t{1} << 20, '\0');
  std::uint64_t hash = 0;
  bool is_read = false;
  while (program.read(block.data(), static_cast<std::streamsize>(block.size())), program.gcount() > 0) {
    hash = sim::mix(hash, sim::hash_of(std::string_view(block).substr(0, static_cast<std::size_t>(program.gcount()))));
    is_read = true;
  }
  return is_read ? fmt::format("{:016x}", hash) : "unknown";
}

std::string version_text(std::string_view release, std::string_view commit) {
  return commit.empty() ? std::string(release) : fmt::format("{} (commit {})", release, commit);
}

std::string version() {
  return version_text(release(), commit());
}

}  // namespace fleetwatt::analysis
