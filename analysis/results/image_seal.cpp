#include "analysis/results/image_seal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "sim/error.hpp"
#include "sim/random_stream.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr std::string_view seal_words = "fleetwatt image ";
constexpr std::size_t seal_bytes = seal_words.size() + 16;
constexpr std::size_t block_bytes = std::size_t{1} << 16;

/// Hash of a file, block by block.
class ImageHash {
 public:
  void add(std::string_view block) { hash_ = sim::mix(hash_, sim::hash_of(block)); }
  [[nodiscard]] std::string seal() const { return fmt::format("{}{:016x}", seal_words, hash_); }

 private:
  std::uint64_t hash_ = 0;
};

}  // namespace

std::string seal_of(std::span<const std::byte> image) {
  ImageHash hash;
  const std::string_view all(reinterpret_cast<const char*>(image.data()), image.size());
  for (std::size_t at = 0; at < all.size(); at += block_bytes) hash.add(all.substr(at, block_bytes));
  return hash.seal();
}

void check_seal(const std::string& name, std::uint64_t size, const BlockReader& read) {
  if (size < seal_bytes) return;
  std::string seal(seal_bytes, '\0');
  read(size - seal_bytes, seal);
  if (!seal.starts_with(seal_words)) return;
  ImageHash hash;
  std::string block;
  for (std::uint64_t at = 0; at < size - seal_bytes; at += block.size()) {
    block.resize(std::min<std::uint64_t>(block_bytes, size - seal_bytes - at));
    read(at, block);
    hash.add(block);
  }
  if (hash.seal() != seal)
    throw sim::IoError(fmt::format("{}: damaged: its bytes are not those that fleetwatt wrote", name));
}

}  // namespace fleetwatt::analysis
