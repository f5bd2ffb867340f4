#include "sim/random_stream.hpp"

namespace fleetwatt::sim {

namespace {

constexpr std::uint32_t multiplier_0 = 0xD2511F53U;
constexpr std::uint32_t multiplier_1 = 0xCD9E8D57U;
constexpr std::uint32_t weyl_0 = 0x9E3779B9U;
constexpr std::uint32_t weyl_1 = 0xBB67AE85U;

std::uint32_t high(std::uint64_t word) {
  return static_cast<std::uint32_t>(word >> 32);
}
std::uint32_t low(std::uint64_t word) {
  return static_cast<std::uint32_t>(word);
}

std::uint64_t finalise(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace

PhiloxCounter philox4x32_10(PhiloxCounter counter, PhiloxKey key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product_0 = std::uint64_t{multiplier_0} * counter[0];
    const std::uint64_t product_1 = std::uint64_t{multiplier_1} * counter[2];
    counter = {high(product_1) ^ counter[1] ^ key[0], low(product_1), high(product_0) ^ counter[3] ^ key[1],
               low(product_0)};
    key[0] += weyl_0;
    key[1] += weyl_1;
  }
  return counter;
}

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return finalise(hash);
}

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  return finalise(a + 0x9E3779B97F4A7C15ULL * (b + 1));
}

double unit_interval(std::uint64_t word) {
  return static_cast<double>(word >> 11) * 0x1.0p-53;
}
double open_unit_interval(std::uint64_t word) {
  return (static_cast<double>(word >> 12) + 0.5) * 0x1.0p-52;
}

RandomStream::RandomStream(std::uint64_t seed, std::string_view entity, std::string_view purpose)
    : key_{low(seed), high(seed)}, stream_(mix(hash_of(entity), hash_of(purpose))) {}

std::uint64_t RandomStream::next_u64() {
  if (left_ == 0) {
    const PhiloxCounter block = philox4x32_10({low(block_), high(block_), low(stream_), high(stream_)}, key_);
    words_ = {(std::uint64_t{block[1]} << 32) | block[0], (std::uint64_t{block[3]} << 32) | block[2]};
    ++block_;
    left_ = 2;
  }
  return words_[static_cast<std::size_t>(2 - left_--)];
}

std::uint64_t RandomStream::below(std::uint64_t count) {
  __extension__ using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(next_u64()) * count;
  if (static_cast<std::uint64_t>(product) < count) {
    const std::uint64_t threshold = (0 - count) % count;
    while (static_cast<std::uint64_t>(product) < threshold) product = static_cast<Wide>(next_u64()) * count;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace fleetwatt::sim
